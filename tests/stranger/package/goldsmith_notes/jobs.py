"""What notes do at night."""

from __future__ import annotations

from goldsmith_notes import store
from kernel.i18n import N_
from kernel.jobs import job
from kernel.uow import UnitOfWork


@job("notes.tidy", title=N_("Tidy the notes"), queue="low")
def tidy(uow: UnitOfWork) -> None:
    store.forget_all_but(uow, newest=uow.shop.settings.get("notes.kept", 100))
