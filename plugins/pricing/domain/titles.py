"""The trade's words for what a price is made of; shown through `_`."""

from __future__ import annotations

from kernel.i18n import N_
from kernel.metal import Metal, WeightUnit
from kernel.money import RoundingMode
from plugins.pricing.domain.terms import Component, Side, Supply

METALS = {
    Metal.GOLD: N_("Gold"),
    Metal.SILVER: N_("Silver"),
    Metal.PLATINUM: N_("Platinum"),
    Metal.PALLADIUM: N_("Palladium"),
}

UNITS = {
    WeightUnit.GRAM: N_("gram"),
    WeightUnit.TOLA: N_("tola"),
    WeightUnit.TROY_OUNCE: N_("troy ounce"),
    WeightUnit.MESGHAL: N_("mesghal"),
    WeightUnit.PENNYWEIGHT: N_("pennyweight"),
    WeightUnit.CARAT: N_("carat"),
    WeightUnit.BAHT: N_("baht"),
    WeightUnit.TAEL: N_("tael"),
    WeightUnit.KILOGRAM: N_("kilogram"),
}

#: The pure metal in what is alloyed.
FINE = {
    Metal.GOLD: N_("Fine gold"),
    Metal.SILVER: N_("Fine silver"),
    Metal.PLATINUM: N_("Fine platinum"),
    Metal.PALLADIUM: N_("Fine palladium"),
}

#: What stands behind the price of one unit.
PER_UNIT = {
    WeightUnit.GRAM: N_("/g"),
    WeightUnit.TOLA: N_("/tola"),
    WeightUnit.TROY_OUNCE: N_("/oz"),
    WeightUnit.MESGHAL: N_("/mesghal"),
    WeightUnit.PENNYWEIGHT: N_("/dwt"),
    WeightUnit.CARAT: N_("/ct"),
    WeightUnit.BAHT: N_("/baht"),
    WeightUnit.TAEL: N_("/tael"),
    WeightUnit.KILOGRAM: N_("/kg"),
}

COMPONENTS = {
    Component.METAL: N_("Metal"),
    Component.WASTAGE: N_("Wastage"),
    Component.MAKING: N_("Making charge"),
    Component.PROFIT: N_("Profit"),
    Component.STONES: N_("Stones"),
    Component.EXTRAS: N_("Extras"),
    Component.GOODS: N_("Goods"),
}

SUPPLIES = {
    Supply.NEW: N_("New piece"),
    Supply.INVESTMENT: N_("Investment metal"),
    Supply.SECOND_HAND: N_("Second-hand piece"),
    Supply.JOB_WORK: N_("Work on the customer's metal"),
}

#: Whom a rule may be about.
TIERS = {
    "retail": N_("Retail"),
    "wholesale": N_("Wholesale"),
    "vip": N_("VIP"),
}

#: How an amount becomes a multiple of a step.
ROUNDING_MODES = {
    RoundingMode.HALF_UP: N_("nearest, halves up"),
    RoundingMode.HALF_EVEN: N_("nearest, halves to even"),
    RoundingMode.FLOOR: N_("down"),
    RoundingMode.CEIL: N_("up"),
}

#: What a pricing rule can decide.
RULED = {
    "making": N_("Making charge"),
    "profit": N_("Profit"),
    "markup": N_("Mark-up"),
    "price_step": N_("Round price"),
}

#: Texts that stand in the market files; a test keeps the two together.
IN_MARKET_FILES = (
    N_("Iran"),
    N_("India"),
    N_("United Arab Emirates"),
    N_("Saudi Arabia"),
    N_("Turkey"),
    N_("United Kingdom"),
    N_("United States"),
    N_("VAT"),
    N_("CGST"),
    N_("SGST"),
    N_("Sales tax"),
    N_("Work on the customer's own gold"),
    N_("Investment metal is zero-rated"),
    N_("Tradable investment metal is zero-rated"),
    N_("Bullion is exempt"),
    N_("Margin scheme for second-hand goods"),
    N_("Investment gold is free of VAT"),
    N_("Cash of this amount or more in one transaction is not allowed (Income Tax Act, section 269ST)."),
    N_("The customer's PAN is asked above this amount (Income Tax Rules, rule 114B)."),
)

#: Where a rate came from.
SOURCES = {
    "manual": N_("manual"),
    "simulated": N_("simulated"),
    "goldapi": N_("GoldAPI"),
    "metals-api": N_("Metals-API"),
}

#: Which way the metal goes.
SIDES = {
    Side.SALE: N_("for sale"),
    Side.BUY_BACK: N_("buying back"),
}
