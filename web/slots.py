"""What other plugins add to a page: the page names a place, and whoever has something to say there is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kernel.contributions import Slot
from kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Added:
    """A piece of the page with what it has to show; its template finds that as `shown`."""

    slot: Slot
    shown: Mapping[str, Any]


def added_at(uow: UnitOfWork, place: str, **about: Any) -> list[Added]:
    """What the shop's plugins add here for this person, in order. Each is called as `show(uow, **about)`."""
    slots = (given.value for given in uow.plugins.given("slots") if given.plugin in uow.shop.plugins)
    mine = (slot for slot in slots if slot.place == place)
    seen = (slot for slot in mine if slot.permission is None or uow.actor.may(slot.permission.name))
    in_order = sorted(seen, key=lambda slot: slot.order)
    return [Added(slot, uow.plugins.bound(slot.show)(uow, **about)) for slot in in_order]
