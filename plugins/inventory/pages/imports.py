"""Bringing in a file: choose it, look at what is wrong with it, enter it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.branches.public import branches
from plugins.inventory import jobs, queries, store
from plugins.inventory.actions import import_file
from plugins.inventory.actions.export import template
from plugins.inventory.domain.imports import Import, ImportState
from plugins.inventory.domain.sheet import COLUMNS, MOST_ROWS, unused_columns
from plugins.inventory.forms import FileForm
from plugins.inventory.permissions import IMPORT_STOCK
from web.listing import Listing
from web.render import page
from web.routing import get, post, redirect
from web.slots import added_at

_TITLES = {column.name: column.title for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class ShownProblem:
    line: int
    column: str
    written: str
    sentence: str


@get("/inventory/imports", permission=IMPORT_STOCK)
def choose_file(request: Request, uow: UnitOfWork) -> Response:
    return page(
        request,
        "inventory/imports.html",
        branches=[(branch.id, branch.name) for branch in branches(uow)],
        newest=queries.imports.newest(uow),
        columns=[(_(column.title), (column.name, *column.also[:4]), column.example) for column in COLUMNS],
        most=MOST_ROWS,
    )


@post("/inventory/imports", form=FileForm, permission=IMPORT_STOCK, again=choose_file)
def bring_file(request: Request, uow: UnitOfWork, form: FileForm) -> Response:
    brought = import_file.bring(uow, form.file.name, form.file.content, form.branch)
    if brought.is_large:
        _leave_to_a_worker(uow, jobs.read_import, brought, rows=brought.rows)
    return redirect(f"/inventory/imports/{brought.id}")


@get("/inventory/imports/template", permission=IMPORT_STOCK)
def download_template(request: Request, uow: UnitOfWork) -> Response:
    headers = {"Content-Disposition": 'attachment; filename="items.csv"'}
    return Response(template(), media_type="text/csv; charset=utf-8", headers=headers)


@get("/inventory/imports/{import_id}", permission=IMPORT_STOCK)
def show_import(request: Request, uow: UnitOfWork, import_id: UUID) -> Response:
    found = queries.imports.one(uow, import_id)
    listing = Listing.of(request, sorts=("line",)).counted(found.bad)
    problems = [
        ShownProblem(one.line, _(_TITLES.get(one.column, one.column)), one.written, one.sentence)
        for one in queries.imports.bad_rows(uow, found.id, offset=listing.offset, limit=listing.limit)
    ]
    return page(
        request,
        "inventory/import.html",
        block="import",
        found=found,
        is_at_work=_is_at_work(found),
        added=added_at(request, uow, "inventory.import", import_id=found.id) if found.state is ImportState.DONE else [],
        work=queries.imports.work(uow, found.id) if _is_at_work(found) else None,
        unused=unused_columns(queries.imports.beginning(uow, found.id)),
        listing=listing,
        problems=problems,
    )


@post("/inventory/imports/{import_id}/entering", permission=IMPORT_STOCK, again=show_import)
def enter_file(request: Request, uow: UnitOfWork, import_id: UUID) -> Response:
    confirmed = import_file.confirm(uow, import_id)
    if confirmed.is_large:
        _leave_to_a_worker(uow, jobs.enter_import, confirmed)
        return redirect(f"/inventory/imports/{confirmed.id}")
    entered = import_file.enter(uow, confirmed.id)
    return redirect(
        f"/inventory/imports/{entered.id}", say=_("{count} items are in the stock.").format(count=entered.good)
    )


def _leave_to_a_worker(uow: UnitOfWork, job: Callable[..., Any], this: Import, **args: Any) -> None:
    """It goes on when the person leaves, and is found again in the bell."""
    address = f"/inventory/imports/{this.id}"
    begun = uow.begin_work(job, about=this.file_name, result=address, total=this.rows, import_id=str(this.id), **args)
    store.imports.follow(uow, this.id, begun)


def _is_at_work(found: Import) -> bool:
    return found.state in (ImportState.READING, ImportState.ENTERING)
