"""The platform's pages of feature flags."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.flags import Flag, Rule
from kernel.i18n import N_, _, ngettext
from kernel.plugins import Plugins
from kernel.uow import Database, PlatformWork
from plugins.flags import actions, queries
from plugins.flags.domain import ALL, Arm, Decision, NoSuchFlag, Says, compare
from plugins.flags.forms import DrawForm, NamedShopForm, SharesForm, SwitchForm
from plugins.flags.permissions import EDIT_FLAGS, SEE_FLAGS
from web.formats import Formats
from web.render import formats, page
from web.routing import get, post, redirect

#: Figures are of this time.
DAYS = 90

#: Usual names of variants; what else a plugin calls one is shown as it is.
VARIANTS = {"off": N_("Off"), "on": N_("On")}

SAYS = {
    Says.TOO_LITTLE: (N_("Too few shops to say anything yet."), "", "hourglass"),
    Says.CHANCE: (N_("The difference may well be chance."), "", "scale"),
    Says.BETTER: (N_("More shops reach the goal, and hardly by chance."), "ok", "trending-up"),
    Says.WORSE: (N_("Fewer shops reach the goal, and hardly by chance."), "bad", "trending-down"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A flag of the list; its state in words, with the kind of the badge."""

    flag: Flag
    plugin: str
    state: tuple[str, str]
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Line:
    """One goal of one variant, beside how it was before."""

    variant: str
    goal: str
    met: int
    reached: int
    shops: int
    shops_reached: int
    rate: str
    says: tuple[str, str, str] | None


@get("/platform/flags", platform=True, permission=SEE_FLAGS)
def list_flags(request: Request, work: PlatformWork, database: Database) -> Response:
    decided = queries.decisions(work)
    rows = [
        _row(formats(request), database.plugins, flag, decided.get(flag.name))
        for flag in database.plugins.flags.values()
    ]
    return page(request, "flags/list.html", rows=rows)


@get("/platform/flags/{flag}", platform=True, permission=SEE_FLAGS)
def show_flag(request: Request, work: PlatformWork, database: Database, flag: str) -> Response:
    this = _flag(database.plugins, flag)
    decision = queries.decision(work, flag)
    rule = decision.rule if decision else None
    history = queries.history(work, flag)
    named = rule.shops if rule else {}
    names = queries.names_of(work, named.keys() | {shop for past in history for shop in past.after.shops})
    show = formats(request)
    arms = queries.arms(work, this, (work.now - timedelta(days=DAYS)).date())
    return page(
        request,
        "flags/flag.html",
        flag=this,
        plugin=_plugin(database.plugins, this),
        decision=decision,
        state=_state(show, this, rule),
        shares=(rule or Rule({this.default: ALL})).shares,
        variants=[(variant, words(variant)) for variant in this.variants],
        named=[(shop, names.get(shop, str(shop)), words(variant)) for shop, variant in named.items()],
        lines=list(_lines(show, this, arms)),
        days=DAYS,
        history=[(past, _told(show, this, past.after), _names(names, past.after)) for past in history],
        may_edit=work.actor.may(EDIT_FLAGS.name),
    )


@post("/platform/flags/{flag}/shares", form=SharesForm, platform=True, permission=EDIT_FLAGS, again=show_flag)
def share_out(request: Request, work: PlatformWork, database: Database, flag: str, form: SharesForm) -> Response:
    actions.share_out(work, _flag(database.plugins, flag), form)
    return _back(flag)


@post("/platform/flags/{flag}/kill", form=SwitchForm, platform=True, permission=EDIT_FLAGS, again=show_flag)
def pull_kill_switch(request: Request, work: PlatformWork, database: Database, flag: str, form: SwitchForm) -> Response:
    actions.pull_kill_switch(work, _flag(database.plugins, flag), form.because_switch)
    return _back(flag)


@post("/platform/flags/{flag}/revival", form=SwitchForm, platform=True, permission=EDIT_FLAGS, again=show_flag)
def release_kill_switch(
    request: Request, work: PlatformWork, database: Database, flag: str, form: SwitchForm
) -> Response:
    actions.release_kill_switch(work, _flag(database.plugins, flag), form.because_switch)
    return _back(flag)


@post("/platform/flags/{flag}/shops", form=NamedShopForm, platform=True, permission=EDIT_FLAGS, again=show_flag)
def name_shop(request: Request, work: PlatformWork, database: Database, flag: str, form: NamedShopForm) -> Response:
    actions.name_shop(work, _flag(database.plugins, flag), form)
    return _back(flag)


@post("/platform/flags/{flag}/shops/{shop}/draw", form=DrawForm, platform=True, permission=EDIT_FLAGS, again=show_flag)
def let_draw_again(
    request: Request, work: PlatformWork, database: Database, flag: str, shop: UUID, form: DrawForm
) -> Response:
    actions.let_draw_again(work, _flag(database.plugins, flag), shop, form.because_draw)
    return _back(flag)


def _row(show: Formats, plugins: Plugins, flag: Flag, decision: Decision | None) -> Row:
    return Row(flag, _plugin(plugins, flag), _state(show, flag, decision.rule if decision else None), decision)


def words(variant: str) -> str:
    return _(VARIANTS[variant]) if variant in VARIANTS else variant


def _back(flag: str) -> Response:
    return redirect(f"/platform/flags/{flag}", say=_("Decided. It takes effect within two seconds."))


def _flag(plugins: Plugins, name: str) -> Flag:
    if name not in plugins.flags:
        raise NoSuchFlag
    return plugins.flags[name]


def _plugin(plugins: Plugins, flag: Flag) -> str:
    owner = next(given.plugin for given in plugins.given("flags") if given.value is flag)
    return _(plugins.by_name[owner].manifest.title)


def _state(show: Formats, flag: Flag, rule: Rule | None) -> tuple[str, str]:
    """In words, with the kind of the badge."""
    if rule is None:
        return _("As delivered: {variant}").format(variant=words(flag.default)), ""
    if rule.killed:
        return _("Kill switch on"), "bad"
    return _shares(show, flag, rule), "ok" if _is_clear(rule) else "info"


def _is_clear(rule: Rule) -> bool:
    return ALL in rule.shares.values()


def _shares(show: Formats, flag: Flag, rule: Rule) -> str:
    if _is_clear(rule):
        return words(next(variant for variant, share in rule.shares.items() if share == ALL))
    given = [(variant, rule.shares.get(variant, 0)) for variant in flag.variants]
    if flag.is_switch:
        return _("On for {share}").format(share=show.percent(rule.shares.get("on", 0)))
    return " · ".join(f"{words(variant)} {show.percent(share)}" for variant, share in given)


def _told(show: Formats, flag: Flag, rule: Rule) -> str:
    state = _("Kill switch on") if rule.killed else _shares(show, flag, rule)
    count = len(rule.shops)
    named = ngettext("{count} named shop", "{count} named shops", count).format(count=show.number(count))
    return f"{state} · {named}" if count else state


def _names(names: dict[UUID, str], rule: Rule) -> str:
    return _(", ").join(f"{names.get(shop, shop)}: {words(variant)}" for shop, variant in rule.shops.items())


def _lines(show: Formats, flag: Flag, arms: list[Arm]) -> list[Line]:
    """Without a goal, at least how often each variant was met."""
    return [_line(show, flag, arms[0], arm, goal) for arm in arms for goal in (flag.goals or {"": ""})]


def _line(show: Formats, flag: Flag, before: Arm, arm: Arm, goal: str) -> Line:
    reached = arm.reached(goal)
    says = None
    if goal and arm is not before:
        sentence, kind, icon = SAYS[compare(before, arm, goal, variants=len(flag.variants))]
        says = _(sentence), kind, icon
    return Line(
        variant=words(arm.variant),
        goal=_(flag.goals[goal]) if goal else "",
        met=arm.met,
        reached=reached.count,
        shops=arm.shops,
        shops_reached=reached.shops,
        rate=show.percent(round(Decimal(ALL * reached.count) / arm.met, 1)) if arm.met else "–",
        says=says,
    )
