"""What stands on the label of a piece, in the language of the shop's labels."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from kernel.errors import RuleBroken
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.inventory.public import ItemForSale
from plugins.labels.domain.label import Label, Price, Shown
from plugins.pos.public import price_each
from plugins.pricing.public import PricedLine, making_in_words
from web.formats import Formats


def labels_of(
    uow: UnitOfWork, items: Sequence[ItemForSale], shown: Collection[Shown], price: Price, name: str, show: Formats
) -> list[Label]:
    """One for each. `name` is the shop's own; the texts come out in the language that is spoken now."""
    prices = price_each(uow, items) if price is not Price.NONE else {}
    return [_label(item, shown, _price(prices.get(item.id), price, show), name, show) for item in items]


def _label(item: ItemForSale, shown: Collection[Shown], price: str, name: str, show: Formats) -> Label:
    # What a scan finds: its own barcode, where it came with one.
    code = item.barcode or item.sku
    return Label(
        shop=name if Shown.SHOP in shown else "",
        name=item.name if Shown.NAME in shown else "",
        sku=item.sku if Shown.SKU in shown else "",
        facts=tuple(_facts(item, shown, show)),
        price=price,
        barcode=code if Shown.BARS in shown else "",
        qr=code if Shown.QR in shown else "",
    )


def _facts(item: ItemForSale, shown: Collection[Shown], show: Formats) -> list[str]:
    facts = []
    if Shown.KARAT in shown and item.fineness is not None and item.metal is not None:
        facts.append(show.karat(item.fineness, item.metal))
    if Shown.NET in shown and item.net:
        facts.append(show.weight(item.net))
    if Shown.GROSS in shown and item.gross and item.gross != item.net:
        facts.append(_("gross {weight}").format(weight=show.weight(item.gross)))
    if Shown.STONES in shown and item.stones:
        facts.append(_stones(item, show))
    return facts


def _stones(item: ItemForSale, show: Formats) -> str:
    """`Diamond 0.45 ct, Ruby`."""
    carats = _("{name} {carats} ct")
    return ", ".join(
        stone.name if stone.carats is None else carats.format(name=stone.name, carats=show.number(stone.carats))
        for stone in item.stones
    )


def _price(priced: PricedLine | RuleBroken | None, price: Price, show: Formats) -> str:
    """Nothing for what has no price now: a label without one can be printed all the same."""
    if not isinstance(priced, PricedLine):
        return ""
    if price is Price.NOW:
        return show.money(priced.total)
    making = priced.line.rules.making or priced.line.piece.making
    return _("Making {charge}").format(charge=making_in_words(making))
