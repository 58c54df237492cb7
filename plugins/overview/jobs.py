"""Counting, later: each shop for itself, in its own context."""

from __future__ import annotations

from kernel.i18n import N_
from kernel.jobs import job
from kernel.uow import UnitOfWork
from plugins.overview import actions


@job("overview.count_days", title=N_("Counting what a shop does"), queue="low", tries=3)
def count_days(uow: UnitOfWork) -> None:
    actions.count_days(uow)
