"""Amounts that were typed before their currency was known."""

from __future__ import annotations

from decimal import Decimal

from kernel.errors import BadInput
from kernel.i18n import _, ngettext
from kernel.money import DECIMALS, Money


def to_money(amount: Decimal, currency: str, path: str) -> Money:
    """An amount that was typed, in the currency it turned out to be in. Raises BadInput for the field at `path`."""
    try:
        return Money.of(amount, currency)
    except ValueError:
        decimals = DECIMALS[currency]
        fits = amount == round(amount, decimals)
        raise BadInput({path: _("This number is too large.") if fits else too_many_decimals(decimals)}) from None


def too_many_decimals(allowed: int) -> str:
    """The sentence for a number with more decimals than can be kept."""
    if allowed == 0:
        return _("Please enter a whole number.")
    sentence = ngettext("At most {count} decimal, please.", "At most {count} decimals, please.", allowed)
    return sentence.format(count=allowed)
