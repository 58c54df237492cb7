"""What the till does at night."""

from __future__ import annotations

from datetime import date, timedelta

from kernel.i18n import N_
from kernel.jobs import Step, job
from kernel.uow import UnitOfWork
from plugins.pos import queries
from plugins.pos.actions.hold import sweep_held
from plugins.pos.actions.prove_takings import prove_takings
from plugins.pricing.public import day_of


@job("pos.prove_takings", title=N_("Proving the takings of every day"), queue="low")
def prove_all_takings(uow: UnitOfWork, since: str | None = None) -> Step | None:
    """Every day until yesterday: today still moves."""
    begun, last = queries.first_day(uow), day_of(uow, uow.now) - timedelta(days=1)
    if begun is None or begun > last:
        return None
    following = prove_takings(uow, date.fromisoformat(since) if since else begun, last)
    return Step((following - begun).days, (last - begun).days, {"since": following.isoformat()}) if following else None


@job("pos.sweep_held", title=N_("Clearing carts that nobody came back for"), queue="low")
def sweep_held_carts(uow: UnitOfWork) -> None:
    sweep_held(uow)
