"""A quote on paper, for a customer to take home."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.pricing.domain.buyback import PricedOldMetal
from plugins.pricing.domain.explain import explain
from plugins.pricing.domain.quote import PricedLine
from plugins.pricing.domain.titles import METALS
from plugins.pricing.permissions import SEE_RATES
from plugins.pricing.queries.quotes import quote as kept_quote
from plugins.shop.public import Column, Figure, Row, Sheet, SheetPrinter, Table, letterhead
from web.formats import Formats, direction
from web.render import formats
from web.routing import get


@get("/pricing/quotes/{quote}/pdf", permission=SEE_RATES)
def print_quote(request: Request, uow: UnitOfWork, quote: UUID, printer: SheetPrinter) -> Response:
    kept = kept_quote(uow, quote)
    cart = kept.cart
    show = formats(request)
    sums = [(_("Goods and taxes"), cart.total), (_("Old metal"), -cart.exchanged), (_("Rounding"), cart.rounding)]
    sheet = Sheet(
        language=show.language,
        direction=direction(show.language),
        title=_("Quote"),
        at=kept.made_at,
        letterhead=letterhead(uow, show.language),
        subtitle=_("Holds until {time}").format(time=show.datetime(kept.valid_until)),
        facts=(Figure(_("Date"), show.datetime(kept.made_at)), Figure(_("By"), kept.made_by)),
        tables=(
            *(_table(show, line) for line in cart.lines),
            *(_table(show, bought) for bought in cart.exchange),
        ),
        sums=(
            *(Figure(name, show.amount(amount)) for name, amount in sums if amount and len(cart.exchange)),
            Figure(_("To pay"), show.money(cart.due)),
        ),
    )
    headers = {"Content-Disposition": f'inline; filename="quote-{kept.made_at:%Y-%m-%d}.pdf"'}
    return Response(printer.sheet(sheet), media_type="application/pdf", headers=headers)


def _table(show: Formats, priced: PricedLine | PricedOldMetal) -> Table:
    """A price step by step, as it is explained across the counter."""
    columns = (Column(_("Step")), Column(_("Worked out"), is_wide=True), Column(_("Amount"), is_number=True))
    rows = tuple(Row((step.title, step.worked, show.amount(step.amount))) for step in explain(priced))
    return Table(columns, rows, _piece(show, priced))


def _piece(show: Formats, priced: PricedLine | PricedOldMetal) -> str:
    """`Gold 750 · 4.210 g`."""
    if isinstance(priced, PricedOldMetal):
        return _("Old metal")
    piece = priced.line.piece
    if piece.metal is None or piece.fineness is None:
        return _("Piece")
    return f"{_(METALS[piece.metal])} {show.fineness(piece.fineness)} · {show.weight(piece.net)}"
