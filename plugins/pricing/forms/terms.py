"""What is typed about the terms a shop trades under."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from kernel.errors import BadInput
from kernel.i18n import _
from kernel.money import RoundingMode
from plugins.pricing.domain.terms import BuyBack, Component, Rounding
from plugins.pricing.forms.fields import ComponentField, ModeField, ShortLine
from web.forms import AmountField, FinenessField, Form, Markup, Percent, to_money


class TaxRateForm(Form):
    """The rate of a tax that the market leaves to the shop."""

    name: ShortLine
    rate: Percent | None = None


class TermsForm(Form):
    """How this shop trades in its market."""

    profit_percent: Markup
    line_step: AmountField
    line_mode: ModeField
    tax_step: AmountField
    tax_mode: ModeField
    total_step: AmountField
    total_mode: ModeField
    carry: Literal["rounded", "exact"] = "rounded"
    taxed: tuple[ComponentField, ...] = ()
    tax_rates: Annotated[tuple[TaxRateForm, ...], Field(max_length=20)] = ()

    def rounding(self, currency: str, modes: tuple[tuple[Component, RoundingMode], ...]) -> Rounding:
        """Raises BadInput for a step that the currency cannot hold."""
        line, tax, total = (
            to_money(step, currency, field).amount
            for field, step in (
                ("line_step", self.line_step),
                ("tax_step", self.tax_step),
                ("total_step", self.total_step),
            )
        )
        carried = self.carry == "rounded"
        return Rounding(line, self.line_mode, tax, self.tax_mode, total, self.total_mode, carried, modes)


class PaidAsForm(Form):
    fineness: FinenessField
    paid_as: FinenessField


class BuyBackForm(Form):
    """How old metal is paid where no buy-back rate is set."""

    less_percent: Percent = Decimal(0)
    less_permille: Percent = Decimal(0)
    paid: Annotated[tuple[PaidAsForm, ...], Field(max_length=30)] = ()

    def terms(self) -> BuyBack:
        """Raises BadInput."""
        for place, pair in enumerate(self.paid):
            if pair.paid_as > pair.fineness:
                raise BadInput({f"paid.{place}.paid_as": _("Old metal is not paid as finer than it is.")})
        less = self.less_permille * 10
        if less != less.to_integral_value():
            raise BadInput({"less_permille": _("At most one decimal, please.")})
        paid = {pair.fineness: pair.paid_as for pair in self.paid}
        return BuyBack(tuple(paid.items()), int(less), self.less_percent)
