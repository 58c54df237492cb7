"""A small trade for the kernel's tests: a till that sells, a post that writes later, a book that may refuse.

What a handler did is seen in the shop's own counters, so that it stands or falls with its transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import ModuleType
from uuid import UUID

from sqlalchemy import select

from kernel.errors import NotFound, RuleBroken
from kernel.events import Event, on
from kernel.jobs import Step, job
from kernel.metal import Fineness, FineWeight, Weight
from kernel.money import Money
from kernel.tables import counters
from kernel.uow import UnitOfWork
from tests.kernel.conftest import plugin


@dataclass(frozen=True, slots=True)
class Line:
    sku: str
    net: Weight
    fineness: Fineness


@dataclass(frozen=True, slots=True)
class RingSold(Event):
    """A ring left the shop."""

    sale: UUID
    total: Money
    lines: tuple[Line, ...] = ()
    fine: FineWeight | None = None
    rate: Decimal = Decimal("1.5")
    at: datetime | None = None
    due: date | None = None


class BooksClosed(RuleBroken):
    pass


@on(RingSold)
def write_book(uow: UnitOfWork, sold: RingSold) -> None:
    uow.next_number("booked")
    if sold.total.amount == 0:
        raise BooksClosed("The books are closed.")


@on(RingSold, after_commit=True)
def write_letter(uow: UnitOfWork, sold: RingSold) -> None:
    uow.next_number("letters")
    Interrupt.here("mid-work")


@on(RingSold, after_commit=True)
def write_nowhere(uow: UnitOfWork, sold: RingSold) -> None:
    uow.next_number("attempts")
    raise ConnectionError("the post office is closed")


@job("post.stamp", title="Stamp", tries=3)
def stamp(uow: UnitOfWork, *, times: int, done: int = 0) -> Step | None:
    """One stamp a step."""
    uow.next_number("stamps")
    Interrupt.here(f"step {done + 1}")
    return Step(done + 1, times, {"times": times, "done": done + 1}) if done + 1 < times else None


@job("post.lose", title="Lose", tries=3)
def lose(uow: UnitOfWork) -> None:
    uow.next_number("lost")
    raise NotFound


@job("post.count", title="Count", queue="low")
def count_letters(uow: UnitOfWork) -> int:
    return uow.next_number("counted")


class Interrupt:
    """What happens at a place in the work: nothing, unless a test says otherwise."""

    at: str = ""
    act: Callable[[], None] | None = None

    @classmethod
    def here(cls, place: str) -> None:
        if cls.act is not None and cls.at == place:
            cls.act()


def till() -> ModuleType:
    return plugin("till")


def book() -> ModuleType:
    return plugin("book", listens=["till"], subscriptions=[write_book])


def post(*more: object) -> ModuleType:
    return plugin("post", listens=["till"], subscriptions=[write_letter, *more], jobs=[stamp, lose, count_letters])


def tally(uow: UnitOfWork) -> dict[str, int]:
    """What was done so far."""
    counts = uow.execute(select(counters.c.name, counters.c.value).order_by(counters.c.name))
    return {count.name: count.value for count in counts}
