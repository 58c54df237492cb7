"""What is done with long work later: it is forgotten."""

from __future__ import annotations

from kernel import work
from kernel.i18n import N_
from kernel.jobs import job
from kernel.uow import UnitOfWork


@job("tasks.forget", title=N_("Forget long work that ended a month ago"), queue="low")
def forget_old_work(uow: UnitOfWork) -> None:
    work.sweep(uow, uow.now - work.KEPT)
