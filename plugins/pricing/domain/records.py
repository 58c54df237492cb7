"""Each value of a price as plain data, beside its way back.

The layout is a contract with every price ever stored: what is added means something where it is absent, and nothing is
ever renamed.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kernel.metal import Fineness, Metal, Weight, WeightUnit
from kernel.money import Money, RoundingMode
from plugins.pricing.domain.buyback import OldMetal
from plugins.pricing.domain.discount import Discount
from plugins.pricing.domain.making import NO_MAKING, Making, MakingKind
from plugins.pricing.domain.piece import Extra, Piece, Stone
from plugins.pricing.domain.quote import CartLine
from plugins.pricing.domain.rate import Rate
from plugins.pricing.domain.rules import NO_RULES, Reason, RuleOutcome, Tie
from plugins.pricing.domain.terms import BuyBack, Component, Rounding, Side, Supply, TaxRule, Terms

Record = dict[str, Any]


def freeze_rate(rate: Rate) -> Record:
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


def thaw_rate(record: Record) -> Rate:
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


def freeze_terms(terms: Terms) -> Record:
    return {
        "market": terms.market,
        "currency": terms.currency,
        "on": terms.on.isoformat(),
        "taxes": [freeze_tax(tax) for tax in terms.taxes],
        "rounding": freeze_rounding(terms.rounding),
        "profit_percent": str(terms.profit_percent),
        "profit_on": freeze_components(terms.profit_on),
        "discount_from": freeze_components(terms.discount_from),
        "fixed_includes_tax": terms.fixed_includes_tax,
        "buyback": freeze_buyback(terms.buyback),
        "purity": [[fineness.tenths, str(share)] for fineness, share in terms.purity],
    }


def thaw_terms(record: Record) -> Terms:
    return Terms(
        record["market"],
        record["currency"],
        date.fromisoformat(record["on"]),
        tuple(thaw_tax(tax) for tax in record["taxes"]),
        thaw_rounding(record["rounding"]),
        Decimal(record["profit_percent"]),
        thaw_components(record["profit_on"]),
        thaw_components(record["discount_from"]),
        record["fixed_includes_tax"],
        thaw_buyback(record["buyback"]),
        tuple((Fineness(tenths), Fraction(share)) for tenths, share in record["purity"]),
    )


def freeze_tax(tax: TaxRule) -> Record:
    return {
        "name": tax.name,
        "rate": None if tax.rate is None else str(tax.rate),
        "base": freeze_components(tax.base),
        "first_day": tax.first_day.isoformat(),
        "last_day": tax.last_day and tax.last_day.isoformat(),
        "supply": tax.supply and tax.supply.value,
        "fineness_min": tax.fineness_min and tax.fineness_min.tenths,
        "on_margin": tax.on_margin,
        "because": tax.because,
    }


def thaw_tax(record: Record) -> TaxRule:
    return TaxRule(
        record["name"],
        thaw_decimal(record["rate"]),
        thaw_components(record["base"]),
        date.fromisoformat(record["first_day"]),
        record["last_day"] and date.fromisoformat(record["last_day"]),
        record["supply"] and Supply(record["supply"]),
        record["fineness_min"] and Fineness(record["fineness_min"]),
        record["on_margin"],
        record["because"],
    )


def freeze_rounding(rounding: Rounding) -> Record:
    return {
        "line": [rounding.line_step, rounding.line_mode.value],
        "tax": [rounding.tax_step, rounding.tax_mode.value],
        "total": [rounding.total_step, rounding.total_mode.value],
        "carry_rounded": rounding.carry_rounded,
        "modes": {component.value: mode.value for component, mode in rounding.modes},
    }


def thaw_rounding(record: Record) -> Rounding:
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


def freeze_buyback(buyback: BuyBack) -> Record:
    return {
        "paid_as": [[tested.tenths, paid.tenths] for tested, paid in buyback.paid_as],
        "less_tenths": buyback.less_tenths,
        "less_percent": str(buyback.less_percent),
    }


def thaw_buyback(record: Record) -> BuyBack:
    return BuyBack(
        tuple((Fineness(tested), Fineness(paid)) for tested, paid in record["paid_as"]),
        record["less_tenths"],
        Decimal(record["less_percent"]),
    )


def freeze_wanted(line: CartLine) -> Record:
    return {
        "id": line.id,
        "piece": freeze_piece(line.piece),
        "quantity": line.quantity,
        "supply": line.supply.value,
        "discount": freeze_discount(line.discount),
        "manual_price": freeze_money(line.manual_price),
        "cost": freeze_money(line.cost),
        "rules": freeze_rules(line.rules),
    }


def thaw_wanted(record: Record) -> CartLine:
    return CartLine(
        record["id"],
        thaw_piece(record["piece"]),
        record["quantity"],
        Supply(record["supply"]),
        thaw_discount(record["discount"]),
        thaw_money(record["manual_price"]),
        thaw_money(record["cost"]),
        thaw_rules(record["rules"]),
    )


def freeze_piece(piece: Piece) -> Record:
    return {
        "metal": piece.metal and piece.metal.value,
        "fineness": piece.fineness and piece.fineness.tenths,
        "gross": piece.gross.mg,
        "stones_weight": piece.stones_weight.mg,
        "making": freeze_making(piece.making),
        "wastage_percent": str(piece.wastage_percent),
        "stones": [
            {
                "name": stone.name,
                "carats": freeze_decimal(stone.carats),
                "rate": freeze_decimal(stone.rate),
                "value": freeze_money(stone.value),
            }
            for stone in piece.stones
        ],
        "extras": [{"name": extra.name, "price": freeze_money(extra.price)} for extra in piece.extras],
        "fixed_price": freeze_money(piece.fixed_price),
    }


def thaw_piece(record: Record) -> Piece:
    return Piece(
        record["metal"] and Metal(record["metal"]),
        record["fineness"] and Fineness(record["fineness"]),
        Weight(record["gross"]),
        Weight(record["stones_weight"]),
        thaw_making(record["making"]) or NO_MAKING,
        Decimal(record["wastage_percent"]),
        tuple(
            Stone(stone["name"], thaw_decimal(stone["carats"]), thaw_decimal(stone["rate"]), thaw_money(stone["value"]))
            for stone in record["stones"]
        ),
        tuple(Extra(extra["name"], Money(*extra["price"])) for extra in record["extras"]),
        thaw_money(record["fixed_price"]),
    )


def freeze_making(making: Making | None) -> Record | None:
    if making is None:
        return None
    return {
        "kind": making.kind.value,
        "value": str(making.value),
        "fineness": making.fineness and making.fineness.tenths,
    }


def thaw_making(record: Record | None) -> Making | None:
    if record is None:
        return None
    fineness = record["fineness"]
    return Making(MakingKind(record["kind"]), Decimal(record["value"]), fineness and Fineness(fineness))


def freeze_discount(discount: Discount | None) -> Record | None:
    if discount is None:
        return None
    return {
        "percent": freeze_decimal(discount.percent),
        "amount": freeze_money(discount.amount),
        "on": freeze_components(discount.on),
    }


def thaw_discount(record: Record | None) -> Discount | None:
    if record is None:
        return None
    return Discount(thaw_decimal(record["percent"]), thaw_money(record["amount"]), thaw_components(record["on"]))


def freeze_rules(rules: RuleOutcome) -> Record | None:
    if rules == NO_RULES:
        return None
    return {
        "making": freeze_making(rules.making),
        "profit_percent": freeze_decimal(rules.profit_percent),
        "markup_percent": freeze_decimal(rules.markup_percent),
        "price_step": freeze_money(rules.price_step),
        "price_mode": rules.price_mode.value,
        "reasons": [
            {"what": r.what, "id": r.rule_id, "name": r.rule_name, "over": r.over, "tie": r.tie and r.tie.value}
            for r in rules.reasons
        ],
    }


def thaw_rules(record: Record | None) -> RuleOutcome:
    if record is None:
        return NO_RULES
    return RuleOutcome(
        thaw_making(record["making"]),
        thaw_decimal(record["profit_percent"]),
        thaw_decimal(record["markup_percent"]),
        thaw_money(record["price_step"]),
        RoundingMode(record["price_mode"]),
        tuple(Reason(r["what"], r["id"], r["name"], r["over"], r["tie"] and Tie(r["tie"])) for r in record["reasons"]),
    )


def freeze_old(old: OldMetal) -> Record:
    return {
        "id": old.id,
        "metal": old.metal.value,
        "gross": old.gross.mg,
        "fineness": old.fineness.tenths,
        "stones_weight": old.stones_weight.mg,
        "less_percent": freeze_decimal(old.less_percent),
    }


def thaw_old(record: Record) -> OldMetal:
    return OldMetal(
        record["id"],
        Metal(record["metal"]),
        Weight(record["gross"]),
        Fineness(record["fineness"]),
        Weight(record["stones_weight"]),
        thaw_decimal(record["less_percent"]),
    )


def freeze_money(money: Money | None) -> list[int | str] | None:
    return None if money is None else [money.amount, money.currency]


def thaw_money(record: list[Any] | None) -> Money | None:
    return None if record is None else Money(*record)


def freeze_components(components: frozenset[Component]) -> list[str]:
    return sorted(component.value for component in components)


def thaw_components(names: list[str]) -> frozenset[Component]:
    return frozenset(map(Component, names))


def freeze_decimal(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def thaw_decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
