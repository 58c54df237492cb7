"""The bell in the top bar: what the shop's plugins have to tell the person at hand, and how much of it is new."""

from __future__ import annotations

from collections.abc import Iterator

from kernel.contributions import Bell, BellLine
from kernel.uow import UnitOfWork

ADDRESS = "/bell"


def count(uow: UnitOfWork) -> int:
    """How much is new. Asked with every whole page, so it is one statement, however many plugins there are."""
    bells = list(_bells(uow))
    known = sum(bell.count(uow) for bell in bells if bell.count is not None)
    if not (asked := [f"({bell.count_sql})" for bell in bells if bell.count_sql]):
        return known
    [row] = uow.ask(f"SELECT {' + '.join(asked)} AS number", {"person": uow.actor.id})
    return known + int(row.number)


def lines(uow: UnitOfWork) -> list[BellLine]:
    """Everything there is to tell; what has no time of its own (what needs a look now) stands first."""
    found = [line for bell in _bells(uow) for line in bell.lines(uow)]
    timeless = [line for line in found if line.at is None]
    timed = [(line.at, line) for line in found if line.at is not None]
    return [*timeless, *(line for _at, line in sorted(timed, key=lambda pair: pair[0], reverse=True))]


def see(uow: UnitOfWork) -> None:
    """The person has opened the bell: not an admin who acts in their account, and reads it for nobody."""
    if uow.actor.subject_id is not None:
        return
    for bell in _bells(uow):
        if bell.see is not None:
            bell.see(uow)


def _bells(uow: UnitOfWork) -> Iterator[Bell]:
    for given in uow.plugins.given("bells"):
        bell: Bell = given.value
        allowed = bell.permission is None or uow.actor.may(bell.permission.name)
        if given.plugin in uow.shop.plugins and allowed:
            yield bell
