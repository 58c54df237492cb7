"""What pricing refuses, in sentences for the person at the till."""

from __future__ import annotations

from datetime import date, timedelta

from kernel.calendars import calendar, short_date
from kernel.errors import Conflict, NotFound, RuleBroken, TryLater
from kernel.i18n import _, language, ngettext
from kernel.metal import Fineness, Metal
from kernel.money import Money
from plugins.pricing.domain.titles import METALS


class RateMissing(RuleBroken):
    def __init__(self, metal: Metal) -> None:
        super().__init__(_("There is no rate for {metal} yet. Set today’s rate first.").format(metal=_(METALS[metal])))


class RateInOtherCurrency(RuleBroken):
    def __init__(self, rate_currency: str, market_currency: str) -> None:
        super().__init__(
            _("The rate is in {rate}, prices here are in {market}.").format(rate=rate_currency, market=market_currency)
        )


class PieceIncomplete(RuleBroken):
    """A piece lacks what its price is made of; the sentence says what."""


class MakingUnclear(RuleBroken):
    """A making charge that cannot be meant as it is written."""


class DiscountUnclear(RuleBroken):
    """A discount that cannot be meant as it is written."""


class DiscountAboveTotal(RuleBroken):
    def __init__(self, discount: Money, most: Money) -> None:
        super().__init__(
            _("A discount of {discount} is more than the {most} it can come off.").format(discount=discount, most=most)
        )


class CostNeeded(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("What the shop paid for this piece is needed to price it. Enter its cost."))


class TaxRateNotSet(RuleBroken):
    def __init__(self, tax: str) -> None:
        super().__init__(_("The rate of “{tax}” is not set. Enter it in the settings of this shop.").format(tax=_(tax)))


class TaxUnknownOn(RuleBroken):
    def __init__(self, market: str, on: date) -> None:
        super().__init__(
            _("The tax rules of {market} on {day} are not known here.").format(
                market=_(market), day=short_date(on, calendar(), language())
            )
        )


class PriceTooLarge(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("This price is larger than the books can hold. Check the weight and the rate."))


class FinenessOutOfRange(RuleBroken):
    def __init__(self, fineness: Fineness) -> None:
        super().__init__(_("Old metal of {fineness} has no buy-back fineness.").format(fineness=fineness))


class FormulaUnknown(RuleBroken):
    def __init__(self, version: object) -> None:
        super().__init__(
            _("This price was made with formula {version}, which is not known here.").format(version=version)
        )


class ReplayDiffers(RuleBroken):
    """A stored price no longer comes out as it was: its record was changed, or the formula was."""

    def __init__(self) -> None:
        super().__init__(
            _("This stored price does not come out again as it was written. Its record may have been changed.")
        )


class RateStale(RuleBroken):
    """The newest rate of a metal is older than this shop sells at."""

    def __init__(self, metal: Metal, age: timedelta, allowed: timedelta) -> None:
        sentence = _("The rate for {metal} is {age} old; this shop sells at none older than {allowed}. Set it anew.")
        super().__init__(sentence.format(metal=_(METALS[metal]), age=_hours(age), allowed=_hours(allowed)))


class RateUnavailable(TryLater):
    """No source of rates answers with a rate now."""

    def __init__(self, source: str, why: str) -> None:
        super().__init__(_("{source} gives no rate now: {why}.").format(source=source, why=why))


class RuleUnknown(NotFound):
    def __init__(self) -> None:
        super().__init__(_("There is no such pricing rule."))


class QuoteUnknown(NotFound):
    def __init__(self) -> None:
        super().__init__(_("There is no such quote."))


class NotOnTheBoard(NotFound):
    def __init__(self) -> None:
        super().__init__(_("This is not on the board of rates."))


class RuleNameTaken(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__(_("Another rule is called “{name}”.").format(name=name))


def _hours(age: timedelta) -> str:
    hours = int(age.total_seconds() // 3600)
    return ngettext("{count} hour", "{count} hours", hours).format(count=hours)
