"""Money as whole minor units of a named currency, and the one place where amounts are rounded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation
from enum import StrEnum
from fractions import Fraction

#: Minor units per major unit as a power of ten. ISO 4217, but for IRT: the toman is what Iranian shops
#: quote, pay and keep books in (1 toman = 10 rial); it has no ISO code and no fraction in use.
DECIMALS = {
    "AED": 2, "BHD": 3, "CHF": 2, "EUR": 2, "GBP": 2, "INR": 2, "IRR": 0, "IRT": 0,
    "JPY": 0, "KWD": 3, "OMR": 3, "QAR": 2, "SAR": 2, "TRY": 2, "USD": 2,
}  # fmt: skip

#: A browser holds integers exactly up to here, and bigint columns a little further.
LARGEST = 2**53 - 1

#: Python's usual context quietly rounds after 28 digits; here a digit that would be lost is an error.
EXACTLY = Context(prec=60, traps=[Inexact, InvalidOperation])


class RoundingMode(StrEnum):
    """How an exact amount becomes a multiple of a step."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    FLOOR = "floor"
    CEIL = "ceil"


def round_to(exact: Fraction | int, step: int = 1, mode: RoundingMode = RoundingMode.HALF_UP) -> int:
    """The multiple of `step` nearest to `exact` under `mode`; negative halves mirror positive ones."""
    if step < 1:
        raise ValueError("a rounding step is at least 1")
    # Whole numbers throughout: a fraction divided by the step would be reduced first, at ten times the cost.
    numerator, denominator = exact.numerator, exact.denominator * step
    whole, rest = divmod(numerator, denominator)
    twice = 2 * rest
    if mode is RoundingMode.FLOOR or rest == 0:
        up = False
    elif mode is RoundingMode.CEIL:
        up = True
    elif twice != denominator:
        up = twice > denominator
    elif mode is RoundingMode.HALF_EVEN:
        up = whole % 2 == 1
    else:
        up = numerator > 0
    return (whole + up) * step


class CurrencyMismatch(TypeError):
    """Two currencies met in one sum: a mistake of the program, never of a person."""


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: `amount` minor units (cents, or whole toman) of `currency`."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in DECIMALS:
            raise ValueError(f"unknown currency {self.currency!r}")
        if type(self.amount) is not int or abs(self.amount) > LARGEST:
            raise ValueError(f"an amount is a whole number of minor units within ±{LARGEST}")

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(0, currency)

    @classmethod
    def of(cls, major: Decimal | int | str, currency: str) -> Money:
        """From an amount in major units. Raises ValueError when it has more decimals than the currency."""
        try:
            minor = EXACTLY.scaleb(Decimal(major), DECIMALS[currency])
        except DecimalException:
            raise ValueError(
                "an amount is a whole number of minor units, and this is no number we could keep"
            ) from None
        if not minor.is_finite() or minor != minor.to_integral_value():
            raise ValueError(f"{currency} has {DECIMALS[currency]} decimals")
        return cls(int(minor), currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, with the currency's own number of decimals."""
        return Decimal(self.amount).scaleb(-DECIMALS[self.currency])

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} with {other.currency}")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.amount * times, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.amount <= other.amount

    def __bool__(self) -> bool:
        return self.amount != 0

    def __str__(self) -> str:
        return f"{self.decimal:,f} {self.currency}"


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum of amounts in one currency; zero of it when there are none."""
    return sum(amounts, Money.zero(currency))
