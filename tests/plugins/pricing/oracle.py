"""The same prices worked out a second way, from the trade's sentences alone, in fractions."""

from __future__ import annotations

import math
from fractions import Fraction

from kernel.metal import GRAMS, Weight
from kernel.money import DECIMALS, RoundingMode
from plugins.pricing.public import CartLine, Component, MakingKind, MarketProfile, Rate, Rounding, Supply

KARATS = {9999: 24, 9990: 24, 9167: 22, 9160: 22, 8330: 20, 7500: 18, 5850: 14, 3750: 9}


def nearest(exact: Fraction, step: int, mode: RoundingMode) -> int:
    """A multiple of `step`, from the definitions of the four modes."""
    times = exact / step
    if mode is RoundingMode.FLOOR:
        return math.floor(times) * step
    if mode is RoundingMode.CEIL:
        return math.ceil(times) * step
    if mode is RoundingMode.HALF_EVEN:
        return round(times) * step
    away = math.floor(abs(times) + Fraction(1, 2))
    return (away if times > 0 else -away) * step


def purity(code: str, tenths: int) -> Fraction:
    if code == "IN" and tenths in KARATS:
        return Fraction(KARATS[tenths], 24)
    return Fraction(tenths, 10_000)


def metal_worth(code: str, rate: Rate, weight: Weight, tenths: int) -> Fraction:
    """Minor units: grams × price of a gram × f1 / f2."""
    gram = Fraction(rate.value) * Fraction(10) ** DECIMALS[rate.currency] / GRAMS[rate.unit]
    return Fraction(weight.mg, 1000) * gram * purity(code, tenths) / purity(code, rate.fineness.tenths)


def parts(profile: MarketProfile, rate: Rate, line: CartLine) -> tuple[dict[Component, int], dict[Component, Fraction]]:
    """The printed components of the whole line, and those that the tax reckons with."""
    rounding, piece, unit = profile.rounding, line.piece, 10 ** DECIMALS[profile.currency]
    assert piece.fineness is not None
    printed: dict[Component, int] = {}
    carried: dict[Component, Fraction] = {}

    def put(component: Component, exact: Fraction) -> Fraction:
        mode = dict(rounding.modes).get(component, rounding.line_mode)
        printed[component] = nearest(exact, rounding.line_step, mode)
        carried[component] = Fraction(printed[component]) if rounding.carry_rounded else exact
        return carried[component]

    metal = put(Component.METAL, metal_worth(profile.code, rate, piece.net, piece.fineness.tenths))
    if piece.wastage_percent:
        put(Component.WASTAGE, metal * Fraction(piece.wastage_percent) / 100)
    if line.supply is Supply.JOB_WORK:
        del printed[Component.METAL], carried[Component.METAL]
    value = Fraction(piece.making.value)
    if value:
        grams = Fraction(piece.net.mg, 1000)
        pure = metal_worth(profile.code, rate, Weight(1000), 10_000)
        milyem = (
            metal_worth(profile.code, rate, piece.net, int(value * 10)) if piece.making.kind is MakingKind.MILYEM else 0
        )
        charge = {
            MakingKind.PERCENT: metal * value / 100,
            MakingKind.PER_GRAM: grams * value * unit,
            MakingKind.PER_PIECE: value * unit,
            MakingKind.GOLD: value * pure,
            MakingKind.MILYEM: Fraction(milyem),
        }[piece.making.kind]
        put(Component.MAKING, charge)
    if piece.stones:
        worth = [Fraction(stone.carats or 0) * Fraction(stone.rate or 0) * unit for stone in piece.stones]
        put(Component.STONES, sum(worth, Fraction(0)))
    if piece.extras:
        put(Component.EXTRAS, Fraction(sum(extra.price.amount for extra in piece.extras)))
    percent = profile.profit_percent if line.rules.profit_percent is None else line.rules.profit_percent
    if percent:
        of = sum((carried[c] for c in carried if c in profile.profit_on), Fraction(0))
        put(Component.PROFIT, of * Fraction(percent) / 100)
    return (
        {c: amount * line.quantity for c, amount in printed.items()},
        {c: amount * line.quantity for c, amount in carried.items()},
    )


def line_discount(profile: MarketProfile, line: CartLine, price: int) -> int:
    if line.discount is None:
        return 0
    if line.discount.amount is not None:
        return line.discount.amount.amount
    assert line.discount.percent is not None
    exact = Fraction(line.discount.percent) * price / 100
    return min(price, nearest(exact, profile.rounding.line_step, profile.rounding.line_mode))


def tax(rounding: Rounding, base: Fraction, percent: Fraction) -> int:
    return nearest(max(Fraction(0), base) * percent / 100, rounding.tax_step, rounding.tax_mode)
