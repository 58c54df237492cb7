"""The pages of docs/reference that are made from the code; a test fails when a page and the code differ."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Callable, Iterable
from typing import cast, get_type_hints

from starlette.routing import Route as Address

from kernel import errors, hooks
from kernel.contributions import Permission, Route, Scope
from kernel.events import Event, Subscription
from kernel.gate import RULES
from kernel.jobs import job_of
from kernel.plugins import Plugins
from kernel.tenancy import Allows, ShopState
from kernel.uow import Database
from plugins.tenants.public import WAYS
from web.app import build
from web.house import House

#: The house's own addresses that ask for something after all.
_OWN = {
    "/live": "which topics changed in one's own shop; nothing for others",
    "/metrics": "whoever shows `METRICS_TOKEN`",
}
_MEANT_FOR = {
    Scope.PUBLIC: "anybody",
    Scope.SHOP: "everybody who is signed in to the shop",
    Scope.PLATFORM: "everybody who is signed in to the platform",
}
_IN_A_SHOP = ("owner", "manager", "employee")
_PEOPLE = (*_IN_A_SHOP, "platform", "anybody")

NOTE = "<!-- Made from the code by `goldsmith docs`. Change the code, not this page. -->\n"


def pages(plugins: Plugins) -> dict[str, str]:
    """File name → content of every generated page."""
    made: dict[str, Callable[[Plugins], str]] = {
        "hooks.md": _hooks,
        "events.md": _events,
        "jobs.md": _jobs,
        "permissions.md": _permissions,
        "settings.md": _settings,
        "errors.md": _errors,
        "routes.md": _routes,
        "isolation.md": _isolation,
        "who-may.md": _who_may,
        "shop-states.md": _shop_states,
    }
    return {name: NOTE + make(plugins) for name, make in made.items()}


def _hooks(_plugins: Plugins) -> str:
    told = []
    for name, hook in vars(hooks).items():
        if getattr(hook, "goldsmith_spec", None) is not None:
            answer = str(inspect.signature(hook).return_annotation)
            told.append(f"## `{name}() -> {answer}`\n\n{inspect.getdoc(hook)}\n")
    return _page("Hooks", inspect.getdoc(hooks) or "", "\n".join(told))


def _events(plugins: Plugins) -> str:
    listeners: dict[str, list[str]] = {}
    for given in plugins.given("subscriptions"):
        heard: Subscription = given.value.__subscription__
        when = "after commit" if heard.after_commit else "in the same transaction"
        listeners.setdefault(heard.event.__name__, []).append(f"- heard by {given.plugin}, {when}")
    told = []
    for name, event in sorted(Event.known.items()):
        if not _is_ours(event, plugins):
            continue
        hints = get_type_hints(event)
        rows = [(f"`{one.name}`", f"`{_type(hints[one.name])}`") for one in dataclasses.fields(event)]  # type: ignore[arg-type]
        heard_by = "\n".join(listeners.get(name, ["- heard by nobody yet"]))
        told.append(f"## {name}\n\n{inspect.getdoc(event)}\n\n{_table(('field', 'type'), rows)}\n{heard_by}\n")
    return _page("Events", "Facts that plugins tell each other. Fields are added with defaults, never renamed.", *told)


def _jobs(plugins: Plugins) -> str:
    crons = {schedule.work: schedule.cron for _plugin, schedule in plugins.schedules()}
    rows = []
    for given in plugins.given("jobs"):
        job = job_of(given.value)
        rows.append((f"`{job.name}`", given.plugin, job.title, job.queue, str(job.tries), crons.get(given.value, "")))
    table = _table(("job", "plugin", "what it does", "queue", "tries", "schedule (shop's zone)"), sorted(rows))
    return _page("Jobs and schedules", "Work that is done later, each in a transaction of its shop.", table)


def _permissions(plugins: Plugins) -> str:
    rows = []
    for given in plugins.given("permissions"):
        permission: Permission = given.value
        rows.append((f"`{permission.name}`", given.plugin, permission.title, ", ".join(permission.roles)))
    return _page(
        "Permissions", "What a role may do unless the shop decides otherwise.",
        _table(("permission", "plugin", "what it allows", "roles"), sorted(rows)),
    )  # fmt: skip


def _settings(plugins: Plugins) -> str:
    rows = [
        (f"`{given.value.name}`", given.plugin, given.value.title, given.value.help, f"`{given.value.default!r}`")
        for given in plugins.given("settings")
    ]
    table = _table(("setting", "plugin", "title", "what it decides", "default"), sorted(rows))
    return _page("Settings of a shop", "Read with `uow.setting(…)`, changed with `uow.choose(…)`.", table)


def _errors(plugins: Plugins) -> str:
    rows = [
        (f"`{error.code()}`", str(error.status), _when(error), _home(error))
        for error in _below(errors.GoldsmithError)
        if _is_ours(error, plugins)
    ]
    table = _table(("code", "status", "when", "where"), sorted(set(rows)))
    lead = "The API answers problem+json; `type` ends with the code. People see the sentence of the error itself."
    return _page("Error codes", lead, table)


def _routes(plugins: Plugins) -> str:
    rows = []
    for given in plugins.given("routes"):
        route: Route = given.value
        who = route.permission.name if route.permission else "anybody"
        if route.permission is None and route.scope is not Scope.PUBLIC:
            who = "everybody signed in"
        rows.append((route.path, route.method, f"{given.plugin}.{route.name}", str(route.scope), f"`{who}`"))
    table = _table(("path", "method", "name", "scope", "who"), [(f"`{path}`", *rest) for path, *rest in sorted(rows)])
    return _page("Routes", "Every address, and who may use it.", table)


def _who_may(plugins: Plugins) -> str:
    """Every route by every kind of person: what a review of rights reads."""
    rows = []
    for given in plugins.given("routes"):
        route: Route = given.value
        what = route.permission.title if route.permission else _MEANT_FOR[route.scope]
        marks = tuple("✓" if who in _who(route) else "" for who in _PEOPLE)
        rows.append((f"`{route.path}`", route.method, given.plugin, what, *marks))
    house = House(cast(Database, None), plugins, "localhost", production=True, threads=1, ready=list)
    ours = [one for one in build(house).routes if isinstance(one, Address) and "." not in one.name]
    everybody = ("✓",) * len(_PEOPLE)
    rows += [(f"`{one.path}`", "GET", "web", _OWN.get(one.path, "anybody"), *everybody) for one in ours]
    lead = (
        "Every address, and who gets there until the owner of a shop decides otherwise (`/users/roles`). A role "
        "without a mark is refused (403); people of a shop and of the platform do not find each other's pages (404); "
        "who is not signed in is shown the door. `/static` is anybody's, too."
    )
    head = ("address", "method", "plugin", "permission", *(str(who) for who in _PEOPLE))
    return _page("Who may what", lead, _table(head, sorted(rows)))


def _who(route: Route) -> tuple[str, ...]:
    match route.scope:
        case Scope.PUBLIC:
            return _PEOPLE
        case Scope.PLATFORM:
            by_right = route.permission is None or "platform_admin" in route.permission.roles
            return ("platform",) if by_right else ()
        case Scope.SHOP:
            return _IN_A_SHOP if route.permission is None else route.permission.roles


def _shop_states(_plugins: Plugins) -> str:
    names = [one.name for one in dataclasses.fields(Allows)]
    rows = [(f"`{state}`", *("✓" if getattr(state.allows, name) else "" for name in names)) for state in ShopState]
    table = _table(("state", *(name.replace("_", " ") for name in names)), rows)
    ways = [
        (f"`{step}`", ", ".join(f"`{state}`" for state in ShopState if state in way.since), _leads_to(way.to))
        for step, way in WAYS.items()
    ]
    told = _table(("step", "from", "to"), ways)
    return _page("States of a shop", inspect.getdoc(Allows) or "", table, f"## From state to state\n\n{told}")


def _leads_to(state: ShopState | None) -> str:
    return f"`{state}`" if state else "what it was before"


def _isolation(_plugins: Plugins) -> str:
    lead = (
        "Questions to the catalogue that must have no answer (`kernel/gate.py`). Readiness asks them, and so do tests."
    )
    return _page("The isolation gate", lead, "\n".join(f"- {rule}" for rule in RULES))


def _page(title: str, lead: str, *parts: str) -> str:
    return f"# {title}\n\n{lead}\n\n" + "\n".join(parts).rstrip() + "\n"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def _below(kind: type[errors.GoldsmithError]) -> Iterable[type[errors.GoldsmithError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


def _when(kind: type[errors.GoldsmithError]) -> str:
    """The sentence the person reads, else the first line of the class's own docstring."""
    own = vars(kind)
    sentence = (
        re.search(r'_\(\s*"((?:[^"\\]|\\.)*)"', inspect.getsource(own["__init__"])) if "__init__" in own else None
    )
    return sentence[1] if sentence else (own.get("__doc__") or "").split("\n")[0]


def _home(kind: type) -> str:
    return ".".join(kind.__module__.split(".")[:2])


def _is_ours(kind: type, plugins: Plugins) -> bool:
    top, *rest = kind.__module__.split(".")
    return top in ("kernel", "web", "adapters") or (top == "plugins" and rest[0] in plugins.by_name)


def _type(hint: object) -> str:
    return (
        hint.__name__ if isinstance(hint, type) and not hasattr(hint, "__args__") else str(hint).replace("typing.", "")
    )
