"""Rates from Metals-API (metals-api.com): how much of a fine troy ounce one unit of the currency buys."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import httpx

from adapters.rates.http import SYMBOLS, TIMEOUT_S, ask, moment, number
from kernel.metal import Fineness, Metal, WeightUnit
from plugins.pricing.public import MarketProfile, Rate, RateUnavailable

ADDRESS = "https://metals-api.com"
SOURCE = "metals-api"
DECIMALS = Decimal("0.000001")


class MetalsApi:
    def __init__(self, key: str, *, address: str = ADDRESS) -> None:
        self._client = httpx.Client(base_url=address, timeout=TIMEOUT_S)
        self._key = key

    def rate(self, market: MarketProfile, metal: Metal) -> Rate:
        symbol = SYMBOLS[metal]
        asked = {"access_key": self._key, "base": market.currency, "symbols": symbol}
        told = ask(self._client, SOURCE, "/api/latest", params=asked)
        if told.get("success") is not True:
            raise RateUnavailable(SOURCE, _why(told))
        rates = told.get("rates")
        if told.get("base") != market.currency or not isinstance(rates, dict):
            raise RateUnavailable(SOURCE, "another base currency")
        ounces = number(SOURCE, rates, symbol)
        with localcontext(prec=50):
            price = (1 / ounces).quantize(DECIMALS, ROUND_HALF_UP)
        return Rate(
            metal,
            price,
            market.currency,
            WeightUnit.TROY_OUNCE,
            Fineness(10_000),
            market.code,
            moment(SOURCE, told),
            SOURCE,
        )


def _why(told: Mapping[str, Any]) -> str:
    """The vendor's own word for what is wrong, such as `invalid_access_key`."""
    error = told.get("error")
    kind = error.get("type") if isinstance(error, dict) else None
    return kind if isinstance(kind, str) and kind.replace("_", "").isalnum() else "refused"
