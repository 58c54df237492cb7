"""The price of a line and of a cart, worked out step by step under the terms of one day.

A line goes through two hands: `reckon` adds up what the piece costs and takes off the line's own discount; `settle`
takes off its share of the cart's discount and then taxes what is left. So a discount is always taxed correctly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kernel.digits import number_text
from kernel.i18n import _, language
from kernel.metal import Fineness, FineWeight, Weight
from kernel.money import Money, round_to
from plugins.pricing.domain.amounts import percent_of, price_of
from plugins.pricing.domain.buyback import OldMetal, PricedOldMetal, price_old_metal
from plugins.pricing.domain.discount import Discount, share_out, take_off
from plugins.pricing.domain.errors import CostNeeded, DiscountAboveTotal, PieceIncomplete, TaxRateNotSet
from plugins.pricing.domain.piece import Piece
from plugins.pricing.domain.rate import Rate, choose_rate
from plugins.pricing.domain.rules import NO_RULES, RuleOutcome
from plugins.pricing.domain.steps import Sheet, Step, StepName, money
from plugins.pricing.domain.terms import Component, Supply, TaxRule, Terms

#: The version of the formulas below. Any change of a result makes a new one; the old one stays for replay.
FORMULA = 1

MOST_PIECES = 100_000


@dataclass(frozen=True, slots=True)
class CartLine:
    """What is asked for. `manual_price` is for one piece and was approved by whoever passes it here."""

    id: str
    piece: Piece
    quantity: int = 1
    supply: Supply = Supply.NEW
    discount: Discount | None = None
    manual_price: Money | None = None
    cost: Money | None = None
    rules: RuleOutcome = NO_RULES

    def __post_init__(self) -> None:
        if not 1 <= self.quantity <= MOST_PIECES:
            raise PieceIncomplete(
                _("A quantity is from 1 to {most}.").format(most=number_text(str(MOST_PIECES), language()))
            )
        for amount in (self.manual_price, self.cost):
            if amount is not None and amount.amount < 0:
                raise PieceIncomplete(_("A price and a cost are not negative."))


@dataclass(frozen=True, slots=True)
class Tax:
    """One tax on one line. `base` is the taxable value without the tax; `included`: the price contained it already."""

    name: str
    rate: Decimal
    base: Money
    amount: Money
    included: bool
    because: str = ""


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A price that can be replayed.

    For the customer: `price` − `discount` (+ taxes that are not included) = `total`.
    For the books, always: sum of `revenue` − `discount_net` + sum of `taxes` = `total`.
    """

    line: CartLine
    terms: Terms
    rate: Rate | None
    cart_share: int
    price: Money
    discount: Money
    taxes: tuple[Tax, ...]
    total: Money
    revenue: tuple[tuple[Component, Money], ...]
    discount_net: Money
    fine: FineWeight
    steps: tuple[Step, ...]

    @property
    def id(self) -> str:
        return self.line.id

    @property
    def tax(self) -> Money:
        return sum((tax.amount for tax in self.taxes), Money.zero(self.total.currency))

    @property
    def net(self) -> Money:
        """What the shop earns: the total without its taxes."""
        return self.total - self.tax


@dataclass(frozen=True, slots=True)
class PricedCart:
    """`due` = `total` − `exchanged` + `rounding`, which has an account of its own. A negative `due` is paid out."""

    terms: Terms
    lines: tuple[PricedLine, ...]
    discount: Discount | None
    exchange: tuple[PricedOldMetal, ...]
    total: Money
    exchanged: Money
    rounding: Money
    due: Money

    @property
    def taxes(self) -> dict[str, Money]:
        """Each tax by name, over all lines."""
        sums: dict[str, Money] = {}
        for line in self.lines:
            for tax in line.taxes:
                sums[tax.name] = sums.get(tax.name, Money.zero(self.terms.currency)) + tax.amount
        return sums


def price_cart(
    terms: Terms,
    rates: Sequence[Rate],
    lines: Sequence[CartLine],
    discount: Discount | None = None,
    exchange: Sequence[OldMetal] = (),
) -> PricedCart:
    """Price the lines together. Old metal is a purchase beside the sale: it lowers what is due, never what is taxed."""
    reckoned = [reckon(terms, rates, line) for line in lines]
    left = [sum(each.left.values()) for each in reckoned]
    off = discount.off(sum(left), terms.currency, terms.rounding) if discount else 0
    priced = tuple(settle(each, share) for each, share in zip(reckoned, share_out(off, left), strict=True))
    bought = tuple(price_old_metal(terms, rates, old) for old in exchange)
    total = sum(each.total.amount for each in priced)
    exchanged = sum(each.paid.amount for each in bought)
    due = terms.rounding.total(total - exchanged)
    return PricedCart(
        terms,
        priced,
        discount,
        bought,
        money(total, terms.currency),
        money(exchanged, terms.currency),
        money(due - (total - exchanged), terms.currency),
        money(due, terms.currency),
    )


def price_line(terms: Terms, rates: Sequence[Rate], line: CartLine, cart_share: int = 0) -> PricedLine:
    """One line, with its share of the cart's discount in minor units."""
    reckoned = reckon(terms, rates, line)
    left = sum(reckoned.left.values())
    if cart_share > left:
        raise DiscountAboveTotal(Money(cart_share, terms.currency), Money(left, terms.currency))
    return settle(reckoned, cart_share)


@dataclass(slots=True)
class Reckoned:
    """A line between the two hands: its components for all its pieces, and what is off them already."""

    terms: Terms
    line: CartLine
    rate: Rate | None
    taxes: tuple[TaxRule, ...]
    sheet: Sheet
    off: dict[Component, int]

    @property
    def left(self) -> dict[Component, int]:
        return {c: amount - self.off[c] for c, amount in self.sheet.rounded.items()}


def reckon(terms: Terms, rates: Sequence[Rate], line: CartLine) -> Reckoned:
    """What the pieces cost before tax, less the line's own discount."""
    taxes = terms.taxes_on(line.supply, line.piece.fineness)
    sheet = Sheet(terms.rounding)
    price = _price_set(line)
    if price is None:
        rate = _add_up(sheet, terms, rates, line)
    else:
        rate = _take_as_set(sheet, terms, rates, line, taxes, price)
    if line.quantity > 1:
        _multiply(sheet, line.quantity)
    reckoned = Reckoned(terms, line, rate, taxes, sheet, dict.fromkeys(sheet.rounded, 0))
    if line.discount is not None:
        _discount(reckoned, line.discount)
    return reckoned


def _price_set(line: CartLine) -> tuple[StepName, Fraction | int, dict[str, object]] | None:
    """The price of one piece where it is set and not added up: by hand, on its tag, or from its cost."""
    if line.manual_price is not None:
        return StepName.MANUAL_PRICE, line.manual_price.amount, {"price": line.manual_price}
    if line.piece.fixed_price is not None:
        return StepName.FIXED_PRICE, line.piece.fixed_price.amount, {"price": line.piece.fixed_price}
    markup = line.rules.markup_percent
    if markup is None:
        return None
    if line.cost is None:
        raise CostNeeded
    exact = line.cost.amount + percent_of(markup, line.cost.amount)
    return StepName.MARKUP, exact, {"cost": line.cost, "percent": markup}


def _add_up(sheet: Sheet, terms: Terms, rates: Sequence[Rate], line: CartLine) -> Rate | None:
    """Metal, wastage, making, stones, extras and profit of one piece."""
    piece, net, currency = line.piece, line.piece.net, terms.currency
    making = line.rules.making or piece.making
    rate: Rate | None = None
    metal: Fraction | int = 0
    if piece.metal is not None and piece.fineness is not None:
        rate = choose_rate(rates, piece.metal, piece.fineness).in_currency(currency)
        per_gram = rate.per_gram_at(piece.fineness, terms)
        ours = line.supply is not Supply.JOB_WORK
        name = StepName.METAL if ours else StepName.CUSTOMERS_METAL
        metal = sheet.write(
            name, price_of(net, per_gram), Component.METAL, weight=net, fineness=piece.fineness, per_gram=per_gram
        )
        if piece.wastage_percent:
            percent = piece.wastage_percent
            wastage = percent_of(percent, metal)
            sheet.write(StepName.WASTAGE, wastage, Component.WASTAGE, percent=percent, of=metal)
        if not ours:
            del sheet.rounded[Component.METAL], sheet.carried[Component.METAL]
    elif making.needs_rate and making.value:
        raise PieceIncomplete(_("A making charge in per cent or in metal needs a piece of metal."))

    def metal_value(weight: Weight, fineness: Fineness) -> Fraction:
        assert rate is not None
        return price_of(weight, rate.per_gram_at(fineness, terms))

    if making.value:
        charge = making.charge(net, metal, metal_value, currency)
        sheet.write(StepName.MAKING, charge, Component.MAKING, making=making, weight=net, of=metal)
    if piece.stones:
        worth = sum(stone.worth(currency) for stone in piece.stones)
        sheet.write(StepName.STONES, worth, Component.STONES, stones=piece.stones)
    if piece.extras:
        prices = sum((extra.price for extra in piece.extras), Money.zero(currency))
        sheet.write(StepName.EXTRAS, prices.amount, Component.EXTRAS, extras=piece.extras)
    if not sheet.rounded:
        raise PieceIncomplete(_("There is nothing to price: enter a weight, a charge or a fixed price."))
    percent = terms.profit_percent if line.rules.profit_percent is None else line.rules.profit_percent
    if percent:
        of = sum(sheet.carried[c] for c in sheet.carried if c in terms.profit_on)
        sheet.write(StepName.PROFIT, percent_of(percent, of), Component.PROFIT, percent=percent, of=of)
    _to_price_step(sheet, line.rules, Component.PROFIT, currency)
    return rate


def _take_as_set(
    sheet: Sheet,
    terms: Terms,
    rates: Sequence[Rate],
    line: CartLine,
    taxes: tuple[TaxRule, ...],
    price: tuple[StepName, Fraction | int, dict[str, object]],
) -> Rate | None:
    """A set price is one component; but where the metal in it is not taxed, the metal stands apart."""
    name, exact, inputs = price
    sheet.write(name, exact, Component.GOODS, **inputs)
    _to_price_step(sheet, line.rules, Component.GOODS, terms.currency)
    piece = line.piece
    if piece.metal is None or piece.fineness is None or not _spares_metal(taxes):
        return None
    rate = choose_rate(rates, piece.metal, piece.fineness).in_currency(terms.currency)
    per_gram = rate.per_gram_at(piece.fineness, terms)
    whole = sheet.rounded[Component.GOODS]
    worth = price_of(piece.net, per_gram)
    within = worth if worth < whole else Fraction(whole)
    sheet.write(
        StepName.METAL_WITHIN, within, Component.METAL, weight=piece.net, fineness=piece.fineness, per_gram=per_gram
    )
    metal = min(sheet.rounded[Component.METAL], whole)
    sheet.rounded = {Component.METAL: metal, Component.GOODS: whole - metal}
    sheet.carried = dict(sheet.rounded)
    return rate


def _spares_metal(taxes: tuple[TaxRule, ...]) -> bool:
    taxing = [tax for tax in taxes if tax.rate != 0]
    return bool(taxing) and not any(tax.on_margin or Component.METAL in tax.base for tax in taxing)


def _to_price_step(sheet: Sheet, rules: RuleOutcome, component: Component, currency: str) -> None:
    """A shop that wants round prices rounds the piece; the component that is the shop's own takes the difference."""
    if rules.price_step is None:
        return
    price = sum(sheet.rounded.values())
    step = (rules.price_step + Money.zero(currency)).amount
    rounded = round_to(price, step, rules.price_mode)
    sheet.note(StepName.PRICE_STEP, rounded, price=price, step=step)
    sheet.rounded[component] = sheet.rounded.get(component, 0) + rounded - price
    sheet.carried[component] = sheet.carried.get(component, 0) + rounded - price


def _multiply(sheet: Sheet, quantity: int) -> None:
    """Each printed component times the number of pieces, so that the receipt's unit price × quantity is its line."""
    for component in sheet.rounded:
        sheet.rounded[component] *= quantity
        sheet.carried[component] *= quantity
    sheet.note(StepName.QUANTITY, sum(sheet.rounded.values()), quantity=quantity)


def _discount(reckoned: Reckoned, discount: Discount) -> None:
    sheet, terms = reckoned.sheet, reckoned.terms
    available = sum(amount for c, amount in sheet.rounded.items() if not discount.on or c in discount.on)
    off = discount.off(max(available, 0), terms.currency, terms.rounding)
    take_off(off, sheet.rounded, reckoned.off, discount.on or terms.discount_from)
    sheet.note(StepName.DISCOUNT, -off, percent=discount.percent, of=available, on=discount.on)


def settle(reckoned: Reckoned, cart_share: int) -> PricedLine:
    """The line's price after its share of the cart's discount, with its taxes."""
    terms, line, sheet, currency = reckoned.terms, reckoned.line, reckoned.sheet, reckoned.terms.currency
    if cart_share:
        take_off(cart_share, sheet.rounded, reckoned.off, terms.discount_from)
        sheet.note(StepName.CART_DISCOUNT, -cart_share)
    price = sum(sheet.rounded.values())
    off = sum(reckoned.off.values())
    taxes = _tax(reckoned)
    included = sum(tax.amount.amount for tax in taxes if tax.included)
    revenue, undiscounted = _without_included_tax(reckoned, included)
    total = price - off + sum(tax.amount.amount for tax in taxes if not tax.included)
    sheet.note(StepName.TOTAL, total)
    return PricedLine(
        line,
        terms,
        reckoned.rate,
        cart_share,
        money(price, currency),
        money(off, currency),
        taxes,
        money(total, currency),
        tuple((component, money(amount, currency)) for component, amount in revenue.items()),
        money(off - (undiscounted - included), currency),
        FineWeight(0) if line.supply is Supply.JOB_WORK else line.piece.fine * line.quantity,
        tuple(sheet.steps),
    )


def _tax(reckoned: Reckoned) -> tuple[Tax, ...]:
    """Every tax of the line on what is left of its components."""
    terms, sheet, off = reckoned.terms, reckoned.sheet, reckoned.off
    left = {c: amount - off[c] for c, amount in sheet.carried.items()}
    worked = []
    for rule in reckoned.taxes:
        base, exact, included = _work_out(reckoned, rule, left)
        amount = terms.rounding.tax(exact)
        name = StepName.TAX_ON_MARGIN if rule.on_margin else StepName.TAX_WITHIN if included else StepName.TAX
        inputs = (("tax", rule.name), ("percent", rule.rate), ("of", base), ("because", rule.because))
        sheet.steps.append(Step(name, inputs, exact, amount))
        worked.append((rule, base, amount, included))
    inside = sum(amount for _rule, _base, amount, included in worked if included)
    return tuple(
        Tax(
            rule.name,
            _rate_of(rule),
            money(round_to(base) - (inside if included else 0), terms.currency),
            money(amount, terms.currency),
            included,
            rule.because,
        )
        for rule, base, amount, included in worked
    )


def _work_out(
    reckoned: Reckoned, rule: TaxRule, left: dict[Component, Fraction | int]
) -> tuple[Fraction | int, Fraction | int, bool]:
    """A tax's base (never below zero), its exact amount, and whether the price contains it already."""
    included = _is_included(reckoned, rule)
    if not rule.on_margin:
        base = max(0, sum(amount for c, amount in left.items() if c in rule.base))
    elif reckoned.line.cost is None:
        raise CostNeeded
    else:
        base = max(0, sum(left.values()) - reckoned.line.cost.amount * reckoned.line.quantity)
    rate = _rate_of(rule)
    if not rate:
        return base, 0, included
    exact = percent_of(rate, base)
    if included:
        exact = exact * 100 / (100 + sum(Fraction(_rate_of(each)) for each in reckoned.taxes))
    return base, exact, included


def _rate_of(rule: TaxRule) -> Decimal:
    if rule.rate is None:
        raise TaxRateNotSet(rule.name)
    return rule.rate


def _is_included(reckoned: Reckoned, rule: TaxRule) -> bool:
    return rule.on_margin or (reckoned.terms.fixed_includes_tax and Component.GOODS in reckoned.sheet.rounded)


def _without_included_tax(reckoned: Reckoned, included: int) -> tuple[dict[Component, int], int]:
    """The components net of a tax that is inside them, and that tax as it would be without any discount.

    So revenue is booked before discounts and the discount beside it, both without tax.
    """
    rounded = dict(reckoned.sheet.rounded)
    inside = [rule for rule in reckoned.taxes if _is_included(reckoned, rule)]
    if not inside:
        return rounded, 0
    undiscounted = included
    if any(reckoned.off.values()):
        exact = (_work_out(reckoned, rule, reckoned.sheet.carried)[1] for rule in inside)
        undiscounted = sum(reckoned.terms.rounding.tax(tax) for tax in exact)
    holding = [c for c in rounded if any(rule.on_margin or c in rule.base for rule in inside)]
    weights = [max(0, rounded[c]) for c in holding]
    for component, part in zip(holding, share_out(undiscounted, weights), strict=True):
        rounded[component] -= part
    return rounded, undiscounted
