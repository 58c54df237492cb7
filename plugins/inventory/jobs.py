"""What is done later: large files, and forgetting those that nobody entered."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from kernel.i18n import N_
from kernel.jobs import Step, job
from kernel.uow import UnitOfWork
from plugins.inventory import store
from plugins.inventory.actions import import_file
from plugins.inventory.actions.add_up import SETTLED, add_up

ROWS_A_STEP = 2_500


@job("inventory.read_import", title=N_("Read a file of items"), may_stop=True)
def read_import(uow: UnitOfWork, import_id: str, rows: int, start: int = 0) -> Step | None:
    end = import_file.read_on(uow, UUID(import_id), start, ROWS_A_STEP)
    return Step(end, rows, {"import_id": import_id, "rows": rows, "start": end}) if end < rows else None


@job("inventory.enter_import", title=N_("Enter a file of items"), tries=3, may_stop=True)
def enter_import(uow: UnitOfWork, import_id: str) -> None:
    import_file.enter(uow, UUID(import_id))
    # Thousands of movements at once: not every look at the stock until tonight shall add them up.
    uow.enqueue(add_up_stock, run_at=uow.now + 2 * SETTLED)


@job("inventory.forget_imports", title=N_("Forget files that nobody entered"), queue="low")
def forget_imports(uow: UnitOfWork) -> None:
    store.imports.forget_abandoned(uow, before=uow.now - timedelta(days=30))


@job("inventory.add_up", title=N_("Adding up the stock"), queue="low")
def add_up_stock(uow: UnitOfWork) -> None:
    add_up(uow)
