"""What programs were answered is forgotten after a day or two."""

from __future__ import annotations

from kernel.i18n import N_
from kernel.jobs import job
from kernel.uow import UnitOfWork
from plugins.programs import store
from plugins.programs.domain.repeat import KEPT


@job("programs.forget", title=N_("Forget what programs were answered"), queue="low")
def forget_answers(uow: UnitOfWork) -> None:
    store.sweep_answers(uow, uow.now - KEPT)
