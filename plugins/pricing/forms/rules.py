"""What is typed about a pricing rule."""

from __future__ import annotations

from kernel.errors import BadInput
from kernel.i18n import _
from kernel.money import RoundingMode
from plugins.pricing.domain.rules import PricingRule
from plugins.pricing.forms.fields import MakingField, MetalField, ModeField, ShortLine
from web.forms import AmountField, FinenessField, Form, Markup, Uuid, to_money


class RuleForm(Form):
    """Conditions, and what holds where they are met; what is left out does not matter, or is not decided."""

    name: ShortLine
    metal: MetalField | None = None
    fineness_min: FinenessField | None = None
    fineness_max: FinenessField | None = None
    category: Uuid | None = None
    craftsmanship: ShortLine = ""
    branch: Uuid | None = None
    tier: ShortLine = ""
    making: MakingField | None = None
    profit_percent: Markup | None = None
    markup_percent: Markup | None = None
    price_step: AmountField | None = None
    price_mode: ModeField = RoundingMode.HALF_UP

    def rule(self, id_: str, currency: str) -> PricingRule:
        """Raises BadInput for a rule that cannot be meant."""
        if self.fineness_min and self.fineness_max and self.fineness_min > self.fineness_max:
            raise BadInput({"fineness_max": _("This is lower than the fineness it starts from.")})
        if all(each is None for each in (self.making, self.profit_percent, self.markup_percent, self.price_step)):
            raise BadInput({"": _("A rule decides something: a profit, a making charge, a mark-up or a round price.")})
        return PricingRule(
            id_,
            self.name,
            self.metal,
            self.fineness_min,
            self.fineness_max,
            str(self.category) if self.category else "",
            self.craftsmanship,
            str(self.branch) if self.branch else "",
            self.tier,
            self.making,
            self.profit_percent,
            self.markup_percent,
            None if self.price_step is None else to_money(self.price_step, currency, "price_step"),
            self.price_mode,
        )
