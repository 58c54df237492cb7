"""What a shop decides about its till."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from kernel.contributions import Setting
from kernel.digits import decimal_text
from kernel.i18n import N_, _
from kernel.text import line, paragraph


def _from_to(least: int, most: int) -> Callable[[str], int]:
    def read(typed: str) -> int:
        try:
            number = Decimal(decimal_text(typed))
        except ValueError:
            number = Decimal("NaN")
        if not (number.is_finite() and number == int(number) and least <= number <= most):
            raise ValueError(_("Please enter a whole number from {least} to {most}.").format(least=least, most=most))
        return int(number)

    return read


DISCOUNT_PERCENT_MAX = Setting(
    "pos.discount_percent_max",
    N_("Discount a seller may give (per cent)"),
    N_("More than this needs somebody who may give discounts above the limit."),
    5,
    _from_to(0, 100),
)
FOOTINGS = Setting(
    "pos.footings",
    N_("At the end of receipts"),
    N_("Terms of return, thanks."),
    {},
    paragraph,
)
PAPER = Setting(
    "pos.paper",
    N_("Paper of receipts"),
    N_("What “Print” gives at the till; the other one is always at hand, too."),
    "80mm",
    line,
    choices=(("80mm", N_("Roll, 80 mm")), ("a4", N_("A4"))),
)

COPIES = Setting(
    "pos.copies",
    N_("Copies"),
    N_("What “Print” gives at the till."),
    "one",
    line,
    choices=(("one", N_("One, for the customer")), ("two", N_("Two: for the customer and for the shop"))),
)
BARS = Setting(
    "pos.bars",
    N_("Number as a barcode, too"),
    N_("Below the QR code, for scanners that read no QR."),
    True,
    bool,
)

CHOICES = [DISCOUNT_PERCENT_MAX, FOOTINGS, PAPER, COPIES, BARS]
