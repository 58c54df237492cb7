"""The rates of a market are fetched from their source, once for all shops that trade in it."""

from __future__ import annotations

import logging

from kernel.uow import UnitOfWork
from plugins.pricing.domain.choices import FOLLOW_MARKET
from plugins.pricing.domain.errors import RateUnavailable
from plugins.pricing.ports import RateSource
from plugins.pricing.queries.board import market_of
from plugins.pricing.store.rates import keep_market_rate

log = logging.getLogger(__name__)


def fetch_market_rates(uow: UnitOfWork, source: RateSource) -> int:
    """Keep the newest rate of every metal that the shop's market quotes. Answers how many were new."""
    if uow.setting(FOLLOW_MARKET) != "yes":
        return 0
    profile = market_of(uow)
    new, answered = 0, False
    for metal in dict.fromkeys(quotation.metal for quotation in profile.quotations):
        try:
            new += keep_market_rate(uow, source.rate(profile, metal))
            answered = True
        except RateUnavailable as silence:
            # Nothing to undo or to repeat: the board shows the age of what it has, and the next slot asks again.
            log.info("no rate for %s in %s: %s", metal.value, profile.code, silence)
    if answered:
        # Also where it was not new: another shop of this market came first, and told only its own people.
        uow.renew_shop()
        uow.signal("rates")
    return new
