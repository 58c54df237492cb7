"""The contract of a source of rates, held by the fake and by every real one; vendors speak over real HTTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.rates.goldapi import GoldApi
from adapters.rates.in_order import REMEMBERED_S, InOrder
from adapters.rates.metals_api import MetalsApi
from adapters.rates.simulated import SimulatedRates
from kernel.clock import SetClock
from kernel.metal import Fineness, Metal, WeightUnit
from plugins.pricing.public import MarketProfile, Rate, RateSource, RateUnavailable, market
from tests.plugins.pricing.fakes import FakeRates

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
KEY = "secret-key"
EMIRATES, IRAN = market("AE"), market("IR")


@dataclass
class Vendor:
    """A web server on this machine that answers as told, in the formats the vendors document."""

    address: str = ""
    status: int = 200
    body: bytes | Callable[[str, dict[str, str]], Any] = b"{}"
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def answer(self, path: str, headers: dict[str, str]) -> bytes:
        self.requests.append((path, headers))
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body(path, headers)).encode()


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    told = Vendor()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = told.answer(self.path, {name.lower(): value for name, value in self.headers.items()})
            self.send_response(told.status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield told
    server.shutdown()
    server.server_close()


def as_goldapi(path: str, headers: dict[str, str]) -> dict[str, Any]:
    """https://www.goldapi.io/dashboard: what `GET /api/XAU/AED` says."""
    _, _, symbol, currency = path.split("/")
    if headers.get("x-access-token") != KEY:
        return {"error": "Invalid API Key"}
    if currency == "IRT":
        return {"error": "No data available for this date or pair"}
    return {
        "timestamp": int(AT.timestamp()), "metal": symbol, "currency": currency, "exchange": "FOREXCOM",
        "symbol": f"FOREXCOM:{symbol}{currency}", "prev_close_price": 15010.5, "open_price": 15010.5,
        "low_price": 14987.12, "high_price": 15102.33, "open_time": 1763596800, "price": 15060.1234,
        "ch": 49.62, "chp": 0.33, "ask": 15062.03, "bid": 15058.2, "price_gram_24k": 484.1943,
    }  # fmt: skip


def as_metals_api(path: str, _headers: dict[str, str]) -> dict[str, Any]:
    """https://metals-api.com/documentation: what `GET /api/latest?access_key=…&base=AED&symbols=XAU` says."""
    asked = {name: value[0] for name, value in parse_qs(urlsplit(path).query).items()}
    if asked.get("access_key") != KEY:
        return {"success": False, "error": {"code": 101, "type": "invalid_access_key", "info": "You have not…"}}
    if asked["base"] == "IRT":
        return {"success": False, "error": {"code": 201, "type": "invalid_base_currency"}}
    return {
        "success": True, "timestamp": int(AT.timestamp()), "date": "2026-11-20", "base": asked["base"],
        "rates": {asked["base"]: 1, asked["symbols"]: 0.00006640}, "unit": "per ounce",
    }  # fmt: skip


def fake(_vendor: Vendor) -> RateSource:
    source = FakeRates()
    source.knows(EMIRATES, Metal.GOLD, "484.19", AT)
    return source


def simulated(_vendor: Vendor) -> RateSource:
    class NotInIran(SimulatedRates):
        def rate(self, market: MarketProfile, metal: Metal) -> Rate:
            if market.code == "IR":
                raise RateUnavailable("simulated", "told so")
            return super().rate(market, metal)

    return NotInIran(SetClock(AT))


def goldapi(vendor: Vendor) -> RateSource:
    vendor.body = as_goldapi
    return GoldApi(KEY, address=vendor.address)


def metals_api(vendor: Vendor) -> RateSource:
    vendor.body = as_metals_api
    return MetalsApi(KEY, address=vendor.address)


def in_order(vendor: Vendor) -> RateSource:
    return InOrder([FakeRates(), goldapi(vendor)])


@pytest.fixture(params=[fake, simulated, goldapi, metals_api, in_order], ids=lambda make: make.__name__)
def source(request: pytest.FixtureRequest, vendor: Vendor) -> RateSource:
    made: RateSource = request.param(vendor)
    return made


# The contract


def test_a_rate_is_of_the_metal_and_market_asked_for_in_its_currency(source: RateSource):
    rate = source.rate(EMIRATES, Metal.GOLD)
    assert (rate.metal, rate.market, rate.currency) == (Metal.GOLD, "AE", "AED")
    assert 400 * 100 < rate.per_gram_at(Fineness(10_000)) < 600 * 100


def test_a_rate_says_when_it_was_made_and_by_whom(source: RateSource):
    rate = source.rate(EMIRATES, Metal.GOLD)
    assert (rate.at, rate.source != "") == (AT, True)


def test_a_source_without_a_rate_says_so(source: RateSource):
    with pytest.raises(RateUnavailable):
        source.rate(IRAN, Metal.GOLD)


# Each vendor's own


def test_goldapi_quotes_the_fine_ounce_and_is_shown_the_key(vendor: Vendor):
    assert goldapi(vendor).rate(EMIRATES, Metal.SILVER) == Rate(
        Metal.SILVER, Decimal("15060.1234"), "AED", WeightUnit.TROY_OUNCE, Fineness(10_000), "AE", AT, "goldapi"
    )
    [(path, headers)] = vendor.requests
    assert (path, headers["x-access-token"]) == ("/api/XAG/AED", KEY)


def test_metals_api_says_ounces_per_unit_of_money(vendor: Vendor):
    rate = metals_api(vendor).rate(EMIRATES, Metal.GOLD)
    assert (rate.value, rate.unit, rate.fineness) == (Decimal("15060.240964"), WeightUnit.TROY_OUNCE, Fineness(10_000))
    [(path, _headers)] = vendor.requests
    assert path == f"/api/latest?access_key={KEY}&base=AED&symbols=XAU"


@pytest.mark.parametrize("make", [goldapi, metals_api])
@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (403, b'{"error":"Invalid API Key"}', "HTTP 403"),
        (429, b"", "HTTP 429"),
        (500, b"oops", "HTTP 500"),
        (200, b"<html>", "not JSON"),
        (200, b"[1]", "not a JSON object"),
        (200, b" " * 70_000, "HTTP 200"),
    ],
)
def test_what_is_no_rate_is_never_taken_for_one(vendor: Vendor, make: Any, status: int, body: bytes, why: str):
    source = make(vendor)
    vendor.status, vendor.body = status, body
    with pytest.raises(RateUnavailable, match=f"gives no rate now: {why}"):
        source.rate(EMIRATES, Metal.GOLD)


@pytest.mark.parametrize("wrong", [{"price": 0}, {"price": -1}, {"price": "15060"}, {"price": None}, {"price": True}])
def test_goldapi_without_a_price_has_no_rate(vendor: Vendor, wrong: dict[str, Any]):
    vendor.body = json.dumps({"timestamp": 1763629200, **wrong}).encode()
    with pytest.raises(RateUnavailable, match="no price"):
        GoldApi(KEY, address=vendor.address).rate(EMIRATES, Metal.GOLD)


@pytest.mark.parametrize("timestamp", ["now", 0, 10**30])
def test_a_rate_without_its_moment_is_none(vendor: Vendor, timestamp: Any):
    vendor.body = json.dumps({"timestamp": timestamp, "price": 15060}).encode()
    with pytest.raises(RateUnavailable, match="no timestamp"):
        GoldApi(KEY, address=vendor.address).rate(EMIRATES, Metal.GOLD)


def test_metals_api_says_why_it_refuses(vendor: Vendor):
    vendor.body = as_metals_api
    with pytest.raises(RateUnavailable, match="invalid_access_key"):
        MetalsApi("wrong", address=vendor.address).rate(EMIRATES, Metal.GOLD)


def test_metals_api_with_another_base_has_no_rate(vendor: Vendor):
    vendor.body = json.dumps({"success": True, "timestamp": 1, "base": "USD", "rates": {"XAU": 0.0002}}).encode()
    with pytest.raises(RateUnavailable, match="another base currency"):
        MetalsApi(KEY, address=vendor.address).rate(EMIRATES, Metal.GOLD)


def test_a_vendor_that_is_gone_has_no_rate_and_its_key_stays_secret():
    for source in (GoldApi(KEY, address="http://127.0.0.1:9"), MetalsApi(KEY, address="http://127.0.0.1:9")):
        with pytest.raises(RateUnavailable) as silence:
            source.rate(EMIRATES, Metal.GOLD)
        assert KEY not in str(silence.value)


def test_the_key_in_an_address_is_not_logged(vendor: Vendor, caplog: pytest.LogCaptureFixture):
    caplog.set_level("DEBUG")
    metals_api(vendor).rate(EMIRATES, Metal.GOLD)
    assert vendor.requests
    assert KEY not in caplog.text


def test_simulated_rates_move_with_the_clock_for_every_market():
    clock = SetClock(AT)
    source = SimulatedRates(clock)
    for code in ("AE", "GB", "IN", "IR", "SA", "TR", "US"):
        profile = market(code)
        for metal in {quotation.metal for quotation in profile.quotations}:
            assert source.rate(profile, metal).value > 0
    before = source.rate(IRAN, Metal.GOLD)
    clock.advance(timedelta(hours=5))
    assert before.value != source.rate(IRAN, Metal.GOLD).value
    assert (before.unit, before.fineness) == (WeightUnit.GRAM, Fineness(7500))


# Several in order


def test_the_first_that_answers_is_taken():
    first, second = FakeRates(), FakeRates()
    of_second = second.knows(EMIRATES, Metal.GOLD, "480", AT)
    assert InOrder([first, second]).rate(EMIRATES, Metal.GOLD) == of_second
    of_first = first.knows(EMIRATES, Metal.GOLD, "481", AT)
    assert InOrder([first, second]).rate(EMIRATES, Metal.GOLD) == of_first


def test_many_shops_ask_a_source_once():
    time = [0.0]
    paid = FakeRates()
    paid.knows(EMIRATES, Metal.GOLD, "480", AT)
    source = InOrder([paid], tick=lambda: time[0])
    for _shop in range(5):
        source.rate(EMIRATES, Metal.GOLD)
        with pytest.raises(RateUnavailable):
            source.rate(IRAN, Metal.GOLD)
    assert paid.asked == [("AE", Metal.GOLD), ("IR", Metal.GOLD)]
    newer = paid.knows(EMIRATES, Metal.GOLD, "481", AT)
    assert source.rate(EMIRATES, Metal.GOLD).value == 480
    time[0] += REMEMBERED_S
    assert source.rate(EMIRATES, Metal.GOLD) == newer


def test_without_a_source_there_is_no_rate():
    with pytest.raises(RateUnavailable, match="no source"):
        InOrder([]).rate(EMIRATES, Metal.GOLD)
