"""What the books refuse, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kernel.errors import Conflict, RuleBroken
from kernel.i18n import Sentence, _, unit_of
from kernel.metal import FineWeight
from plugins.accounting.domain.units import is_metal, written


class DoesNotBalance(RuleBroken):
    """`left` is debit less credit by unit."""

    def __init__(self, left: Mapping[str, int]) -> None:
        differences = ", ".join(_amount(amount, unit) for unit, amount in left.items())
        super().__init__(_("Debit and credit differ by {differences}.").format(differences=differences))


def _amount(amount: int, unit: str) -> str:
    if is_metal(unit):
        return Sentence("{weight} {unit}").format(weight=FineWeight(amount), unit=unit)
    return Sentence("{money} {unit}").format(money=written(amount, unit), unit=unit_of(unit))


class MovesNothing(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("This journal moves nothing: every amount goes back to where it came from."))


class NoAccountFor(RuleBroken):
    """`part` is a part that documents are booked to, or the id of an account that is not there."""

    def __init__(self, part: str) -> None:
        super().__init__(_("The books have no account for “{part}”. Choose one in the chart.").format(part=part))
        self.part = part


class PostedDifferently(Conflict):
    def __init__(self) -> None:
        super().__init__(_("This document is in the books already, with other figures. Reverse that journal first."))


class DayClosed(RuleBroken):
    def __init__(self, day: date) -> None:
        super().__init__(_("The books are closed for that day. Post it to a later one."))
        self.day = day


class DayToCome(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("That day is still to come. A journal is posted to today or to a day before."))


class AmountTooLarge(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("An amount of this journal is larger than the books can hold."))


class AlreadyReversed(Conflict):
    def __init__(self, number: int) -> None:
        super().__init__(_("Journal {number} is reversed already.").format(number=number))


class ReversesAnother(RuleBroken):
    def __init__(self, number: int) -> None:
        super().__init__(
            _("Journal {number} is itself a reversal. Post what is right as a new journal.").format(number=number)
        )


class AccountSetAside(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(_("The account “{name}” is set aside; nothing new is posted to it by hand.").format(name=name))


class CodeTaken(Conflict):
    def __init__(self, code: str) -> None:
        super().__init__(_("Another account already has the code {code}.").format(code=code))


class StillNeeded(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(
            _("Documents are still booked to “{name}”. Choose another account for them first.").format(name=name)
        )


class KindIsFixed(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(_("“{name}” has entries, so its kind stays as it is.").format(name=name))
