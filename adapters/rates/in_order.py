"""Several sources as one: the first that answers, asked no more often than its rates change."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from kernel.metal import Metal
from plugins.pricing.public import MarketProfile, Rate, RateSource, RateUnavailable

#: Thousands of shops ask for the same few rates; a source is paid by the question.
REMEMBERED_S = 240


class InOrder:
    def __init__(self, sources: Sequence[RateSource], *, tick: Callable[[], float] = time.monotonic) -> None:
        self._sources = tuple(sources)
        self._tick = tick
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str, Metal], tuple[float, Rate | RateUnavailable]] = {}

    def rate(self, market: MarketProfile, metal: Metal) -> Rate:
        """From the first source that has one. Raises RateUnavailable with what the last one said."""
        key = (market.code, market.currency, metal)
        with self._lock:  # whoever asks for the same at the same moment waits for one answer
            asked_at, answer = self._known.get(key, (-REMEMBERED_S, None))
            if answer is None or self._tick() - asked_at >= REMEMBERED_S:
                answer = self._ask(market, metal)
                self._known[key] = (self._tick(), answer)
        if isinstance(answer, RateUnavailable):
            raise answer
        return answer

    def _ask(self, market: MarketProfile, metal: Metal) -> Rate | RateUnavailable:
        silence = RateUnavailable(market.code, "no source")
        for source in self._sources:
            try:
                return source.rate(market, metal)
            except RateUnavailable as said:
                silence = said
        return silence
