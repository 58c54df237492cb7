"""Bring a file of items in: read and check it without touching the stock, then enter all of it, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from kernel import limits
from kernel.errors import BadInput
from kernel.i18n import _
from kernel.text import search_key
from kernel.uow import UnitOfWork
from plugins.branches.public import branches, chosen
from plugins.inventory import queries, store
from plugins.inventory.actions.categories import add as add_category
from plugins.inventory.domain import sheet
from plugins.inventory.domain.errors import ImportHasBadRows, ImportNotReady
from plugins.inventory.domain.imports import Import, ImportState, Problem
from plugins.inventory.domain.item import NewItem
from plugins.inventory.events import StockReceived
from plugins.inventory.forms import LineReader


def bring(uow: UnitOfWork, file_name: str, content: bytes, branch_id: UUID) -> Import:
    """Keep the file, and read it at once unless it is large. Raises BadInput when it cannot be a list of items."""
    text = sheet.decode(content)
    lines = sheet.read(text).lines
    added = store.imports.add(uow, file_name[:120], text, len(lines), chosen(uow, branch_id).id)
    brought = queries.imports.one(uow, added)
    if brought.is_large:
        return brought
    _read(uow, brought, lines)
    _end_of_reading(uow, brought)
    return queries.imports.one(uow, added)


def read_on(uow: UnitOfWork, import_id: UUID, start: int, most: int) -> int:
    """Read and check rows of a large file from `start` on, at most so many. Answers where to go on."""
    this = queries.imports.one(uow, import_id)
    if this.state is not ImportState.READING:
        return this.rows
    lines = sheet.read(queries.imports.content(uow, import_id)).lines
    _read(uow, this, lines[start : start + most])
    if start + most >= this.rows:
        _end_of_reading(uow, this)
    return min(start + most, this.rows)


def confirm(uow: UnitOfWork, import_id: UUID) -> Import:
    """It may come in. Raises ImportHasBadRows, or ImportNotReady when somebody else was first."""
    this = queries.imports.one(uow, import_id)
    if this.bad:
        raise ImportHasBadRows(this.bad)
    if not store.imports.go_on(uow, import_id, ImportState.CHECKED, ImportState.ENTERING):
        raise ImportNotReady
    return this


def enter(uow: UnitOfWork, import_id: UUID) -> Import:
    """Every row becomes an item with its stock, and the books hear of it once per metal."""
    this = queries.imports.one(uow, import_id)
    if this.state is not ImportState.ENTERING:
        return this
    limits.use(uow, "items", this.good, _("items"))
    _make_categories(uow, import_id)
    for came_in in store.imports.enter(uow, import_id):
        uow.publish(
            StockReceived(
                movement=came_in.movement,
                item=came_in.item,
                sku=came_in.first_sku if came_in.items == 1 else f"{came_in.first_sku} … {came_in.last_sku}",
                at=uow.now,
                quantity=came_in.quantity,
                currency=uow.shop.currency,
                cost=came_in.cost,
                metal=came_in.metal,
                fine=came_in.fine,
                reason="imported",
                items=came_in.items,
            )
        )
    store.imports.forget_rows(uow, import_id)
    store.imports.go_on(uow, import_id, ImportState.ENTERING, ImportState.DONE)
    return queries.imports.one(uow, import_id)


def _read(uow: UnitOfWork, this: Import, lines: Sequence[sheet.Line]) -> None:
    by_code = {search_key(name): one.id for one in branches(uow) for name in (one.code, one.name)}
    reader = LineReader(uow.shop.currency)
    good: dict[int, tuple[NewItem, str]] = {}
    bad: dict[int, list[Problem]] = {}
    for line in lines:
        try:
            good[line.number] = _item(line, by_code, this.branch, reader)
        except BadInput as refused:
            bad[line.number] = _problems(line, refused)
    store.imports.stage(uow, this.id, good, bad)


def _end_of_reading(uow: UnitOfWork, this: Import) -> None:
    store.imports.refuse(uow, this.id, _clashes(uow, this.id))
    store.imports.go_on(uow, this.id, ImportState.READING, ImportState.CHECKED)


def _item(line: sheet.Line, by_code: Mapping[str, UUID], own_branch: UUID, reader: LineReader) -> tuple[NewItem, str]:
    fields = line.fields()
    category = " > ".join(category_steps(str(fields.pop("category", ""))))
    written = str(fields.pop("branch", ""))
    fields["branch"] = by_code.get(search_key(written)) if written else own_branch
    if fields["branch"] is None:
        raise BadInput({"branch": _("There is no branch with this code or name.")})
    return reader.read(fields), category


def category_steps(written: str) -> list[str]:
    """`Rings > Engraved` or `Rings / Engraved`: from the root of the tree down."""
    return [step.strip()[:60] for step in written.replace("›", ">").replace("/", ">").split(">") if step.strip()]


def _problems(line: sheet.Line, refused: BadInput) -> list[Problem]:
    problems = []
    for path, sentence in refused.fields.items():
        column = sheet.FIELD_OF_STONE.get(path, path)
        problems.append(Problem(line.number, column, line.cells.get(column, ""), sentence))
    return problems


def _clashes(uow: UnitOfWork, import_id: UUID) -> list[Problem]:
    return [
        Problem(clash.line, clash.column, clash.written, _why(clash.is_there, clash.first, clash.line))
        for clash in queries.imports.clashes(uow, import_id)
    ]


def _why(is_there: bool, first: int, line: int) -> str:
    if is_there:
        return _("Another item in stock already has this.")
    if first == line:
        return _("Other rows of this file have the same.")
    return _("Line {number} of this file has the same.").format(number=first)


def _make_categories(uow: UnitOfWork, import_id: UUID) -> None:
    """Categories are found by their names, from the root down, and made where they are not there yet."""
    known = {category.names: category.id for category in queries.categories.tree(uow)}
    by_title = {}
    for title in queries.imports.categories_written(uow, import_id):
        steps = tuple(category_steps(title))
        for depth in range(1, len(steps) + 1):
            if steps[:depth] not in known:
                known[steps[:depth]] = add_category(uow, steps[depth - 1], known.get(steps[: depth - 1])).id
        by_title[title] = known[steps]
    if by_title:
        store.imports.set_categories(uow, import_id, by_title)
