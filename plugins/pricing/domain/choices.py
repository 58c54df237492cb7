"""What a shop chooses about its prices: single choices, and those over its market as one record."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kernel.contributions import Setting
from kernel.digits import decimal_text, number_text
from kernel.i18n import N_, _, language
from plugins.pricing.domain.market import ShopChoices
from plugins.pricing.domain.records import (
    Record,
    freeze_buyback,
    freeze_components,
    freeze_decimal,
    freeze_rounding,
    thaw_buyback,
    thaw_components,
    thaw_decimal,
    thaw_rounding,
)

LONGEST_AGE_H = 24 * 30
LONGEST_VALIDITY_MIN = 60 * 24 * 30


def _whole(least: int, most: int, typed: str) -> int:
    try:
        number = int(decimal_text(typed))
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise ValueError(
            _("Please enter a whole number from {least} to {most}.").format(
                least=least, most=number_text(str(most), language())
            )
        )
    return number


def _premium(typed: str) -> str:
    try:
        percent = Decimal(decimal_text(typed.strip().rstrip("%٪")))
    except (ValueError, ArithmeticError):
        percent = Decimal(1000)
    if not -50 <= percent <= 50:
        raise ValueError(_("Please enter a percentage from -50 to 50."))
    return str(percent)


RATE_AGE_H = Setting(
    "pricing.rate_age_h",
    N_("Oldest rate to sell at"),
    N_("Hours. An older rate is shown as old, and nothing is sold at it."),
    24,
    lambda typed: _whole(1, LONGEST_AGE_H, typed),
)
FOLLOW_MARKET = Setting(
    "pricing.follow_market",
    N_("Rates of the market"),
    N_("Where you set no rate of your own, or yours is old, prices follow the market’s."),
    "yes",
    str,
    (("yes", N_("Follow the market")), ("no", N_("Only our own rates"))),
)
MARKET_PREMIUM = Setting(
    "pricing.market_premium_percent",
    N_("On top of the market’s rate"),
    N_("Per cent, above or below zero."),
    "0",
    _premium,
)
QUOTE_MIN = Setting(
    "pricing.quote_min",
    N_("How long a quote holds"),
    N_("Minutes. Afterwards the price is worked out anew."),
    30,
    lambda typed: _whole(1, LONGEST_VALIDITY_MIN, typed),
)
#: Everything else a shop decides over its market's defaults, as one record: see `freeze_choices`.
CHOICES = Setting("pricing.choices", N_("Prices"), "", None, str)

SETTINGS = (RATE_AGE_H, FOLLOW_MARKET, MARKET_PREMIUM, QUOTE_MIN)


def freeze_choices(choices: ShopChoices) -> Record:
    return {
        "profit_percent": freeze_decimal(choices.profit_percent),
        "rounding": choices.rounding and freeze_rounding(choices.rounding),
        "tax_rates": {name: str(rate) for name, rate in choices.tax_rates.items()},
        "taxed_too": freeze_components(choices.taxed_too),
        "buyback": choices.buyback and freeze_buyback(choices.buyback),
    }


def thaw_choices(record: Mapping[str, Any] | None) -> ShopChoices:
    if record is None:
        return ShopChoices()
    return ShopChoices(
        thaw_decimal(record["profit_percent"]),
        record["rounding"] and thaw_rounding(record["rounding"]),
        {name: Decimal(rate) for name, rate in record["tax_rates"].items()},
        thaw_components(record["taxed_too"]),
        record["buyback"] and thaw_buyback(record["buyback"]),
    )
