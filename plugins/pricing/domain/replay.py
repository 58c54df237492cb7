"""A price as a record that can be kept for years, and made again from it to the last unit.

The record holds the rate, the terms, the formula's version and all inputs, and beside them what came out. The layout
is a contract with every price ever stored: entries are added with a meaning for their absence, never renamed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kernel.metal import Fineness, Metal, Weight, WeightUnit
from kernel.money import Money, RoundingMode
from plugins.pricing.domain.buyback import OldMetal, PricedOldMetal, price_old_metal
from plugins.pricing.domain.discount import Discount
from plugins.pricing.domain.errors import FormulaUnknown, ReplayDiffers
from plugins.pricing.domain.making import NO_MAKING, Making, MakingKind
from plugins.pricing.domain.piece import Extra, Piece, Stone
from plugins.pricing.domain.quote import FORMULA, CartLine, PricedCart, PricedLine, price_cart, price_line
from plugins.pricing.domain.rate import Rate, Side
from plugins.pricing.domain.rules import NO_RULES, Reason, RuleOutcome, Tie
from plugins.pricing.domain.steps import Step
from plugins.pricing.domain.terms import BuyBack, Component, Rounding, Supply, TaxRule, Terms

Record = dict[str, Any]
Priced = PricedLine | PricedCart | PricedOldMetal


def freeze(priced: Priced) -> Record:
    """The record of a price, ready for JSON."""
    match priced:
        case PricedLine():
            return _freeze_line(priced)
        case PricedOldMetal():
            return _freeze_old_metal(priced)
        case PricedCart():
            return _freeze_cart(priced)


def replay(record: Mapping[str, Any]) -> Priced:
    """The price made again from its record. Raises ReplayDiffers where it does not come out as it was."""
    version = record.get("formula")
    if version != FORMULA:
        raise FormulaUnknown(version)
    try:
        priced = _again(record)
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as unreadable:
        raise ReplayDiffers from unreadable
    if freeze(priced) != record:
        raise ReplayDiffers
    return priced


def _again(record: Mapping[str, Any]) -> Priced:
    terms = _thaw_terms(record["terms"])
    kind = record["kind"]
    if kind == "line":
        return price_line(terms, _rates(record["rate"]), _thaw_wanted(record["line"]), record["cart_share"])
    if kind == "old_metal":
        return price_old_metal(terms, _rates(record["rate"]), _thaw_old(record["old"]))
    if kind == "cart":
        return price_cart(
            terms,
            [_thaw_rate(each) for each in record["rates"]],
            [_thaw_wanted(each) for each in record["lines"]],
            _thaw_discount(record["discount"]),
            [_thaw_old(each) for each in record["exchange"]],
        )
    raise ValueError(f"unknown kind of price {kind!r}")


def _rates(record: Record | None) -> list[Rate]:
    return [] if record is None else [_thaw_rate(record)]


# What came out


def _freeze_line(line: PricedLine) -> Record:
    return {
        "formula": FORMULA,
        "kind": "line",
        "terms": _freeze_terms(line.terms),
        "rate": line.rate and _freeze_rate(line.rate),
        "line": _freeze_wanted(line.line),
        "cart_share": line.cart_share,
        "steps": [_freeze_step(step) for step in line.steps],
        "result": {
            "currency": line.total.currency,
            "price": line.price.amount,
            "discount": line.discount.amount,
            "taxes": [
                {
                    "name": tax.name,
                    "rate": str(tax.rate),
                    "base": tax.base.amount,
                    "amount": tax.amount.amount,
                    "included": tax.included,
                    "because": tax.because,
                }
                for tax in line.taxes
            ],
            "total": line.total.amount,
            "revenue": {component.value: amount.amount for component, amount in line.revenue},
            "discount_net": line.discount_net.amount,
            "fine": line.fine.units,
        },
    }


def _freeze_old_metal(bought: PricedOldMetal) -> Record:
    return {
        "formula": FORMULA,
        "kind": "old_metal",
        "terms": _freeze_terms(bought.terms),
        "rate": _freeze_rate(bought.rate),
        "old": _freeze_old(bought.old),
        "steps": [_freeze_step(step) for step in bought.steps],
        "result": {
            "currency": bought.paid.currency,
            "paid_as": bought.paid_as.tenths,
            "paid": bought.paid.amount,
            "fine": bought.fine.units,
        },
    }


def _freeze_cart(cart: PricedCart) -> Record:
    used: list[Rate] = []
    for rate in (*(line.rate for line in cart.lines), *(bought.rate for bought in cart.exchange)):
        if rate is not None and rate not in used:
            used.append(rate)
    return {
        "formula": FORMULA,
        "kind": "cart",
        "terms": _freeze_terms(cart.terms),
        "rates": [_freeze_rate(rate) for rate in used],
        "lines": [_freeze_wanted(line.line) for line in cart.lines],
        "discount": _freeze_discount(cart.discount),
        "exchange": [_freeze_old(bought.old) for bought in cart.exchange],
        "result": {
            "currency": cart.due.currency,
            "lines": [line.total.amount for line in cart.lines],
            "exchange": [bought.paid.amount for bought in cart.exchange],
            "total": cart.total.amount,
            "exchanged": cart.exchanged.amount,
            "rounding": cart.rounding.amount,
            "due": cart.due.amount,
        },
    }


def _freeze_step(step: Step) -> Record:
    return {"step": step.name.value, "exact": str(step.exact), "rounded": step.rounded}


# What went in: each value beside its way back


def _freeze_rate(rate: Rate) -> Record:
    return {
        "id": rate.id,
        "metal": rate.metal.value,
        "value": str(rate.value),
        "currency": rate.currency,
        "unit": rate.unit.value,
        "fineness": rate.fineness.tenths,
        "market": rate.market,
        "at": rate.at.isoformat(),
        "source": rate.source,
        "side": rate.side.value,
    }


def _thaw_rate(record: Record) -> Rate:
    return Rate(
        Metal(record["metal"]),
        Decimal(record["value"]),
        record["currency"],
        WeightUnit(record["unit"]),
        Fineness(record["fineness"]),
        record["market"],
        datetime.fromisoformat(record["at"]),
        record["source"],
        record["id"],
        Side(record["side"]),
    )


def _freeze_terms(terms: Terms) -> Record:
    return {
        "market": terms.market,
        "currency": terms.currency,
        "on": terms.on.isoformat(),
        "taxes": [_freeze_tax(tax) for tax in terms.taxes],
        "rounding": _freeze_rounding(terms.rounding),
        "profit_percent": str(terms.profit_percent),
        "profit_on": _names(terms.profit_on),
        "discount_from": _names(terms.discount_from),
        "fixed_includes_tax": terms.fixed_includes_tax,
        "buyback": {
            "paid_as": [[tested.tenths, paid.tenths] for tested, paid in terms.buyback.paid_as],
            "less_tenths": terms.buyback.less_tenths,
            "less_percent": str(terms.buyback.less_percent),
        },
        "purity": [[fineness.tenths, str(share)] for fineness, share in terms.purity],
    }


def _thaw_terms(record: Record) -> Terms:
    buyback = record["buyback"]
    return Terms(
        record["market"],
        record["currency"],
        date.fromisoformat(record["on"]),
        tuple(_thaw_tax(tax) for tax in record["taxes"]),
        _thaw_rounding(record["rounding"]),
        Decimal(record["profit_percent"]),
        _components(record["profit_on"]),
        _components(record["discount_from"]),
        record["fixed_includes_tax"],
        BuyBack(
            tuple((Fineness(tested), Fineness(paid)) for tested, paid in buyback["paid_as"]),
            buyback["less_tenths"],
            Decimal(buyback["less_percent"]),
        ),
        tuple((Fineness(tenths), Fraction(share)) for tenths, share in record["purity"]),
    )


def _freeze_tax(tax: TaxRule) -> Record:
    return {
        "name": tax.name,
        "rate": None if tax.rate is None else str(tax.rate),
        "base": _names(tax.base),
        "first_day": tax.first_day.isoformat(),
        "last_day": tax.last_day and tax.last_day.isoformat(),
        "supply": tax.supply and tax.supply.value,
        "fineness_min": tax.fineness_min and tax.fineness_min.tenths,
        "on_margin": tax.on_margin,
        "because": tax.because,
    }


def _thaw_tax(record: Record) -> TaxRule:
    return TaxRule(
        record["name"],
        _decimal(record["rate"]),
        _components(record["base"]),
        date.fromisoformat(record["first_day"]),
        record["last_day"] and date.fromisoformat(record["last_day"]),
        record["supply"] and Supply(record["supply"]),
        record["fineness_min"] and Fineness(record["fineness_min"]),
        record["on_margin"],
        record["because"],
    )


def _freeze_rounding(rounding: Rounding) -> Record:
    return {
        "line": [rounding.line_step, rounding.line_mode.value],
        "tax": [rounding.tax_step, rounding.tax_mode.value],
        "total": [rounding.total_step, rounding.total_mode.value],
        "carry_rounded": rounding.carry_rounded,
        "modes": {component.value: mode.value for component, mode in rounding.modes},
    }


def _thaw_rounding(record: Record) -> Rounding:
    (line_step, line), (tax_step, tax), (total_step, total) = record["line"], record["tax"], record["total"]
    return Rounding(
        line_step,
        RoundingMode(line),
        tax_step,
        RoundingMode(tax),
        total_step,
        RoundingMode(total),
        record["carry_rounded"],
        tuple((Component(component), RoundingMode(mode)) for component, mode in record["modes"].items()),
    )


def _freeze_wanted(line: CartLine) -> Record:
    return {
        "id": line.id,
        "piece": _freeze_piece(line.piece),
        "quantity": line.quantity,
        "supply": line.supply.value,
        "discount": _freeze_discount(line.discount),
        "manual_price": _freeze_money(line.manual_price),
        "cost": _freeze_money(line.cost),
        "rules": _freeze_rules(line.rules),
    }


def _thaw_wanted(record: Record) -> CartLine:
    return CartLine(
        record["id"],
        _thaw_piece(record["piece"]),
        record["quantity"],
        Supply(record["supply"]),
        _thaw_discount(record["discount"]),
        _thaw_money(record["manual_price"]),
        _thaw_money(record["cost"]),
        _thaw_rules(record["rules"]),
    )


def _freeze_piece(piece: Piece) -> Record:
    return {
        "metal": piece.metal and piece.metal.value,
        "fineness": piece.fineness and piece.fineness.tenths,
        "gross": piece.gross.mg,
        "stones_weight": piece.stones_weight.mg,
        "making": _freeze_making(piece.making),
        "wastage_percent": str(piece.wastage_percent),
        "stones": [
            {
                "name": stone.name,
                "carats": _text(stone.carats),
                "rate": _text(stone.rate),
                "value": _freeze_money(stone.value),
            }
            for stone in piece.stones
        ],
        "extras": [{"name": extra.name, "price": _freeze_money(extra.price)} for extra in piece.extras],
        "fixed_price": _freeze_money(piece.fixed_price),
    }


def _thaw_piece(record: Record) -> Piece:
    return Piece(
        record["metal"] and Metal(record["metal"]),
        record["fineness"] and Fineness(record["fineness"]),
        Weight(record["gross"]),
        Weight(record["stones_weight"]),
        _thaw_making(record["making"]) or NO_MAKING,
        Decimal(record["wastage_percent"]),
        tuple(
            Stone(stone["name"], _decimal(stone["carats"]), _decimal(stone["rate"]), _thaw_money(stone["value"]))
            for stone in record["stones"]
        ),
        tuple(Extra(extra["name"], Money(*extra["price"])) for extra in record["extras"]),
        _thaw_money(record["fixed_price"]),
    )


def _freeze_making(making: Making | None) -> Record | None:
    if making is None:
        return None
    return {
        "kind": making.kind.value,
        "value": str(making.value),
        "fineness": making.fineness and making.fineness.tenths,
    }


def _thaw_making(record: Record | None) -> Making | None:
    if record is None:
        return None
    fineness = record["fineness"]
    return Making(MakingKind(record["kind"]), Decimal(record["value"]), fineness and Fineness(fineness))


def _freeze_discount(discount: Discount | None) -> Record | None:
    if discount is None:
        return None
    return {
        "percent": _text(discount.percent),
        "amount": _freeze_money(discount.amount),
        "on": _names(discount.on),
    }


def _thaw_discount(record: Record | None) -> Discount | None:
    if record is None:
        return None
    return Discount(_decimal(record["percent"]), _thaw_money(record["amount"]), _components(record["on"]))


def _freeze_rules(rules: RuleOutcome) -> Record | None:
    if rules == NO_RULES:
        return None
    return {
        "making": _freeze_making(rules.making),
        "profit_percent": _text(rules.profit_percent),
        "markup_percent": _text(rules.markup_percent),
        "price_step": _freeze_money(rules.price_step),
        "price_mode": rules.price_mode.value,
        "reasons": [
            {"what": r.what, "id": r.rule_id, "name": r.rule_name, "over": r.over, "tie": r.tie and r.tie.value}
            for r in rules.reasons
        ],
    }


def _thaw_rules(record: Record | None) -> RuleOutcome:
    if record is None:
        return NO_RULES
    return RuleOutcome(
        _thaw_making(record["making"]),
        _decimal(record["profit_percent"]),
        _decimal(record["markup_percent"]),
        _thaw_money(record["price_step"]),
        RoundingMode(record["price_mode"]),
        tuple(Reason(r["what"], r["id"], r["name"], r["over"], r["tie"] and Tie(r["tie"])) for r in record["reasons"]),
    )


def _freeze_old(old: OldMetal) -> Record:
    return {
        "id": old.id,
        "metal": old.metal.value,
        "gross": old.gross.mg,
        "fineness": old.fineness.tenths,
        "stones_weight": old.stones_weight.mg,
        "less_percent": _text(old.less_percent),
    }


def _thaw_old(record: Record) -> OldMetal:
    return OldMetal(
        record["id"],
        Metal(record["metal"]),
        Weight(record["gross"]),
        Fineness(record["fineness"]),
        Weight(record["stones_weight"]),
        _decimal(record["less_percent"]),
    )


def _freeze_money(money: Money | None) -> list[int | str] | None:
    return None if money is None else [money.amount, money.currency]


def _thaw_money(record: list[Any] | None) -> Money | None:
    return None if record is None else Money(*record)


def _names(components: frozenset[Component]) -> list[str]:
    return sorted(component.value for component in components)


def _components(names: list[str]) -> frozenset[Component]:
    return frozenset(map(Component, names))


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
