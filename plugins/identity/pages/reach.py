"""In which branches somebody works, as forms and lists show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.branches import public as branches


@dataclass(frozen=True, slots=True)
class Reach:
    """The part of a form that asks for branches; `choices` is empty where there is nothing to choose.

    `may_be_all` says that whoever asks works in all branches themselves.
    """

    choices: list[tuple[UUID, str]]
    chosen: frozenset[UUID]
    is_all: bool
    may_be_all: bool


def reach(uow: UnitOfWork, now: frozenset[UUID] | None) -> Reach:
    """For somebody who works in these branches now; None is all."""
    mine, places = uow.actor.branches, places_of(uow)
    if mine is not None and (now is None or not now <= mine):
        places = {}  # they work where whoever looks does not
    # A branch that is closed is offered to nobody, and kept by who works there.
    gone = [(id, branches.branch(uow, id).name) for id in sorted(now or ()) if places and id not in places]
    choices = [*places.items(), *gone] if len(places) + len(gone) > 1 or (now and mine is None) else []
    return Reach(choices, now or frozenset(), is_all=now is None, may_be_all=mine is None)


def places_of(uow: UnitOfWork) -> dict[UUID, str]:
    """The names of the open branches; none where the shop has no branches at all."""
    return {branch.id: branch.name for branch in branches.branches(uow)} if "branches" in uow.shop.plugins else {}


def in_words(only: frozenset[UUID] | None, places: Mapping[UUID, str]) -> str:
    """Where somebody works, in a line of a list."""
    if only is None:
        return _("All")
    named = [name for id, name in places.items() if id in only]
    return " · ".join([*named, *([_("others")] if len(named) < len(only) else [])])
