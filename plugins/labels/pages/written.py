"""What stands on the label of a piece, in the language of the shop's labels."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import chain, repeat
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel.calendars import Calendar
from kernel.errors import BadInput, RuleBroken
from kernel.i18n import _, speaking
from kernel.uow import UnitOfWork
from plugins.inventory import public as inventory
from plugins.inventory.public import ItemForSale
from plugins.labels.domain.choices import OWN_LAYOUT, layouts
from plugins.labels.domain.label import MOST_LABELS, MOST_PIECES, Label, LabelRun, Price, Shown
from plugins.labels.domain.layout import Layout
from plugins.labels.forms import LabelsForm
from plugins.pos.public import price_each
from plugins.pricing.public import PricedLine, making_in_words
from plugins.shop import public as shop
from web.formats import Formats, direction


def chosen_items(uow: UnitOfWork, ids: Iterable[UUID], file: UUID | None = None) -> list[ItemForSale]:
    """In the order in which they were chosen."""
    wanted = [*ids, *(inventory.entered_by(uow, file, MOST_PIECES) if file else ())]
    found = inventory.for_sale(uow, wanted) if wanted else {}
    return [found[id] for id in dict.fromkeys(wanted) if id in found]


def run_of(uow: UnitOfWork, form: LabelsForm) -> LabelRun:
    """Raises BadInput."""
    items = chosen_items(uow, form.item)
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


def in_the_shops_words(uow: UnitOfWork) -> Formats:
    """Labels lie in the window: they speak as the shop does, whoever prints them."""
    return Formats(uow.shop.language, Calendar(uow.shop.calendar), ZoneInfo(uow.shop.zone), uow.now)


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


def _layout(uow: UnitOfWork, name: str) -> Layout:
    known = layouts(uow.setting(OWN_LAYOUT))
    if name not in known:
        raise BadInput({"layout": _("Please choose one from the list.")})
    return known[name]
