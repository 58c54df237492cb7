"""Search in the stock over HTTP: a page of fifty, for a word that one item in eight has and for one that ten have."""

from __future__ import annotations

from collections.abc import Sequence

from tests.bench.floor import Recorder, floor
from tests.bench.installation import Installation, Web, say
from tests.bench.load import Shot
from tests.bench.measure import load, report, spread
from tests.bench.shops import Shop, word

CLIENTS = (1, 4, 16, 32)


def measure(
    house: Installation, web: Web, recorder: Recorder, shops: Sequence[Shop], items: int, seconds: float
) -> None:
    for kind in ("common", "rare"):
        wanted = word(kind, items)
        magazine = [
            Shot("GET", f"/api/v1/items?text={wanted}&limit=50", shop.headers(recorder.cookie)) for shop in shops
        ]
        captured = [recorder.statements_of(shot) for shot in magazine]
        for clients in CLIENTS:
            say(f"Search for a {kind} word, {clients} clients ...")
            found = load(house, web, spread(magazine, clients), clients, seconds)
            below = floor(house, captured, clients, seconds)
            report(
                "search",
                word=kind,
                **found,
                round_trips=len(captured[0]),
                floor=below,
                ratio_p50=round(found["p50_ms"] / below["p50_ms"], 2),
            )
