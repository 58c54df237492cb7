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
RECEIPT_HEADING = Setting(
    "pos.receipt_heading",
    N_("Heading of receipts"),
    N_("Below the name of the shop: address, phone, trade licence. Empty: the branch's own address and phone."),
    "",
    paragraph,
)
RECEIPT_FOOTING = Setting(
    "pos.receipt_footing",
    N_("Footing of receipts"),
    N_("At the end of a receipt: terms of return, thanks."),
    "",
    paragraph,
)
TAX_NUMBER = Setting(
    "pos.tax_number",
    N_("Tax number of the shop"),
    N_("As it must stand on invoices: TRN, GSTIN, VAT number, economic code."),
    "",
    line,
)
PAPER = Setting(
    "pos.paper",
    N_("Paper of receipts"),
    N_("What “Print” gives at the till; the other one is always at hand, too."),
    "80mm",
    line,
    choices=(("80mm", N_("Roll, 80 mm")), ("a4", N_("A4"))),
)

CHOICES = [DISCOUNT_PERCENT_MAX, RECEIPT_HEADING, RECEIPT_FOOTING, TAX_NUMBER, PAPER]
