"""Some pieces of a line that was sold together: what a refund gives back, from the sale's own price."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.i18n import ngettext
from kernel.metal import FineWeight
from kernel.money import Money
from plugins.pricing.domain.errors import PieceIncomplete
from plugins.pricing.domain.quote import PricedLine, Tax
from plugins.pricing.domain.terms import Component


@dataclass(frozen=True, slots=True)
class LinePart:
    """The same sums as of a whole line: `revenue` − `discount_net` + `taxes` = `total`."""

    total: Money
    revenue: tuple[tuple[Component, Money], ...]
    discount_net: Money
    taxes: tuple[Tax, ...]
    fine: FineWeight


def part_of(line: PricedLine, pieces: int, already: int = 0) -> LinePart:
    """The share of `pieces`, where `already` were taken before; all parts of a line sum to it exactly."""
    whole = line.line.quantity
    if pieces < 1 or already < 0 or already + pieces > whole:
        left = whole - already
        sentence = ngettext("This line has only {count} piece left.", "This line has only {count} pieces left.", left)
        raise PieceIncomplete(sentence.format(count=left))

    def cut(amount: int) -> int:
        return amount * (already + pieces) // whole - amount * already // whole

    def cut_money(amount: Money) -> Money:
        return Money(cut(amount.amount), amount.currency)

    revenue = tuple((component, cut_money(amount)) for component, amount in line.revenue)
    discount = cut_money(line.discount_net)
    taxes = tuple(
        Tax(tax.name, tax.rate, cut_money(tax.base), cut_money(tax.amount), tax.included, tax.because)
        for tax in line.taxes
    )
    total = sum(amount.amount for _component, amount in revenue) - discount.amount
    total += sum(tax.amount.amount for tax in taxes)
    return LinePart(Money(total, line.total.currency), revenue, discount, taxes, FineWeight(cut(line.fine.units)))
