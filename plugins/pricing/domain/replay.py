"""A price as a record that can be kept for years, and made again from it to the last unit.

The record holds the rate, the terms, the formula's version and all inputs, and beside them what came out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugins.pricing.domain.buyback import PricedOldMetal, price_old_metal
from plugins.pricing.domain.errors import FormulaUnknown, ReplayDiffers
from plugins.pricing.domain.quote import FORMULA, PricedCart, PricedLine, price_cart, price_line
from plugins.pricing.domain.rate import Rate
from plugins.pricing.domain.records import (
    Record,
    freeze_discount,
    freeze_old,
    freeze_rate,
    freeze_terms,
    freeze_wanted,
    thaw_discount,
    thaw_old,
    thaw_rate,
    thaw_terms,
    thaw_wanted,
)
from plugins.pricing.domain.steps import Step

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
    terms = thaw_terms(record["terms"])
    kind = record["kind"]
    if kind == "line":
        return price_line(terms, _rates(record["rate"]), thaw_wanted(record["line"]), record["cart_share"])
    if kind == "old_metal":
        return price_old_metal(terms, _rates(record["rate"]), thaw_old(record["old"]))
    if kind == "cart":
        return price_cart(
            terms,
            [thaw_rate(each) for each in record["rates"]],
            [thaw_wanted(each) for each in record["lines"]],
            thaw_discount(record["discount"]),
            [thaw_old(each) for each in record["exchange"]],
        )
    raise ValueError(f"unknown kind of price {kind!r}")


def _rates(record: Record | None) -> list[Rate]:
    return [] if record is None else [thaw_rate(record)]


# What came out


def _freeze_line(line: PricedLine) -> Record:
    return {
        "formula": FORMULA,
        "kind": "line",
        "terms": freeze_terms(line.terms),
        "rate": line.rate and freeze_rate(line.rate),
        "line": freeze_wanted(line.line),
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
        "terms": freeze_terms(bought.terms),
        "rate": freeze_rate(bought.rate),
        "old": freeze_old(bought.old),
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
        "terms": freeze_terms(cart.terms),
        "rates": [freeze_rate(rate) for rate in used],
        "lines": [freeze_wanted(line.line) for line in cart.lines],
        "discount": freeze_discount(cart.discount),
        "exchange": [freeze_old(bought.old) for bought in cart.exchange],
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
