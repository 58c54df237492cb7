"""Labels for pieces of the stock: what stands on them, how they will look, and the paper itself."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _, ngettext
from kernel.ids import new_id
from kernel.uow import UnitOfWork
from plugins.inventory.public import ItemForSale
from plugins.labels import queries
from plugins.labels.domain.choices import LAYOUT, OWN_LAYOUT, PRICE, SHOWN_FIELDS, layouts
from plugins.labels.domain.label import PRICES, SHOWN, LabelRun, Price, Shown
from plugins.labels.forms import LabelsForm, WantedQuery
from plugins.labels.jobs import print_many
from plugins.labels.pages.written import chosen_items, run_of
from plugins.labels.permissions import CHOOSE_LABELS, PRINT_LABELS
from plugins.labels.ports import LabelPrinter
from web.formats import Formats
from web.forms import validate
from web.render import formats, page
from web.routing import get, post, redirect

#: So many labels are printed while one waits: half a second. More is long work.
SOON = 200
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
    items = chosen_items(uow, wanted.item, wanted.file)
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
        **(_preview(uow, usual, printer) if items else {}),
    )


@post("/inventory/labels/preview", form=LabelsForm, permission=PRINT_LABELS, again=choose_labels)
def preview_labels(request: Request, uow: UnitOfWork, form: LabelsForm, printer: LabelPrinter) -> Response:
    return page(request, "labels/_preview.html", **_preview(uow, form, printer))


@post("/inventory/labels/pdf", form=LabelsForm, permission=PRINT_LABELS, again=choose_labels)
def print_labels(request: Request, uow: UnitOfWork, form: LabelsForm, printer: LabelPrinter) -> Response:
    done = printed(uow, form, printer)
    return done if isinstance(done, Response) else redirect(f"/tasks/{done}")


@get("/inventory/labels/files/{file}", permission=PRINT_LABELS)
def show_file(uow: UnitOfWork, file: UUID) -> Response:
    """Labels that were printed while somebody did something else."""
    return _as_file(uow, queries.file(uow, file))


def printed(uow: UnitOfWork, form: LabelsForm, printer: LabelPrinter) -> Response | UUID | None:
    """The labels, or the long work that prints them where there are many. Raises BadInput."""
    run = run_of(uow, form)
    if len(run.labels) <= SOON:
        return _as_file(uow, printer.labels(run))
    file = new_id()
    about = ngettext("{count} label", "{count} labels", len(run.labels)).format(count=len(run.labels))
    return uow.begin_work(
        print_many, about=about, result=f"/inventory/labels/files/{file}", file=str(file), asked=form.plain
    )


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


def _as_file(uow: UnitOfWork, pdf: bytes) -> Response:
    headers = {"Content-Disposition": f'inline; filename="labels-{uow.now:%Y-%m-%d}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


def _preview(uow: UnitOfWork, form: LabelsForm, printer: LabelPrinter) -> dict[str, Any]:
    run = run_of(uow, form)
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
