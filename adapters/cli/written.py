"""Values of the trade as they are written on the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar

import click

from kernel.digits import decimal_text, latin
from kernel.karats import STAMPED
from kernel.metal import Fineness, Weight
from kernel.money import Money
from plugins.pricing import public as pricing

Value = TypeVar("Value")


class Written(click.ParamType[Value], Generic[Value]):
    """A value with the way from what was typed to it; `shape` shows how to write it."""

    def __init__(self, shape: str, read: Callable[[str], Value]) -> None:
        self.name = shape
        self._read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return self._read(value.strip())
        except (ValueError, ArithmeticError):
            self.fail(f"{value!r} is not understood; write it like {self.name}", param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return self.name


def number(typed: str) -> Decimal:
    return Decimal(decimal_text(typed))


def percent(typed: str) -> Decimal:
    return number(typed.rstrip("%٪ "))


def grams(typed: str) -> Weight:
    return Weight.grams(decimal_text(typed.removesuffix("g")))


def fineness(typed: str) -> Fineness:
    """`750`, `916.7` or a karat: `18k`."""
    plain = latin(typed).lower()
    if plain.endswith("k"):
        stamped = STAMPED.get(int(plain.removesuffix("k")))
        if stamped is None:
            raise ValueError("no such karat")
        return stamped
    return Fineness.permille(decimal_text(plain, grouped=False))


def day(typed: str) -> date:
    return date.fromisoformat(latin(typed))


def money(typed: str, currency: str) -> Money:
    return Money.of(number(typed), currency)


def discount(typed: str, currency: str) -> pricing.Discount:
    """`5%` or an amount."""
    if typed.endswith(("%", "٪")):
        return pricing.Discount(percent=percent(typed))
    return pricing.Discount(amount=money(typed, currency))


def stone(typed: str, currency: str) -> pricing.Stone:
    """`ruby=250000` or `ruby=0.5ct@1000000`."""
    name, _equals, worth = typed.rpartition("=")
    carats, at, rate = worth.partition("@")
    if at:
        return pricing.Stone(name, carats=number(carats.removesuffix("ct")), rate=number(rate))
    return pricing.Stone(name, value=money(worth, currency))


def priced_extra(typed: str, currency: str) -> pricing.Extra:
    """`box=50000`."""
    name, _equals, price = typed.rpartition("=")
    return pricing.Extra(name, money(price, currency))


def old_metal(typed: str) -> tuple[Weight, Fineness]:
    """`3.2@750`: grams at a tested fineness."""
    weight, _at, tested = typed.partition("@")
    return grams(weight), fineness(tested)
