"""Rates from GoldAPI (goldapi.io): the price of a fine troy ounce in the currency that was asked for."""

from __future__ import annotations

import httpx

from adapters.rates.http import SYMBOLS, TIMEOUT_S, ask, moment, number
from kernel.metal import Fineness, Metal, WeightUnit
from plugins.pricing.public import MarketProfile, Rate

ADDRESS = "https://www.goldapi.io"
SOURCE = "goldapi"


class GoldApi:
    def __init__(self, key: str, *, address: str = ADDRESS) -> None:
        self._client = httpx.Client(base_url=address, timeout=TIMEOUT_S, headers={"x-access-token": key})

    def rate(self, market: MarketProfile, metal: Metal) -> Rate:
        told = ask(self._client, SOURCE, f"/api/{SYMBOLS[metal]}/{market.currency}")
        return Rate(
            metal,
            number(SOURCE, told, "price"),
            market.currency,
            WeightUnit.TROY_OUNCE,
            Fineness(10_000),
            market.code,
            moment(SOURCE, told),
            SOURCE,
        )
