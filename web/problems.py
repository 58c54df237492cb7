"""Refusals and faults as answers: a page for people, `application/problem+json` (RFC 9457) for programs.

The page says what is wrong, what to do now and where to go on; it stands in the frame of whoever looks. Where even that
page cannot be made, a page without templates says the same.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from difflib import SequenceMatcher
from html import escape
from urllib.parse import quote, urlsplit
from uuid import UUID

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from kernel import faults
from kernel.contributions import Entry
from kernel.errors import BadInput, GoldsmithError, NotAllowed, NotSignedIn, TryLater
from kernel.i18n import N_, _, direction, language, ngettext, speaking
from kernel.ids import new_id
from kernel.maintenance import Maintenance
from web import proof
from web.bearer import challenge
from web.guard import ForeignRequest
from web.proof import ProveYourself
from web.render import page, say, wants_part
from web.routing import is_ours
from web.view import LANGUAGES, View

log = logging.getLogger(__name__)

#: Says to the next page that a form was not taken: js/draft.js fills in again what was typed.
DRAFT_COOKIE = "draft"
DRAFT_KEPT_S = 900
#: Nothing is wrong with the form; the same may be sent again.
KEEPS_DRAFT = (NotSignedIn, ProveYourself, ForeignRequest, TryLater)
#: A page that waits looks again by itself.
LOOKS_AGAIN_S = 10
MOST_NEAREST = 4

_TITLES = {
    400: N_("Something in this request is not right"), 401: N_("Please sign in"), 403: N_("This is not open to you"),
    404: N_("Not found"), 405: N_("This is not a page"), 409: N_("Somebody was faster"),
    413: N_("This is too large"), 422: N_("This does not work"), 429: N_("A little slower, please"),
    500: N_("Sorry, this broke"), 503: N_("One moment, please"),
    "closed": N_("Closed for maintenance"),
    "foreign_request": N_("Please load the page again"), "shop_closed": N_("This shop can only be read"),
}  # fmt: skip
_ADVICE = {
    404: N_("The address may be mistyped, or what stood there was removed."),
    405: N_("You probably came back to an address that only a form can use. Go on from one of these pages."),
    409: N_("Load the page again to see how things stand now."),
    500: N_("We have a note of it. Please try again in a moment."),
    503: N_("This page looks again by itself."),
    "not_allowed": N_("The owner of your shop decides what each role may do, and can give it to you."),
    "not_allowed_platform": N_("Another administrator of this installation can give it to you."),
    "foreign_request": N_("What you typed is filled in again."),
    "shop_closed": N_("Whoever runs this installation can open it again."),
}
_SIGNS = {
    401: "key", 403: "lock", 404: "search", 405: "link", 409: "users", 429: "hourglass", 500: "unplug",
    503: "hourglass",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """What the page of a refusal or a fault says. `again` is the address to try once more."""

    status: int
    title: str
    sentence: str
    advice: str = ""
    sign: str = "circle-alert"
    fields: Mapping[str, str] = field(default_factory=dict)
    error_id: str = ""
    again: str = ""
    nearest: Sequence[Entry] = ()
    #: Language, its direction, title and sentence, for who does not read the first.
    in_other_languages: Sequence[tuple[str, str, str, str]] = ()


class Closed(TryLater):
    """Maintenance: nobody is let in. When it takes longer than announced, that is said, and when to look again."""

    def __init__(self, until: datetime, now: datetime, because: str = "") -> None:
        left_s = int((until - now).total_seconds())
        said = [_("Goldsmith is being looked after, and will be back soon. Nothing was changed.")]
        if because:
            # In the operator's language, whatever the reader's is.
            said.append(f"\u2068{because}\u2069")
        said.append(_back(left_s))
        super().__init__(" ".join(said))
        # Whoever comes back too early is told again; a page that waits looks more often.
        self.retry_after_s = max(left_s, 30)


def closed(request: Request, maintenance: Maintenance, now: datetime) -> Response:
    """The answer to everything during maintenance."""
    refusal = Closed(maintenance.until, now, maintenance.because)
    title, others = _TITLES["closed"], []
    for code, _name in LANGUAGES:
        if code != language():
            with speaking(code):
                others.append((code, direction(code), _(title), str(Closed(maintenance.until, now))))
    return refused(request, refusal, others)


def refused(
    request: Request, refusal: GoldsmithError, in_other_languages: Sequence[tuple[str, str, str, str]] = ()
) -> Response:
    """The house said no, and why."""
    if refusal.status >= 500 and not isinstance(refusal, Closed):
        log.warning("refused: %s", refusal, exc_info=refusal.__cause__)
    if _for_program(request):
        response = _as_json(refusal)
        if isinstance(refusal, NotSignedIn):
            response.headers["WWW-Authenticate"] = challenge(refusal)
    elif isinstance(refusal, NotSignedIn):
        response = _by_way_of("/login", request, refusal)
    elif isinstance(refusal, ProveYourself):
        view: View = request.state.view
        response = _by_way_of(f"{'/platform' if view.platform else ''}{proof.ADDRESS}", request, refusal)
    elif wants_part(request):
        response = _toast(request, _in_short(refusal), refusal.status)
    else:
        problem = _problem_of(request, refusal)
        response = _page(request, replace(problem, in_other_languages=in_other_languages))
        if refusal.status == 503 and request.method == "GET":
            response.headers["Refresh"] = str(LOOKS_AGAIN_S)
    if refusal.retry_after_s is not None:
        response.headers["Retry-After"] = str(refusal.retry_after_s)
    if isinstance(refusal, KEEPS_DRAFT) and request.method != "GET" and not _for_program(request):
        # Not for the server: the script of the next page reads it.
        response.set_cookie(DRAFT_COOKIE, "kept", max_age=DRAFT_KEPT_S, path="/", samesite="lax")
    return response


def fault(request: Request, error: BaseException, *, shop: UUID | None = None) -> Response:
    """Something broke. The person gets an id to tell us; the log and the book of faults have it under the same id."""
    number = new_id()
    error_id = str(number)
    # The path of the route, not the address: that may hold a token, as of an invitation.
    path = getattr(request.scope.get("route"), "path", "") or "web"
    log.error("fault %s at %s %s", error_id, request.method, path, exc_info=error)
    _note(request, error, number, shop)
    sentence = _("Something went wrong on our side. Nothing was changed.")
    if _for_program(request):
        return _json(500, "fault", sentence, error_id=error_id)
    if wants_part(request):
        return _toast(request, f"{sentence} ({error_id})", 500)
    again = _address(request) if request.method == "GET" else _page_before(request)
    return _page(
        request,
        Problem(500, _(_TITLES[500]), sentence, _(_ADVICE[500]), _SIGNS[500], error_id=error_id, again=again),
    )


def _note(request: Request, error: BaseException, number: UUID, shop: UUID | None) -> None:
    """In the book of faults, where there is an installation that keeps one."""
    house = getattr(request.app.state, "house", None)
    if house is not None:
        place = getattr(request.scope.get("route"), "name", "") or "web"
        asked = request.scope.get("request_id", "")
        faults.note(house.database, "page", place, error, number=number, shop=shop, request=asked)


def last_resort(problem: Problem) -> Response:
    """The page of a problem, made of nothing that could be broken."""
    parts = [
        f"<!doctype html><html lang={language()} dir={direction(language())}><meta charset=utf-8>",
        "<meta name=viewport content='width=device-width'>",
        f"<title>{escape(problem.title)}</title><h1>{escape(problem.title)}</h1><p>{escape(problem.sentence)}</p>",
        f"<p><code>{escape(problem.error_id)}</code></p>" if problem.error_id else "",
        f"<p><a href='/'>{escape(_('To the start page'))}</a></p></html>",
    ]
    return HTMLResponse("".join(parts), problem.status)


def nearest(view: View, path: str) -> list[Entry]:
    """Pages of this person that the address could have meant, the most like it first."""
    wanted = path.strip("/").lower()
    if not wanted:
        return []

    def likeness(entry: Entry) -> float:
        known = entry.path.strip("/").lower()
        if known and (wanted == known or wanted.startswith(f"{known}/")):
            return 1.0
        return SequenceMatcher(None, wanted.split("/")[0], known.split("/")[0]).ratio()

    others = [entry for entry in (*view.navigation, *view.menu) if entry.path != path]
    return [entry for entry in sorted(others, key=likeness, reverse=True) if likeness(entry) > 0.6][:MOST_NEAREST]


def _problem_of(request: Request, refusal: GoldsmithError) -> Problem:
    view: View = request.state.view
    status, code = refusal.status, refusal.code()
    advice = _ADVICE.get(f"{code}_platform" if view.platform and isinstance(refusal, NotAllowed) else code)
    if isinstance(refusal, KEEPS_DRAFT) and request.method != "GET":
        advice = _ADVICE["foreign_request"]
    again = ""
    if status in (409, 429, 503) or isinstance(refusal, ForeignRequest):
        again = _address(request) if request.method == "GET" else _page_before(request)
    return Problem(
        status=status,
        title=_(_TITLES.get(code) or _TITLES.get(status, _TITLES[400])),
        sentence=str(refusal),
        advice=_wait(refusal.retry_after_s) if status == 429 else _(advice or _ADVICE.get(status, "")),
        sign=_SIGNS.get(status, "circle-alert"),
        fields=refusal.fields if isinstance(refusal, BadInput) else {},
        again=again,
        nearest=nearest(view, request.url.path) if status in (404, 405) else (),
    )


def _back(left_s: int) -> str:
    if left_s <= 0:
        return _("It takes a little longer than expected.")
    minutes = -(-left_s // 60)
    if minutes < 90:
        return ngettext(
            "We expect to be back in {minutes} minute.", "We expect to be back in {minutes} minutes.", minutes
        ).format(minutes=minutes)
    hours = round(minutes / 60)
    return ngettext(
        "We expect to be back in about {hours} hour.", "We expect to be back in about {hours} hours.", hours
    ).format(hours=hours)


def _wait(seconds: int | None) -> str:
    if seconds is None:
        return ""
    if seconds < 60:
        return ngettext("Try again in {seconds} second.", "Try again in {seconds} seconds.", seconds).format(
            seconds=seconds
        )
    minutes = -(-seconds // 60)
    return ngettext("Try again in {minutes} minute.", "Try again in {minutes} minutes.", minutes).format(
        minutes=minutes
    )


def _page(request: Request, problem: Problem) -> Response:
    try:
        return page(request, "error.html", status=problem.status, problem=problem)
    except Exception:
        log.exception("the page of a problem could not be made")
        return last_resort(problem)


def _toast(request: Request, sentence: str, status: int) -> Response:
    try:
        return say(request, sentence, status=status)
    except Exception:
        log.exception("the sentence of a problem could not be shown")
        return Response(status_code=204)


def _in_short(refusal: GoldsmithError) -> str:
    """For a fragment, where there is no page to put the sentences on."""
    sentence = " ".join(dict.fromkeys(refusal.fields.values())) if isinstance(refusal, BadInput) else str(refusal)
    return f"{sentence} {_wait(refusal.retry_after_s)}" if refusal.status == 429 else sentence


def _as_json(refusal: GoldsmithError) -> Response:
    more: dict[str, object] = {}
    if isinstance(refusal, BadInput) and refusal.fields:
        more["fields"] = refusal.fields
    if isinstance(refusal, NotAllowed):
        more["permission"] = refusal.permission
    return _json(refusal.status, refusal.code(), str(refusal), **more)


def _json(status: int, code: str, sentence: str, **more: object) -> Response:
    body = {"type": f"urn:goldsmith:problem:{code}", "title": sentence, "status": status, **more}
    return Response(json.dumps(body, ensure_ascii=False), status, media_type="application/problem+json")


def _for_program(request: Request) -> bool:
    return request.url.path.startswith("/api/") or request.headers.get("accept", "").startswith("application/json")


def _by_way_of(page: str, request: Request, refusal: GoldsmithError) -> Response:
    """To the page that helps, and back to where one was; a fragment cannot hold that page, so htmx loads it whole."""
    is_htmx = bool(request.headers.get("hx-request"))
    if is_htmx:
        wanted = _within(request, request.headers.get("hx-current-url", ""))
    elif request.method == "GET":
        wanted = _address(request)
    else:
        wanted = _page_before(request)
    way = f"{page}?next={quote(wanted, safe='/')}"
    if is_htmx:
        return Response(status_code=refusal.status, headers={"HX-Redirect": way})
    return RedirectResponse(way, status_code=303)


def _address(request: Request) -> str:
    """Where one is, unless it is written so that a link to it would lead away: `//evil.example`."""
    here = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    return here if is_ours(here) else "/"


def _page_before(request: Request) -> str:
    """The page whose form was sent, so that one can go on there."""
    return _within(request, request.headers.get("referer", ""))


def _within(request: Request, url: str) -> str:
    """The path of one of our own pages; the start page for any other."""
    found = urlsplit(url)
    path = f"{found.path}?{found.query}" if found.query else found.path
    return path if found.netloc == request.headers.get("host") and is_ours(path) else "/"
