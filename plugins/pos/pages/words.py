"""Pieces, prices and steps in the words of the person at hand; the till, the receipt and the lists speak alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kernel.i18n import _
from kernel.metal import Fineness, Metal, Weight
from kernel.money import Money, round_to
from plugins.inventory.public import ItemForSale
from plugins.pos.domain.receipt import Figure
from plugins.pos.forms import OldGoldForm
from plugins.pricing.public import (
    COMPONENTS,
    METALS,
    PricedCart,
    PricedLine,
    PricedOldMetal,
    Rate,
    explain,
    explain_rate,
)
from web.formats import Formats

DOT = " · "


@dataclass(frozen=True, slots=True)
class Worked:
    """A step of a price, as it is explained to the customer."""

    title: str
    worked: str
    amount: str


def about(show: Formats, item: ItemForSale) -> str:
    """`18K · 4.250 g`."""
    return about_metal(show, item.metal, item.fineness, item.net)


def about_metal(show: Formats, metal: Metal | None, fineness: Fineness | None, net: Weight) -> str:
    if metal is None or fineness is None:
        return ""
    karat = show.karat(fineness, metal)
    named = karat if metal is Metal.GOLD else f"{_(METALS[metal])} {karat}"
    return DOT.join((named, show.weight(net)))


def old_gold_name(show: Formats, metal: Metal, fineness: Fineness) -> str:
    """`Old gold 18K`."""
    return _("Old {metal} {karat}").format(metal=_(METALS[metal]).lower(), karat=show.karat(fineness, metal))


def about_typed(show: Formats, typed: OldGoldForm) -> str:
    return DOT.join((show.weight(typed.weight), show.fineness(typed.fineness)))


def about_old_gold(show: Formats, bought: PricedOldMetal) -> str:
    """`6.120 g · tested 750 · paid as 740`."""
    said = [show.weight(bought.old.net), _("tested {fineness}").format(fineness=show.fineness(bought.old.fineness))]
    if bought.paid_as != bought.old.fineness:
        said.append(_("paid as {fineness}").format(fineness=show.fineness(bought.paid_as)))
    return DOT.join(said)


def parts(show: Formats, line: PricedLine) -> tuple[Figure, ...]:
    """What the price of a line is made of: its components, what is off, and each tax apart."""
    made = [(_(COMPONENTS[component]), amount) for component, amount in line.revenue if amount]
    if line.discount_net:
        made.append((_("Discount"), -line.discount_net))
    made += [
        (_("{tax} {percent}").format(tax=_(tax.name), percent=show.percent(tax.rate)), tax.amount)
        for tax in line.taxes
        if tax.amount or tax.rate
    ]
    return figures(show, made)


def steps(show: Formats, priced: PricedLine | PricedOldMetal) -> tuple[Worked, ...]:
    return tuple(Worked(step.title, step.worked, show.amount(step.amount)) for step in explain(priced))


def rate(show: Formats, rate: Rate | None) -> str:
    return "" if rate is None else explain_rate(rate, show.datetime(rate.at))


def sums(show: Formats, cart: PricedCart) -> tuple[Figure, ...]:
    """From the goods to what is due, for a cart of more than one plain line."""
    currency = cart.due.currency
    net = sum(amount.amount for line in cart.lines for _component, amount in line.revenue)
    off = sum(line.discount_net.amount for line in cart.lines)
    listed = [(_("Goods before tax"), Money(net, currency))] if cart.lines else []
    if off:
        listed.append((_("Discount"), Money(-off, currency)))
    listed += [(_(name), amount) for name, amount in cart.taxes.items()]
    if cart.exchange:
        listed.append((_("Old gold"), -cart.exchanged))
    if cart.rounding:
        listed.append((_("Rounding"), cart.rounding))
    return figures(show, listed)


def figures(show: Formats, listed: Iterable[tuple[str, Money]]) -> tuple[Figure, ...]:
    return tuple(Figure(name, show.amount(amount)) for name, amount in listed)


def per_gram(show: Formats, line: PricedLine) -> str:
    """What one gram of this fineness cost by the rate of the moment, to the currency's own decimals."""
    assert line.rate is not None
    assert line.line.piece.fineness is not None
    exact = line.rate.per_gram_at(line.line.piece.fineness, line.terms)
    return show.amount(Money(round_to(exact), line.total.currency))
