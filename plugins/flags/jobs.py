"""What is let go by itself."""

from __future__ import annotations

from datetime import timedelta

from kernel import flags
from kernel.i18n import N_
from kernel.jobs import job
from kernel.uow import UnitOfWork

#: The sums are written by then, and stay.
KEPT = timedelta(days=7)


@job("flags.forget", title=N_("Forgetting who has seen which variant"), queue="low")
def forget(uow: UnitOfWork) -> None:
    flags.forget(uow, (uow.now - KEPT).date())
