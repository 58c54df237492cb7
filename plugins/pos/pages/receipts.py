"""How receipts look, with a picture of one beside the choices."""

from __future__ import annotations

from base64 import b64encode
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from kernel.calendars import Calendar
from kernel.i18n import _, language, speaking
from kernel.metal import Weight
from kernel.money import Money
from kernel.uow import UnitOfWork
from plugins.pos.actions.choose_receipts import choose_receipts
from plugins.pos.domain.choices import BARS, COPIES, DISCOUNT_PERCENT_MAX, FOOTINGS, PAPER
from plugins.pos.domain.receipt import Figure, Paper, Receipt, ReceiptLine
from plugins.pos.forms import ReceiptsForm
from plugins.pos.ports import Printer
from plugins.shop import public as shop
from plugins.shop.public import SETTINGS
from web.formats import Formats, direction
from web.render import page
from web.routing import get, post, redirect

#: About what a gram of the example's metal costs where this currency is counted; elsewhere some hundreds.
GRAM = {"INR": 9_000, "IRR": 70_000_000, "IRT": 7_000_000, "TRY": 4_000}


@get("/settings/receipts", permission=SETTINGS)
def show_receipts(request: Request, uow: UnitOfWork, printer: Printer) -> Response:
    chosen = ReceiptsForm(
        footings=uow.setting(FOOTINGS),
        paper=uow.setting(PAPER),
        copies=uow.setting(COPIES),
        bars=uow.setting(BARS),
        discount_percent_max=uow.setting(DISCOUNT_PERCENT_MAX),
    )
    return page(
        request,
        "pos/receipts.html",
        form=chosen,
        sections=shop.sections(uow),
        settings={each.name.removeprefix("pos."): each for each in (FOOTINGS, PAPER, COPIES, BARS)},
        discount=DISCOUNT_PERCENT_MAX,
        papers=[(value, _(title)) for value, title in PAPER.choices],
        copies=[(value, _(title)) for value, title in COPIES.choices],
        **_pictures(uow, chosen, printer),
    )


@post("/settings/receipts/preview", form=ReceiptsForm, permission=SETTINGS, again=show_receipts)
def preview_receipts(request: Request, uow: UnitOfWork, form: ReceiptsForm, printer: Printer) -> Response:
    return page(request, "pos/_receipt_pictures.html", **_pictures(uow, form, printer))


@post("/settings/receipts", form=ReceiptsForm, permission=SETTINGS, again=show_receipts)
def change_receipts(request: Request, uow: UnitOfWork, form: ReceiptsForm) -> Response:
    choose_receipts(uow, form)
    return redirect("/settings/receipts", say=_("Saved."))


def _pictures(uow: UnitOfWork, form: ReceiptsForm, printer: Printer) -> dict[str, Any]:
    with speaking(form.language or uow.shop.language):
        receipt = _example(uow, form)
    drawn = printer.receipt_pictures(receipt, Paper(form.paper))
    return {
        "paper": form.paper,
        "pictures": [f"data:image/png;base64,{b64encode(picture).decode()}" for picture in drawn],
    }


def _example(uow: UnitOfWork, form: ReceiptsForm) -> Receipt:
    """A ring sold for cash: how receipts look before anything was sold."""
    spoken = language()
    show = Formats(spoken, Calendar(uow.shop.calendar), ZoneInfo(uow.shop.zone), uow.now)

    def amount(units: int) -> str:
        return show.amount(Money.of(Decimal(units), uow.shop.currency))

    metal = GRAM.get(uow.shop.currency, 350) * 17 // 4
    making = metal * 18 // 100
    profit = (metal + making) * 7 // 100
    total = metal + making + profit
    parts = ((_("Metal"), metal), (_("Making charge"), making), (_("Profit"), profit))
    details = f"{show.digits(_('{karat}K').format(karat=18))} · {show.weight(Weight.grams('4.250'))}"
    figures = tuple(Figure(name, amount(units)) for name, units in parts)
    return Receipt(
        language=spoken,
        direction=direction(spoken),
        title=_("Invoice"),
        number=_("No. {number}").format(number=show.digits(1204)),
        at=uow.now,
        letterhead=shop.letterhead(uow, spoken),
        facts=(Figure(_("Date"), show.datetime(uow.now)), Figure(_("Seller"), uow.actor.name)),
        lines=(ReceiptLine(_("Ring"), "R-1001", details, figures, amount(total)),),
        taken_title="",
        taken=(),
        sums=(),
        total=Figure(_("Total"), show.money(Money.of(Decimal(total), uow.shop.currency))),
        settled=(Figure(_("Cash"), amount(total)),),
        footing=tuple(shop.text_in(form.footings, spoken, uow.shop.language).splitlines()),
        columns=(_("Piece"), _("Amount")),
        code="1204",
        barcode="1204" if form.bars else "",
    )
