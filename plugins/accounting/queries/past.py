"""What happened, told again by those who did it: the stream that the books catch up from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kernel.uow import UnitOfWork
from plugins.accounting.domain.told import Told as Dated
from plugins.inventory import public as inventory
from plugins.pos import public as pos

#: A publisher's own function: what happened after `place` in the order in which it happened, each with its place.
Teller = Callable[[UnitOfWork, str, int], Sequence[tuple[str, Dated]]]

TELLERS: Mapping[str, Teller] = {"inventory": inventory.told_since, "pos": pos.told_since}


@dataclass(frozen=True, slots=True)
class Told:
    """Some events in the order in which they happened, and how far each publisher was heard."""

    events: tuple[Dated, ...]
    first: datetime
    last: datetime
    places: Mapping[str, str]


def told_since(uow: UnitOfWork, places: Mapping[str, str], limit: int, *, until: datetime | None = None) -> Told:
    """The next events of all publishers together, so that the books grow day by day and no balance is carried twice."""
    waiting: list[tuple[datetime, str, str, Dated]] = []
    for plugin, tell in TELLERS.items():
        if plugin not in uow.shop.plugins:
            continue
        latest = None
        for place, event in tell(uow, places.get(plugin, ""), limit):
            # Never before what the same publisher told first: its place would step over that.
            latest = max(event.at, latest or event.at)
            if until is not None and latest > until:
                break
            waiting.append((latest, plugin, place, event))
    waiting.sort(key=lambda one: one[0])
    taken = waiting[:limit]
    heard = {plugin: place for _at, plugin, place, _event in taken}
    return Told(
        tuple(event for _at, _plugin, _place, event in taken),
        taken[0][0] if taken else uow.now,
        taken[-1][0] if taken else uow.now,
        {**places, **heard},
    )
