"""What pricing does by the clock."""

from __future__ import annotations

from kernel.i18n import N_
from kernel.jobs import Schedule, job
from kernel.uow import UnitOfWork
from plugins.pricing.actions.fetch_rates import fetch_market_rates
from plugins.pricing.ports import RateSource


@job("pricing.fetch_rates", title=N_("Fetch the market’s rates"), queue="low", tries=2)
def fetch_rates(uow: UnitOfWork, source: RateSource) -> None:
    fetch_market_rates(uow, source)


EVERY_TEN_MINUTES = Schedule("pricing.fetch_rates", "*/10 * * * *", fetch_rates)
