"""Labels for pieces of the stock: what stands on them, how they will look, and the paper itself."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from kernel.calendars import Calendar
from kernel.errors import BadInput
from kernel.i18n import _, speaking
from kernel.uow import UnitOfWork
from plugins.inventory import public as inventory
from plugins.inventory.public import ItemForSale
from plugins.labels.domain.choices import LAYOUT, OWN_LAYOUT, PRICE, SHOWN_FIELDS, layouts
from plugins.labels.domain.label import MOST_LABELS, PRICES, SHOWN, LabelRun, Price, Shown
from plugins.labels.domain.layout import Layout
from plugins.labels.forms import LabelsForm, WantedQuery
from plugins.labels.pages.written import labels_of
from plugins.labels.permissions import CHOOSE_LABELS, PRINT_LABELS
from plugins.labels.ports import LabelPrinter
from plugins.shop import public as shop
from web.formats import Formats, direction
from web.forms import validate
from web.render import formats, page
from web.routing import get, post

#: Of labels from a roll, so many are shown before they are printed; of sheets, the first.
SHOWN_SINGLES = 4
#: Pieces that are named on the page.
NAMED_PIECES = 50


@dataclass(frozen=True, slots=True)
class Piece:
    """A chosen piece as the page lists it."""

    id: UUID
    sku: str
    name: str
    about: str
    on_hand: str


@get("/inventory/labels", permission=PRINT_LABELS, query=WantedQuery)
def choose_labels(request: Request, uow: UnitOfWork, query: WantedQuery | None, printer: LabelPrinter) -> Response:
    # Shown again after a refusal, the pieces are those of the form that was refused.
    wanted = query or validate(WantedQuery, {"item": request.state.draft.data.get("item", ())})
    items = _items(uow, wanted.item, wanted.file)
    usual = LabelsForm(
        item=tuple(item.id for item in items),
        layout=uow.setting(LAYOUT),
        shown=tuple(map(Shown, uow.setting(SHOWN_FIELDS))),
        price=Price(uow.setting(PRICE)),
    )
    show = formats(request)
    return page(
        request,
        "labels/print.html",
        form=usual,
        pieces=[_named(item, show) for item in items[:NAMED_PIECES]],
        chosen=len(items),
        more=max(0, len(items) - NAMED_PIECES),
        may_choose=uow.actor.may(CHOOSE_LABELS.name),
        **choices(uow),
        **(_preview(uow, items, usual, printer) if items else {}),
    )


@post("/inventory/labels/preview", form=LabelsForm, permission=PRINT_LABELS, again=choose_labels)
def preview_labels(request: Request, uow: UnitOfWork, form: LabelsForm, printer: LabelPrinter) -> Response:
    return page(request, "labels/_preview.html", **_preview(uow, _items(uow, form.item), form, printer))


@post("/inventory/labels/pdf", form=LabelsForm, permission=PRINT_LABELS, again=choose_labels)
def print_labels(request: Request, uow: UnitOfWork, form: LabelsForm, printer: LabelPrinter) -> Response:
    run = _run(uow, _items(uow, form.item), form)
    headers = {"Content-Disposition": f'inline; filename="labels-{uow.now:%Y-%m-%d}.pdf"'}
    return Response(printer.labels(run), media_type="application/pdf", headers=headers)


def of_a_piece(uow: UnitOfWork, item: UUID) -> dict[str, str]:
    """On the page of a piece: the way to its label."""
    return {"address": f"/inventory/labels?item={item}"}


def of_a_file(uow: UnitOfWork, import_id: UUID) -> dict[str, str]:
    """On the page of an import: the way to the labels of all that came in with it."""
    return {"address": f"/inventory/labels?file={import_id}"}


def of_many(uow: UnitOfWork) -> dict[str, str]:
    """Where many pieces of the list are selected: the way to their labels."""
    return {"address": "/inventory/labels"}


def choices(uow: UnitOfWork) -> dict[str, Any]:
    """What the fields of both forms may be chosen from."""
    return {
        "layouts": [(layout.name, _(layout.title)) for layout in layouts(uow.setting(OWN_LAYOUT)).values()],
        "fields": [(each.value, _(title)) for each, title in SHOWN.items()],
        "prices": [(each.value, _(title)) for each, title in PRICES.items()],
    }


def pictures(run: LabelRun, printer: LabelPrinter) -> list[str]:
    """As addresses that carry the pictures themselves."""
    return [f"data:image/png;base64,{b64encode(drawn).decode()}" for drawn in printer.label_pictures(run)]


def in_the_shops_words(uow: UnitOfWork) -> Formats:
    """Labels lie in the window: they speak as the shop does, whoever prints them."""
    return Formats(uow.shop.language, Calendar(uow.shop.calendar), ZoneInfo(uow.shop.zone), uow.now)


def _items(uow: UnitOfWork, ids: Iterable[UUID], file: UUID | None = None) -> list[ItemForSale]:
    """In the order in which they were chosen."""
    wanted = [*ids, *(inventory.entered_by(uow, file, MOST_LABELS) if file else ())]
    found = inventory.for_sale(uow, wanted) if wanted else {}
    return [found[id] for id in dict.fromkeys(wanted) if id in found]


def _layout(uow: UnitOfWork, name: str) -> Layout:
    known = layouts(uow.setting(OWN_LAYOUT))
    if name not in known:
        raise BadInput({"layout": _("Please choose one from the list.")})
    return known[name]


def _run(uow: UnitOfWork, items: Sequence[ItemForSale], form: LabelsForm) -> LabelRun:
    """Raises BadInput."""
    layout = _layout(uow, form.layout)
    if form.start > layout.on_a_page:
        raise BadInput({"start": _("This sheet has {places} places.").format(places=layout.on_a_page)})
    copies = [max(1, item.on_hand) if form.stock else form.copies for item in items]
    if not items:
        raise BadInput({"": _("Choose pieces in the stock first.")})
    if sum(copies) > MOST_LABELS:
        raise BadInput({"copies": _("At most {most} labels in one go, please.").format(most=MOST_LABELS)})
    show = in_the_shops_words(uow)
    with speaking(show.language):
        head = shop.letterhead(uow, show.language)
        labels = labels_of(uow, items, form.shown, form.price, head.name, show)
    return LabelRun(
        show.language,
        direction(show.language),
        layout,
        tuple(chain.from_iterable(map(repeat, labels, copies))),
        uow.now,
        form.start,
        head.logo if Shown.LOGO in form.shown else None,
    )


def _preview(uow: UnitOfWork, items: Sequence[ItemForSale], form: LabelsForm, printer: LabelPrinter) -> dict[str, Any]:
    run = _run(uow, items, form)
    first = run.first(run.layout.on_a_page - run.start + 1 if run.layout.is_sheet else SHOWN_SINGLES)
    return {
        "pictures": pictures(first, printer),
        "count": len(run.labels),
        "pages": run.layout.pages(len(run.labels), run.start),
        "is_sheet": run.layout.is_sheet,
    }


def _named(item: ItemForSale, show: Formats) -> Piece:
    about = []
    if item.fineness is not None and item.metal is not None:
        about.append(show.karat(item.fineness, item.metal))
    if item.net:
        about.append(show.weight(item.net))
    return Piece(item.id, item.sku, item.name, " · ".join(about), show.number(item.on_hand))
