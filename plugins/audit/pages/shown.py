"""The trail in words: as both explorers, their files, and the page of one entry show it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.contributions import Scope
from kernel.digits import latin
from kernel.i18n import _, ngettext
from kernel.plugins import Plugins
from kernel.uow import Executes
from plugins.audit import queries
from plugins.audit.domain.words import (
    ACTIONS,
    KINDS,
    OUTCOMES,
    TABLES,
    action_words,
    called_alike,
    outcome_words,
    sign_words,
    table_words,
)
from plugins.audit.queries import SUSPICIOUS, Change, Entry, Touched, Trail, Wanted
from web.formats import Formats
from web.listing import MOST_EXPORTED, Listing
from web.period import PERIOD, Period
from web.render import formats
from web.spreadsheet import spreadsheet

FILTERS = ("text", "person", "action", "outcome", "about", "row", *PERIOD)
LONGEST_VALUE = 300
#: Changes without an entry that the explorer names.
SOME_UNSEALED = 20


@dataclass(frozen=True, slots=True)
class Row:
    """An entry of the list."""

    number: int
    at: datetime
    who: str
    subject: str
    what: str
    touched: tuple[str, ...]
    address: str
    outcome: tuple[str, str, str]
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One row of a table as the page of an entry shows it: each field before and after."""

    about: str
    table: str
    row: str
    kind: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the list, and where the next older one is."""

    rows: tuple[Row, ...]
    older: str
    is_newest: bool


def found(request: Request, work: Executes, plugins: Plugins, trail: Trail, listing: Listing, zone: str) -> Found:
    wanted = wanted_by(request, listing, zone)
    entries = queries.newest(work, trail, wanted, limit=listing.limit + 1)
    shown = entries[: listing.limit]
    is_last = len(entries) == len(shown)
    older = "" if is_last else f"{listing.path}?{urlencode({**listing.filters, 'before': shown[-1].number})}"
    return Found(rows_of(work, plugins, trail, shown, formats(request)), older, wanted.before is None)


def rows_of(work: Executes, plugins: Plugins, trail: Trail, entries: Sequence[Entry], show: Formats) -> tuple[Row, ...]:
    touched = queries.touched(work, trail, entries)
    return tuple(_row(plugins, show, one, touched.get(one.id, [])) for one in entries)


def exported(request: Request, work: Executes, plugins: Plugins, trail: Trail, listing: Listing, zone: str) -> Response:
    """Each entry as often as it changed rows: with words for people, and names and values as they are."""
    headings = (
        _("Number"), _("When"), _("Person"), _("In whose account"), _("What"), _("Name of it"), _("Outcome"), _("From"),
        _("Request"), _("About"), _("Row"), _("Kind"), _("Before"), _("After"), _("Details"),
    )  # fmt: skip
    show = formats(request).plain
    wanted = wanted_by(request, listing, zone)
    lines = queries.with_changes(work, trail, wanted, limit=MOST_EXPORTED)
    return spreadsheet("audit", headings, (_line(plugins, show, entry, change) for entry, change in lines))


def wanted_by(request: Request, listing: Listing, zone: str) -> Wanted:
    """As the address asks."""
    since, until = Period.of(listing.filters).moments(zone)
    asked = listing.filter
    return Wanted(
        text=latin(asked("text")),
        person=_id(asked("person")),
        actions=called_alike(asked("action")) if asked("action") else (),
        outcome=asked("outcome") if asked("outcome") in (*OUTCOMES, SUSPICIOUS) else "",
        about=asked("about"),
        row=asked("row"),
        since=since,
        until=until,
        before=_number(request.query_params.get("before", "")),
    )


def checked(work: Executes, trail: Trail) -> dict[str, Any]:
    """What the last check found, with some of the changes that belong to no entry."""
    check = queries.last_check(work, trail)
    loose = queries.unsealed(work, trail, limit=SOME_UNSEALED) if check and check.unsealed else []
    return {"check": check, "unsealed": [_shown(change) for change in loose]}


def choices(plugins: Plugins, trail: Trail) -> dict[str, Any]:
    """What the filters offer: the same words once, and to the platform nothing that only people of a shop do."""
    elsewhere = _only_in_shops(plugins) if trail is queries.PLATFORM else frozenset()
    offered: dict[str, str] = {}
    for action, words in ACTIONS.items():
        if action.partition(".")[0] in plugins.by_name and action not in elsewhere:
            offered.setdefault(_(words), action)
    return {
        "actions": [(action, words) for words, action in sorted(offered.items())],
        "tables": sorted(((table, _(words)) for table, words in TABLES.items()), key=lambda pair: pair[1]),
        "outcomes": [
            *((outcome, _(words)) for outcome, (words, _kind, _icon) in OUTCOMES.items()),
            (SUSPICIOUS, _("Suspicious sign-ins")),
        ],
    }


def _only_in_shops(plugins: Plugins) -> frozenset[str]:
    scopes: dict[str, set[Scope]] = {}
    for given in plugins.given("routes"):
        scopes.setdefault(f"{given.plugin}.{given.value.name}", set()).add(given.value.scope)
    return frozenset(action for action, where in scopes.items() if where == {Scope.SHOP})


def shown_entry(work: Executes, plugins: Plugins, trail: Trail, number: int) -> dict[str, Any]:
    """What the page of one entry shows. Raises NotFound."""
    entry = queries.entry(work, trail, number)
    changes = queries.changes(work, trail, entry, limit=queries.MOST_CHANGES + 1)
    return {
        "entry": entry,
        "who": entry.who,
        "what": action_words(plugins, entry.action),
        "outcome": outcome_words(entry.outcome),
        "signs": sign_words(entry.signs),
        "details": [(name, _value(value)) for name, value in entry.details.items()],
        "changes": [_shown(change) for change in changes[: queries.MOST_CHANGES]],
        "has_more": len(changes) > queries.MOST_CHANGES,
    }


def _row(plugins: Plugins, show: Formats, entry: Entry, touched: list[Touched]) -> Row:
    return Row(
        number=entry.number,
        at=entry.at,
        who=entry.who,
        subject=entry.subject or "",
        what=action_words(plugins, entry.action),
        touched=tuple(_touched(show, one) for one in touched),
        address=entry.address or "",
        outcome=outcome_words(entry.outcome),
        signs=sign_words(entry.signs),
    )


def _touched(show: Formats, one: Touched) -> str:
    """`Pieces: 3 changed`."""
    kinds = {
        "create": ngettext("{table}: {count} new", "{table}: {count} new", one.rows),
        "change": ngettext("{table}: {count} changed", "{table}: {count} changed", one.rows),
        "delete": ngettext("{table}: {count} deleted", "{table}: {count} deleted", one.rows),
    }
    return kinds[one.kind].format(table=table_words(one.about), count=show.number(one.rows))


def _shown(change: Change) -> Shown:
    fields = tuple(_fields(change.before, change.after))
    return Shown(change.about, table_words(change.about), change.row, _(KINDS[change.kind]), fields)


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What had nothing in it before and after says nothing."""
    for name in dict.fromkeys([*before, *after]):
        was, is_now = before.get(name), after.get(name)
        if was is not None or is_now is not None:
            yield name, _value(was), _value(is_now)


def _value(value: Any) -> str:
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def _line(plugins: Plugins, show: Formats, entry: Entry, change: Change | None) -> tuple[str, ...]:
    outcome, _kind, _icon = outcome_words(entry.outcome)
    return (
        str(entry.number),
        show.datetime(entry.at),
        entry.who,
        entry.subject or "",
        action_words(plugins, entry.action),
        entry.action,
        outcome,
        entry.address or "",
        entry.request or "",
        table_words(change.about) if change else "",
        change.row if change else "",
        _(KINDS[change.kind]) if change else "",
        _json(change.before) if change else "",
        _json(change.after) if change else "",
        _json(entry.details),
    )


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False) if content else ""


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed) if typed else None
    except ValueError:
        return None


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else None
