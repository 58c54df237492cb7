"""Finding items among very many, under row-level security.

Three ways, all along indexes that start with the shop:

- a rare word: take the few items that have it, look at the other conditions there, sort;
- common words, or none: walk along the order that is asked for and stop when the page is full;
- common words that hardly meet, or stand far down that order: where the walk grew too long, take all that have them.

Words are looked up by range (`word >= 'ri' AND word < 'ri…'`), because only leakproof operators reach an index here.
The SQL is written out, and each shape of a question put together once: to build it anew costs more than to run it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

from kernel.uow import UnitOfWork
from plugins.inventory.domain.search import NEWEST, Order, State, Wanted
from plugins.inventory.domain.words import asked_for

#: A word that at most so many items have is rare: to fetch and sort these takes a millisecond.
FEW = 1_000
#: So far a walk goes before it gives up.
LONGEST_WALK = 2_000
#: Beyond this a list says "1,000+": to count on would cost more than the list.
MOST_COUNTED = 1_000

_LAST = "\U0010ffff"  # sorts behind every other character

Way = Literal["few", "walk", "all"]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of rows, and whether there are more."""

    rows: Sequence[Any]
    more: bool


_ORDERS = {"newest": ("id",), "name": ("sort_name", "id"), "sku": ("sku",), "net": ("net_mg", "id")}

# `ANY (ARRAY(SELECT …))` is worked out once, first, and then looked up by key, whatever the planner guesses.
_CONDITIONS = {
    "category": "category_id = ANY (ARRAY(SELECT id FROM shop.categories WHERE %(category)s::uuid = ANY (path)))",
    "branch": "branch_id = %(branch)s::uuid",
    "metal": "metal = %(metal)s::text",
    "finenesses": "fineness = ANY (%(finenesses)s::integer[])",
    "lightest": "net_mg >= %(lightest)s::bigint",
    "heaviest": "net_mg <= %(heaviest)s::bigint",
    "after": "id < %(after)s::uuid",
}
_STATES = {
    State.IN_STOCK: "active AND kind <> 'scrap' AND on_hand > 0",
    State.OUT: "active AND kind <> 'scrap' AND on_hand = 0",
    State.LOW: "active AND kind <> 'scrap' AND low_at IS NOT NULL AND on_hand <= low_at",
    State.SCRAP: "kind = 'scrap' AND on_hand > 0",
    State.INACTIVE: "NOT active",
    State.ALL: "true",
}
_SHOWN = """
    id, sku, name, kind, category_id, branch_id, metal, fineness, gross_mg, net_mg, fixed_price, low_at, active,
    on_hand, created_at
"""


def find(
    uow: UnitOfWork,
    wanted: Wanted,
    order: Order = NEWEST,
    *,
    offset: int = 0,
    limit: int = 50,
    after: UUID | None = None,
) -> Found:
    """One page of what is wanted. `after` is the last id of the page before, where the newest come first."""
    words = asked_for(wanted.text)
    if wanted.text and not words:
        return Found((), more=False)
    values = {**wanted.asked, **_values_of(words), "most": limit + 1, "offset": offset}
    if after is not None:
        values["after"] = after
    rare = _rarest(uow, words)
    ways: tuple[Way, ...] = ("walk", "all") if rare is None else ("few",)
    rows: Sequence[Any] = ()
    for way in ways:
        sql = _page_sql(way, len(words), rare, _names(values), wanted.state, order)
        rows = uow.ask(sql, values)
        if len(rows) > limit:
            break
    return Found(rows[:limit], more=len(rows) > limit)


def count(uow: UnitOfWork, wanted: Wanted, *, most: int = MOST_COUNTED) -> int:
    """How many there are; `most` + 1 stands for more than that."""
    words = asked_for(wanted.text)
    if wanted.text and not words:
        return 0
    values = {**wanted.asked, **_values_of(words), "most": most + 1}
    sql = _count_sql(len(words), _rarest(uow, words), _names(values), wanted.state)
    counted: int = uow.ask(sql, values)[0].number
    return counted


def exact(uow: UnitOfWork, code: str) -> UUID | None:
    """The item with exactly this SKU or barcode; the SKU wins."""
    rows = uow.ask(_EXACT, {"code": code})
    return rows[0].id if rows else None


_EXACT = (
    "SELECT id FROM shop.items WHERE sku = %(code)s::text OR barcode = %(code)s::text "
    "ORDER BY sku = %(code)s::text DESC LIMIT 1"
)


def _rarest(uow: UnitOfWork, words: tuple[str, ...]) -> int | None:
    """The place of the rarest word; None when all are common, or there is none."""
    if not words:
        return None
    counts = uow.ask(_probe_sql(len(words)), _values_of(words))[0]
    return counts.index(min(counts)) if min(counts) <= FEW else None


def _values_of(words: tuple[str, ...]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for place, word in enumerate(words):
        values |= {f"from{place}": word, f"until{place}": word + _LAST, f"word{place}": f" {word}"}
    return values


def _names(values: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in _CONDITIONS if name in values)


# Only fixed text of this file goes into a statement; what people type travels as its values.


@lru_cache(maxsize=1024)
def _page_sql(way: Way, words: int, rare: int | None, names: tuple[str, ...], state: State, order: Order) -> str:
    by = ", ".join(f"{column} {'DESC' if order.descending else 'ASC'}" for column in _ORDERS[order.by])
    start = "shop.items"
    if way == "walk":
        ahead = f"WHERE {_CONDITIONS['after']} " if "after" in names else ""
        start = f"(SELECT * FROM shop.items {ahead}ORDER BY {by} LIMIT {LONGEST_WALK}) AS items"  # noqa: S608
    conditions = _conditions(way, words, rare, names, state)
    return (
        f"SELECT {_SHOWN} FROM {start} WHERE {conditions} "  # noqa: S608
        f"ORDER BY {by} LIMIT %(most)s::integer OFFSET %(offset)s::integer"
    )


@lru_cache(maxsize=1024)
def _count_sql(words: int, rare: int | None, names: tuple[str, ...], state: State) -> str:
    conditions = _conditions("walk" if rare is None else "few", words, rare, names, state)
    return (
        f"SELECT count(*) AS number FROM (SELECT FROM shop.items WHERE {conditions} "  # noqa: S608
        "LIMIT %(most)s::integer) AS counted"
    )


@lru_cache(maxsize=8)
def _probe_sql(words: int) -> str:
    probes = (
        f"(SELECT count(*) FROM ({_having(place)} LIMIT {FEW + 1}) AS hit{place}) AS with{place}"  # noqa: S608
        for place in range(words)
    )
    return "SELECT " + ", ".join(probes)


def _conditions(way: Way, words: int, rare: int | None, names: tuple[str, ...], state: State) -> str:
    chosen = {"few": [rare], "walk": [], "all": [*range(words)]}[way]
    conditions = [_STATES[state], *(_CONDITIONS[name] for name in names)]
    if chosen:
        conditions.append(f"id = ANY (ARRAY({' INTERSECT '.join(_having(place) for place in chosen)}))")
    conditions += [f"strpos(words, %(word{place})s::text) > 0" for place in range(words) if place not in chosen]
    return " AND ".join(conditions)


def _having(place: int | None) -> str:
    return f"SELECT item_id FROM shop.item_words WHERE word >= %(from{place})s::text AND word < %(until{place})s::text"  # noqa: S608
