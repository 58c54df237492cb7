"""A price in words: what was reckoned with what, step by step, for the customer across the counter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kernel.calendars import calendar, datetime_text
from kernel.digits import conventions, number_text
from kernel.i18n import SOURCE_LANGUAGE, _, language, ngettext, unit_of
from kernel.metal import Weight
from kernel.money import DECIMALS, Money
from plugins.pricing.domain.buyback import PricedOldMetal
from plugins.pricing.domain.making import Making, MakingKind
from plugins.pricing.domain.quote import PricedLine
from plugins.pricing.domain.rate import Rate
from plugins.pricing.domain.rules import Reason, Tie
from plugins.pricing.domain.steps import Step, StepName
from plugins.pricing.domain.titles import COMPONENTS, RULED, SOURCES, UNITS

LONGEST_FRACTION = 6  #: Decimals shown of an exact value that does not end.


@dataclass(frozen=True, slots=True)
class Explained:
    """One step: `title`, how it was `worked` out (may be empty), and the rounded `amount`; `exact` where it differs."""

    name: str
    title: str
    worked: str
    amount: Money
    exact: str = ""


def explain(priced: PricedLine | PricedOldMetal) -> list[Explained]:
    """The steps of a price in the language of the person at hand."""
    currency = priced.terms.currency
    return [_explained(step, currency) for step in priced.steps]


def explain_rate(rate: Rate, time: str = "") -> str:
    """`7,000,000 IRT per gram at 750 (manual, 20 Nov 2026, 12:30)`: the time by the reader's clock, else UTC."""
    return _("{value} {currency} per {unit} at {fineness} ({source}, {time})").format(
        value=_plain(rate.value),
        currency=_currency(rate.currency),
        unit=_(UNITS[rate.unit]),
        fineness=rate.fineness,
        source=_(SOURCES.get(rate.source, rate.source)),
        time=time or f"{datetime_text(rate.at, UTC, calendar(), language())} UTC",
    )


def explain_rules(reasons: tuple[Reason, ...]) -> list[str]:
    """Which pricing rules decided what, and how a tie was broken."""
    return [_reason(reason) for reason in reasons]


def making_in_words(making: Making) -> str:
    """`18%`, `500,000 per gram`: a making charge by itself, without a piece."""
    value = _plain(making.value)
    match making.kind:
        case MakingKind.NONE:
            return _("none")
        case MakingKind.PERCENT:
            return _percent(making.value)
        case MakingKind.PER_GRAM:
            return _("{value} per gram").format(value=value)
        case MakingKind.PER_PIECE:
            return _("{value} per piece").format(value=value)
        case MakingKind.GOLD | MakingKind.MILYEM:
            return _in_metal(making)


def _in_metal(making: Making) -> str:
    value = _plain(making.value)
    if making.kind is MakingKind.MILYEM:
        return _("{value} thousandths of pure metal").format(value=value)
    if making.fineness is None:
        return _("{value} g of pure metal").format(value=value)
    return _("{value} g of metal at {fineness}").format(value=value, fineness=_plain(making.fineness.as_permille))


def _explained(step: Step, currency: str) -> Explained:
    inputs = dict(step.inputs)
    title, worked = _in_words(step.name, inputs, currency)
    exact = "" if step.exact == step.rounded else _amount(step.exact, currency)
    return Explained(step.name.value, title, worked, Money(step.rounded, currency), exact)


def _in_words(name: StepName, inputs: Mapping[str, Any], currency: str) -> tuple[str, str]:
    """The title of a step and how it was worked out."""
    match name:
        case StepName.METAL:
            return _("Metal"), _weight_times_rate(inputs, currency)
        case StepName.CUSTOMERS_METAL:
            return _("The customer’s metal, not charged"), _weight_times_rate(inputs, currency)
        case StepName.METAL_WITHIN:
            return _("Metal within this price"), _weight_times_rate(inputs, currency)
        case StepName.WASTAGE:
            return _("Wastage"), _percent_of(inputs, currency)
        case StepName.MAKING:
            return _("Making charge"), _making(inputs, currency)
        case StepName.STONES:
            return _("Stones"), _comma(_stone(stone, currency) for stone in inputs["stones"])
        case StepName.EXTRAS:
            return _("Extras"), _comma(
                f"{extra.name} {_amount(extra.price.amount, currency)}" for extra in inputs["extras"]
            )
        case StepName.PROFIT:
            return _("Profit"), _percent_of(inputs, currency)
        case StepName.FIXED_PRICE:
            return _("Fixed price"), ""
        case StepName.MANUAL_PRICE:
            return _("Price set by hand"), ""
        case StepName.MARKUP:
            worked = _("cost {cost} + {percent}").format(
                cost=_amount(inputs["cost"].amount, currency), percent=_percent(inputs["percent"])
            )
            return _("Mark-up"), worked
        case StepName.PRICE_STEP:
            worked = _("{price} to a multiple of {step}").format(
                price=_amount(inputs["price"], currency), step=_amount(inputs["step"], currency)
            )
            return _("Rounded price"), worked
        case StepName.QUANTITY:
            count = inputs["quantity"]
            return _("Quantity"), ngettext("× {count} piece", "× {count} pieces", count).format(count=_plain(count))
        case StepName.DISCOUNT:
            return _("Discount"), _discount(inputs, currency)
        case StepName.CART_DISCOUNT:
            return _("Share of the discount on the whole sale"), ""
        case StepName.TAX | StepName.TAX_WITHIN | StepName.TAX_ON_MARGIN:
            return _(inputs["tax"]), _tax(name, inputs, currency)
        case StepName.TOTAL:
            return _("Total"), ""
        case StepName.OLD_METAL:
            return _("Old metal"), _old_metal(inputs, currency)


def _weight_times_rate(inputs: Mapping[str, Any], currency: str) -> str:
    return _("{weight} of {fineness} × {rate} per gram").format(
        weight=_grams(inputs["weight"]),
        fineness=_plain(inputs["fineness"].as_permille),
        rate=_amount(inputs["per_gram"], currency),
    )


def _percent_of(inputs: Mapping[str, Any], currency: str) -> str:
    return _("{percent} of {amount}").format(
        percent=_percent(inputs["percent"]), amount=_amount(inputs["of"], currency)
    )


def _making(inputs: Mapping[str, Any], currency: str) -> str:
    making: Making = inputs["making"]
    value = _plain(making.value)
    match making.kind:
        case MakingKind.PERCENT:
            return _percent_of({"percent": making.value, "of": inputs["of"]}, currency)
        case MakingKind.PER_GRAM:
            return _("{weight} × {value} per gram").format(weight=_grams(inputs["weight"]), value=value)
        case MakingKind.GOLD:
            return _in_metal(making)
        case MakingKind.MILYEM:
            return f"{_grams(inputs['weight'])} × {_in_metal(making)}"
        case MakingKind.PER_PIECE | MakingKind.NONE:
            return _("per piece")


def _stone(stone: Any, currency: str) -> str:
    if stone.value is not None:
        return f"{stone.name} {_amount(stone.value.amount, currency)}".strip()
    worked = _("{carats} ct × {rate}").format(carats=_plain(stone.carats), rate=_plain(stone.rate))
    return f"{stone.name} {worked}".strip()


def _discount(inputs: Mapping[str, Any], currency: str) -> str:
    if inputs["percent"] is None:
        return ""
    if not inputs["on"]:
        return _percent_of(inputs, currency)
    return _("{percent} of {amount} ({components})").format(
        percent=_percent(inputs["percent"]),
        amount=_amount(inputs["of"], currency),
        components=_comma(_(title) for component, title in COMPONENTS.items() if component in inputs["on"]),
    )


def _tax(name: StepName, inputs: Mapping[str, Any], currency: str) -> str:
    if not inputs["percent"]:
        return _(inputs["because"]) if inputs["because"] else _percent_of(inputs, currency)
    sentence = {
        StepName.TAX: _("{percent} of {amount}"),
        StepName.TAX_WITHIN: _("{percent}, contained in {amount}"),
        StepName.TAX_ON_MARGIN: _("{percent}, contained in the margin of {amount}"),
    }[name]
    worked = sentence.format(percent=_percent(inputs["percent"]), amount=_amount(inputs["of"], currency))
    return f"{worked} · {_(inputs['because'])}" if inputs["because"] else worked


def _old_metal(inputs: Mapping[str, Any], currency: str) -> str:
    paid_as, tested = inputs["paid_as"], inputs["fineness"]
    worked = _weight_times_rate(inputs, currency)
    if paid_as != tested:
        worked = _("{worked} × {paid_as}/{tested}").format(
            worked=worked, tested=_plain(tested.as_permille), paid_as=_plain(paid_as.as_permille)
        )
    if inputs["less_percent"]:
        worked = _("{worked}, less {percent}").format(worked=worked, percent=_percent(inputs["less_percent"]))
    return worked


def _reason(reason: Reason) -> str:
    what = _(RULED[reason.what])
    if reason.tie is None:
        return _("{what} by the rule “{rule}”.").format(what=what, rule=reason.rule_name)
    sentence = {
        Tie.ORDER: _(
            "{what} by the rule “{rule}”: “{other}” has as many conditions, but of a kind that counts after it."
        ),
        Tie.NARROWER: _("{what} by the rule “{rule}”: “{other}” is of the same kind, but wider."),
        Tie.NEWER: _("{what} by the rule “{rule}”: “{other}” says as much, but is older."),
    }[reason.tie]
    return sentence.format(what=what, rule=reason.rule_name, other=reason.over)


def _comma(parts: Any) -> str:
    return ("، " if language() == "fa" else ", ").join(parts)


def _currency(code: str) -> str:
    """In English the code, as the books have it; in other languages the word."""
    return code if language() == SOURCE_LANGUAGE else unit_of(code)


def _grams(weight: Weight) -> str:
    return _("{grams} g").format(grams=number_text(str(weight.g), language()))


def _percent(percent: Decimal) -> str:
    return f"{_plain(percent)}{conventions(language()).percent}"


def _plain(number: Decimal | int) -> str:
    """Without the zeros that say nothing."""
    text = f"{Decimal(number):f}"
    return number_text(text.rstrip("0").rstrip(".") if "." in text else text, language())


def _amount(minor: Fraction | int, currency: str) -> str:
    """Minor units in major ones: the currency's decimals where it is whole, else as many as it takes, up to six."""
    decimals = DECIMALS[currency]
    exact = Fraction(minor)
    if exact.denominator == 1:
        return number_text(str(Decimal(exact.numerator).scaleb(-decimals)), language())
    scaled = exact * 10**LONGEST_FRACTION / 10**decimals
    near = Decimal(round(scaled)).scaleb(-LONGEST_FRACTION)
    text = _plain(near)
    return text if scaled.denominator == 1 else f"≈ {text}"
