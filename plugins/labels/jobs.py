"""What is done later: printing hundreds of labels, and forgetting the files of last week."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from kernel.i18n import N_
from kernel.jobs import job
from kernel.uow import UnitOfWork
from plugins.labels import store
from plugins.labels.forms import LabelsForm
from plugins.labels.pages.written import run_of
from plugins.labels.ports import LabelPrinter

KEPT = timedelta(days=7)


@job("labels.print", title=N_("Print labels"), tries=3, may_stop=True)
def print_many(uow: UnitOfWork, file: str, asked: Mapping[str, Any], printer: LabelPrinter) -> None:
    run = run_of(uow, LabelsForm.model_validate(asked))
    uow.report(0, len(run.labels))
    store.keep(uow, UUID(file), printer.labels(run), len(run.labels))
    uow.report(len(run.labels), len(run.labels))


@job("labels.forget", title=N_("Forget files of labels"), queue="low")
def forget_files(uow: UnitOfWork) -> None:
    store.forget(uow, before=uow.now - KEPT)
