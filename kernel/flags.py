"""Feature flags: what is tried in some shops first, decided by the platform's people while everything runs.

A plugin declares a `Flag` and asks `uow.flag(FLAG)`. The answer comes from this process's memory (`kernel/known.py`),
never from a statement. What was seen and what came of it is gathered there, too, and written a moment later, in each
shop's own context; the platform reads the sums (docs/decisions/0024).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from math import log
from threading import Lock
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from kernel.tables import flag_sightings, flags
from kernel.tenancy import TenantId

if TYPE_CHECKING:
    from kernel.uow import Executes, UnitOfWork

#: Who saw a flag that is not counted by person.
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that is not alike in every shop.

    The first of its `variants` is how things were before, and what its kill switch goes back to; `default` is what
    shops have while nobody has decided. `goals` are what is hoped for, name → title: `uow.converted(FLAG, "sold")`.
    `by_person`: the people of a shop count each for themselves.
    """

    name: str
    title: str
    summary: str
    variants: tuple[str, ...] = ("off", "on")
    default: str = "off"
    goals: Mapping[str, str] = field(default_factory=dict)
    by_person: bool = False

    @property
    def is_switch(self) -> bool:
        """Nothing but on and off."""
        return self.variants == ("off", "on")


@dataclass(frozen=True, slots=True)
class Rule:
    """What the platform's people decided: the share of each variant in per cent, and shops that have a fixed one."""

    shares: Mapping[str, int]
    shops: Mapping[UUID, str] = field(default_factory=dict)
    killed: bool = False


@dataclass(frozen=True, slots=True)
class Sighting:
    """On this day a shop (or a person there) met a variant; or, with a `goal`, what was hoped for came true."""

    day: date
    flag: str
    variant: str
    goal: str = ""
    person: UUID = NOBODY


def fault_of(flag: Flag) -> str | None:
    """What is wrong with a declaration."""
    if len(set(flag.variants)) != len(flag.variants) or len(flag.variants) < 2:
        return "has no two variants"
    if flag.default not in flag.variants:
        return f"has the default {flag.default!r}, which is none of its variants {flag.variants}"
    return None


def variant_of(flag: Flag, rule: Rule | None, shop: UUID) -> str:
    """The kill switch wins over everything, a shop that is named over the shares."""
    if rule is None:
        return flag.default
    if rule.killed:
        return flag.variants[0]
    if rule.shops.get(shop) in flag.variants:
        return rule.shops[shop]
    shares = {variant: rule.shares.get(variant, 0) for variant in flag.variants}
    return drawn(flag.name, shop, shares) if any(shares.values()) else flag.default


def drawn(name: str, shop: UUID, shares: Mapping[str, int]) -> str:
    """Weighted rendezvous hashing: each variant draws a lot for the shop, and the larger its share, the better it is.

    The same on every machine; and a shop keeps what it has while the share of that grows.
    """

    def lot(variant: str) -> float:
        number = int.from_bytes(sha256(f"{name} {variant} {shop}".encode()).digest()[:8])
        return -log((number + 1) / (2**64 + 1)) / shares[variant]

    return min((variant for variant, share in shares.items() if share > 0), key=lot)


def is_counted(rule: Rule | None, shop: UUID) -> bool:
    """Only what came by lot says something about the variants; and nothing is counted that nobody decided on."""
    return rule is not None and not rule.killed and shop not in rule.shops


def rules(work: Executes) -> dict[str, Rule]:
    rows = work.execute(select(flags.c.name, flags.c.shares, flags.c.shops, flags.c.killed))
    named = ((row, {UUID(shop): variant for shop, variant in row.shops.items()}) for row in rows)
    return {row.name: Rule(row.shares, shops, row.killed) for row, shops in named}


#: Counted anew and not counted on: whoever comes twice, and in whichever order, finds the same sum.
COUNT = """
    INSERT INTO platform.flag_figures AS f (tenant_id, flag, day, variant, goal, count)
    SELECT app.tenant(), s.flag, s.day, s.variant, s.goal, count(*) FROM shop.flag_sightings AS s
    WHERE s.flag = %(flag)s AND s.day = %(day)s AND (s.goal = '' OR EXISTS (
        SELECT FROM shop.flag_sightings AS met WHERE met.flag = s.flag AND met.day = s.day
        AND met.variant = s.variant AND met.goal = '' AND met.person = s.person))
    GROUP BY s.flag, s.day, s.variant, s.goal
    ON CONFLICT (tenant_id, flag, day, variant, goal) DO UPDATE SET count = excluded.count
"""


def write(uow: UnitOfWork, sightings: Iterable[Sighting]) -> None:
    """Note what was seen in the shop at hand, and sum it up for the platform: a goal counts after a sighting only."""
    seen = list(sightings)
    # Two processes that count at once would each leave out what the other has just written.
    uow.ask("SELECT pg_advisory_xact_lock(hashtextextended('flags ' || app.tenant(), 0))")
    rows = [{"day": s.day, "flag": s.flag, "variant": s.variant, "goal": s.goal, "person": s.person} for s in seen]
    uow.execute(upsert(flag_sightings).values(rows).on_conflict_do_nothing())
    for flag, day in sorted({(sighting.flag, sighting.day) for sighting in seen}):
        uow.ask(COUNT, {"flag": flag, "day": day})


def forget(uow: UnitOfWork, before: date) -> None:
    """Who saw what is let go; the sums stay."""
    uow.execute(delete(flag_sightings).where(flag_sightings.c.day < before))


class Sightings:
    """What this process has seen and not written yet. Nothing that it has seen today is noted twice."""

    #: Beyond this, what is known of the days before is let go, and met again.
    MOST = 200_000

    def __init__(self) -> None:
        self._met: set[tuple[TenantId, Sighting]] = set()
        self._waiting: dict[TenantId, set[Sighting]] = defaultdict(set)
        self._lock = Lock()

    def note(self, shop: TenantId, sighting: Sighting) -> None:
        if (shop, sighting) in self._met:
            return
        with self._lock:
            if len(self._met) >= self.MOST:
                self._met.clear()
            self._met.add((shop, sighting))
            self._waiting[shop].add(sighting)

    def take(self) -> dict[TenantId, set[Sighting]]:
        """What waits, by shop; whoever takes it writes it or gives it back."""
        with self._lock:
            taken, self._waiting = self._waiting, defaultdict(set)
        return taken

    def give_back(self, shop: TenantId, sightings: Iterable[Sighting]) -> None:
        with self._lock:
            self._waiting[shop].update(sightings)
