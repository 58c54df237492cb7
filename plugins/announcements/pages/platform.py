"""The platform's pages of announcements: written, published, withdrawn, and how far they came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from kernel.calendars import Calendar
from kernel.i18n import _
from kernel.uow import PlatformWork
from plugins.announcements import actions, queries
from plugins.announcements.domain import LANGUAGES, Announcement, Severity, Stage, Words
from plugins.announcements.forms import AnnouncementForm, BeginQuery, TemplateForm, WithdrawalForm
from plugins.announcements.pages.shown import POSTS, SEVERITIES, STAGES, STATES, named
from plugins.announcements.permissions import ANNOUNCE, SEE_ANNOUNCEMENTS
from plugins.pricing import public as pricing
from plugins.tenants import public as tenants
from web.formats import Formats
from web.listing import Listing
from web.render import page
from web.routing import get, post, redirect

HOME = "/platform/announcements"

CALENDARS = {"en": Calendar.GREGORIAN, "fa": Calendar.JALALI}


@get("/platform/announcements", platform=True, permission=SEE_ANNOUNCEMENTS)
def list_announcements(request: Request, work: PlatformWork) -> Response:
    listing = Listing.of(request, sorts=("-created",), filters=("stage",))
    found = queries.newest(work, listing.filter("stage"), offset=listing.offset, limit=listing.limit)
    reach = queries.reach(work, found.rows)
    return page(
        request,
        "announcements/list.html",
        block="list",
        listing=listing.counted(found.total),
        rows=[(one, one.words[_language(request)].title, one.stage(work.now), reach[one.id]) for one in found.rows],
        stages=STAGES,
        stage_choices=[(stage.value, _(words)) for stage, (words, _kind) in STAGES.items()],
        severities=SEVERITIES,
        may_announce=work.actor.may(ANNOUNCE.name),
    )


@get("/platform/announcements/new", platform=True, permission=ANNOUNCE, query=BeginQuery)
def new_announcement(request: Request, work: PlatformWork, query: BeginQuery | None) -> Response:
    """`query` is missing where the form is shown again: what was typed stands in it then."""
    known = [named(template) for template in queries.all_templates(work)]
    begun = next((one for one in known if query is not None and str(one.id) == query.template), None)
    severity = begun.severity if begun else Severity.INFO
    return page(
        request,
        "announcements/new.html",
        templates=known,
        announcement=None,
        severity=severity,
        words=begun.words if begun else {code: Words("", "") for code in LANGUAGES},
        times={"begins": None, "ends": None},
        shops="",
        **_choices(work),
    )


@post("/platform/announcements", form=AnnouncementForm, platform=True, permission=ANNOUNCE, again=new_announcement)
def write_announcement(request: Request, work: PlatformWork, form: AnnouncementForm) -> Response:
    written = actions.draft(work, form)
    return redirect(f"{HOME}/{written.id}", say=_("Saved as a draft. Nobody is told yet."))


@get("/platform/announcements/templates", platform=True, permission=SEE_ANNOUNCEMENTS)
def list_templates(request: Request, work: PlatformWork) -> Response:
    return page(
        request,
        "announcements/templates.html",
        templates=[named(template) for template in queries.all_templates(work)],
        severities=SEVERITIES,
        may_announce=work.actor.may(ANNOUNCE.name),
    )


@post("/platform/announcements/templates/{template}/removal", platform=True, permission=ANNOUNCE)
def remove_template(request: Request, work: PlatformWork, template: UUID) -> Response:
    actions.drop_template(work, template)
    return redirect(f"{HOME}/templates", say=_("The template is gone."))


@get("/platform/announcements/{announcement}", platform=True, permission=SEE_ANNOUNCEMENTS)
def show_announcement(request: Request, work: PlatformWork, announcement: UUID) -> Response:
    one = queries.announcement(work, announcement)
    return page(
        request,
        "announcements/announcement.html",
        announcement=one,
        title=one.words[_language(request)].title,
        stage=one.stage(work.now),
        stages=STAGES,
        severities=SEVERITIES,
        posts=POSTS,
        targets=_targets(work, one),
        times=_times(request, one),
        previews=[_preview(one, code) for code in LANGUAGES],
        reach=queries.reach(work, [one])[one.id],
        shops=queries.by_shop(work, one.id),
        may_announce=work.actor.may(ANNOUNCE.name),
    )


@get("/platform/announcements/{announcement}/change", platform=True, permission=ANNOUNCE)
def change_announcement(request: Request, work: PlatformWork, announcement: UUID) -> Response:
    one = queries.announcement(work, announcement)
    return page(
        request,
        "announcements/change.html",
        announcement=one,
        severity=one.severity,
        words=one.words,
        times={
            "begins": one.begins_at.astimezone(ZoneInfo(one.zone)) if one.begins_at else None,
            "ends": one.ends_at.astimezone(ZoneInfo(one.zone)) if one.ends_at else None,
        },
        shops=" ".join(queries.shop_slugs(work, one.targets.shops)),
        **_choices(work),
    )


@post(
    "/platform/announcements/{announcement}/change",
    form=AnnouncementForm,
    platform=True,
    permission=ANNOUNCE,
    again=change_announcement,
)
def rewrite_announcement(request: Request, work: PlatformWork, announcement: UUID, form: AnnouncementForm) -> Response:
    actions.rewrite(work, announcement, form)
    return redirect(f"{HOME}/{announcement}", say=_("Saved."))


@post("/platform/announcements/{announcement}/publication", platform=True, permission=ANNOUNCE, again=show_announcement)
def publish_announcement(request: Request, work: PlatformWork, announcement: UUID) -> Response:
    published = actions.publish(work, announcement)
    said = _("Published: it is on their pages within two seconds.")
    if published.stage(work.now) is Stage.SCHEDULED:
        said = _("Published: it begins by itself.")
    return redirect(f"{HOME}/{announcement}", say=said)


@post(
    "/platform/announcements/{announcement}/withdrawal",
    form=WithdrawalForm,
    platform=True,
    permission=ANNOUNCE,
    again=show_announcement,
)
def withdraw_announcement(request: Request, work: PlatformWork, announcement: UUID, form: WithdrawalForm) -> Response:
    actions.withdraw(work, announcement, form.because)
    return redirect(f"{HOME}/{announcement}", say=_("Withdrawn: it is gone from all pages."))


@post("/platform/announcements/{announcement}/removal", platform=True, permission=ANNOUNCE, again=show_announcement)
def drop_announcement(request: Request, work: PlatformWork, announcement: UUID) -> Response:
    actions.drop(work, announcement)
    return redirect(HOME, say=_("The draft is gone."))


@post("/platform/announcements/{announcement}/copy", platform=True, permission=ANNOUNCE)
def copy_announcement(request: Request, work: PlatformWork, announcement: UUID) -> Response:
    again = actions.write_again(work, announcement)
    return redirect(f"{HOME}/{again.id}/change", say=_("Here is a new draft with the same text."))


@post(
    "/platform/announcements/{announcement}/template",
    form=TemplateForm,
    platform=True,
    permission=ANNOUNCE,
    again=show_announcement,
)
def keep_template(request: Request, work: PlatformWork, announcement: UUID, form: TemplateForm) -> Response:
    actions.keep_as_template(work, announcement, form.name)
    return redirect(f"{HOME}/templates", say=_("Kept as a template."))


def _language(request: Request) -> str:
    language: str = request.state.view.language
    return language if language in LANGUAGES else LANGUAGES[0]


def _choices(work: PlatformWork) -> dict[str, Any]:
    """What the form offers."""
    return {
        "severities": [(severity.value, _(words), icon) for severity, (words, _kind, icon) in SEVERITIES.items()],
        "posts": [(post_.value, _(words)) for post_, words in POSTS.items()],
        "plans": [(plan.name, _(plan.title)) for plan in tenants.plans(work)],
        "markets": list(_markets().items()),
        "states": list(_states().items()),
    }


def _targets(work: PlatformWork, one: Announcement) -> list[tuple[str, str]]:
    """Whom it concerns, in words; nothing for every shop."""
    plans = {plan.name: _(plan.title) for plan in tenants.plans(work)}
    named: list[tuple[str, list[str]]] = [
        (_("Plans"), [plans.get(plan, plan) for plan in one.targets.plans]),
        (_("Markets"), [_markets().get(market, market) for market in one.targets.markets]),
        (_("States"), [_states().get(state, state) for state in one.targets.states]),
        (_("Shops"), queries.shop_slugs(work, one.targets.shops)),
    ]
    return [(kind, _(", ").join(names)) for kind, names in named if names]


def _markets() -> Mapping[str, str]:
    return {code: _(pricing.market(code).name) for code in pricing.market_codes()}


def _states() -> Mapping[str, str]:
    return {state.value: _(words) for state, words in STATES.items()}


def _times(request: Request, one: Announcement) -> tuple[str, str]:
    """In the zone in which they were typed."""
    view = request.state.view
    show = Formats(view.language, view.calendar, ZoneInfo(one.zone), view.now)
    return _moment(show, one.begins_at), _moment(show, one.ends_at)


def _moment(show: Formats, at: datetime | None) -> str:
    return show.datetime(at) if at else ""


def _preview(one: Announcement, code: str) -> dict[str, Any]:
    """As a shop that speaks this language sees it, in the zone of the announcement."""
    now = one.begins_at or one.created_at
    show = Formats(code, CALENDARS[code], ZoneInfo(one.zone), now)
    return {
        "language": code,
        "direction": "rtl" if code == "fa" else "ltr",
        "words": one.words[code],
        "until": _moment(show, one.ends_at),
    }
