"""In the shop's bell: an admin looked at the shop, or changed something in it."""

from __future__ import annotations

from datetime import timedelta

from kernel.contributions import Bell, BellLine
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.impersonation import queries, store
from plugins.impersonation.domain import Visit
from plugins.impersonation.permissions import SEE_VISITS

#: So long the bell tells of it; the trail keeps it.
KEPT = timedelta(days=30)
MOST_LINES = 10


def _lines(uow: UnitOfWork) -> list[BellLine]:
    return [_line(one) for one in queries.newest_visits(uow, uow.now - KEPT, limit=MOST_LINES)]


def _line(visit: Visit) -> BellLine:
    sentence = _("{admin}, of the platform, looked at the shop as {person}.")
    if visit.may_change:
        sentence = _("{admin}, of the platform, could change things as {person}.")
    said = sentence.format(admin=f"\u2068{visit.admin}\u2069", person=f"\u2068{visit.person}\u2069")
    address = f"/audit?action=impersonation.{'escalate' if visit.may_change else 'begin'}"
    return BellLine(said, address, "user-cog", "warn", detail=visit.because, at=visit.at, is_new=visit.is_new)


VISITS = Bell("impersonation", _lines, count_sql=queries.UNSEEN_VISITS, see=store.see_visits, permission=SEE_VISITS)
