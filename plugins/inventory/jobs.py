"""What is done later: large files, and forgetting those that nobody entered."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from kernel.i18n import N_, speaking
from kernel.jobs import Step, job
from kernel.uow import UnitOfWork
from plugins.inventory import store
from plugins.inventory.actions import import_file

ROWS_A_STEP = 5_000


@job("inventory.read_import", title=N_("Read a file of items"))
def read_import(uow: UnitOfWork, import_id: str, rows: int, start: int = 0) -> Step | None:
    with speaking(uow.shop.language):
        end = import_file.read_on(uow, UUID(import_id), start, ROWS_A_STEP)
    return Step(end, rows, {"import_id": import_id, "rows": rows, "start": end}) if end < rows else None


@job("inventory.enter_import", title=N_("Enter a file of items"), tries=3)
def enter_import(uow: UnitOfWork, import_id: str) -> None:
    with speaking(uow.shop.language):
        import_file.enter(uow, UUID(import_id))


@job("inventory.forget_imports", title=N_("Forget files that nobody entered"), queue="low")
def forget_imports(uow: UnitOfWork) -> None:
    store.imports.forget_abandoned(uow, before=uow.now - timedelta(days=30))
