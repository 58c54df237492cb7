"""Write items as a file that a spreadsheet opens, and that can be brought in again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import islice
from uuid import UUID

from kernel.metal import Fineness, Weight
from kernel.money import Money
from kernel.uow import UnitOfWork
from plugins.branches.public import branches
from plugins.inventory import queries
from plugins.inventory.domain import sheet
from plugins.inventory.domain.item import Item
from plugins.inventory.domain.search import Order, Wanted
from plugins.inventory.permissions import SEE_COST

ROWS_AT_ONCE = 5_000


def export(uow: UnitOfWork, wanted: Wanted, order: Order) -> str:
    """What is wanted as CSV, at most as much as a file may bring in."""
    return export_items(uow, [row.id for row in queries.find.find(uow, wanted, order, limit=sheet.MOST_ROWS).rows])


def export_items(uow: UnitOfWork, items: Iterable[UUID]) -> str:
    """These items as CSV, in their order; without the cost for those who may not see it."""
    hidden = () if uow.actor.may(SEE_COST.name) else ("cost",)
    columns = [column for column in sheet.COLUMNS if column.name not in hidden]
    titles = {category.id: " > ".join(category.names) for category in queries.categories.tree(uow)}
    codes = {branch.id: branch.code for branch in branches(uow)}
    cells = (_cells(item, titles, codes, uow.shop.currency) for item in _whole(uow, iter(items)))
    return sheet.write(columns, ([row.get(column.name, "") for column in columns] for row in cells))


def template() -> str:
    """A file with the headings and one line as an example."""
    return sheet.write(sheet.COLUMNS, [[column.example for column in sheet.COLUMNS]])


def _whole(uow: UnitOfWork, ids: Iterator[UUID]) -> Iterator[Item]:
    """The items, in the order of their ids as it was asked."""
    while some := list(islice(ids, ROWS_AT_ONCE)):
        by_id = {item.id: item for item in queries.items.whole_items(uow, some)}
        yield from (by_id[item] for item in some if item in by_id)


def _cells(item: Item, titles: Mapping[UUID, str], codes: Mapping[UUID, str], currency: str) -> dict[str, str]:
    is_, weighed = item.description, item.weighed
    stone = is_.stones[0] if is_.stones else None
    return {
        "sku": is_.sku,
        "name": is_.name,
        "kind": item.kind.value,
        "category": titles.get(is_.category, "") if is_.category else "",
        "branch": codes.get(item.branch, ""),
        "craftsmanship": is_.craftsmanship,
        "metal": weighed.metal.value if weighed.metal else "",
        "stamped": _plain(weighed.stamped),
        "assayed": _plain(weighed.assayed),
        "gross": _plain(weighed.gross),
        "net": _plain(weighed.net),
        "making_kind": is_.making.kind.value if is_.making else "",
        "making_value": _plain(is_.making.value) if is_.making else "",
        "making_fineness": _plain(is_.making.fineness) if is_.making else "",
        "wastage": _plain(is_.wastage_percent),
        "stone": stone.name if stone else "",
        "stone_count": str(stone.count) if stone else "",
        "stone_carats": _plain(stone.carats) if stone else "",
        "stone_value": _amount(stone.value, currency) if stone else "",
        "lab": stone.lab if stone else "",
        "certificate": stone.certificate if stone else "",
        "quantity": str(item.on_hand),
        "cost": _amount(item.cost, currency),
        "fixed_price": _amount(is_.fixed_price, currency),
        "serial": is_.serial,
        "lot": is_.lot,
        "barcode": is_.barcode,
        "hallmark": is_.hallmark,
        "low_at": "" if is_.low_at is None else str(is_.low_at),
        "investment": "yes" if is_.investment else "",
    }


def _plain(value: Fineness | Weight | Decimal | None) -> str:
    match value:
        case Weight():
            return f"{value.g:f}"
        case Decimal():
            return f"{value.normalize():f}"
        case Fineness():
            return str(value)
    return ""


def _amount(minor: int | None, currency: str) -> str:
    return "" if minor is None else f"{Money(minor, currency).decimal:f}"
