"""Pricing: rates, rules, and prices that can be replayed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table

from kernel.contributions import Bell, Entry, Manifest, Permission, Route, Setting, Slot, Widget
from kernel.hooks import hookimpl
from kernel.i18n import N_
from kernel.jobs import Schedule
from plugins.pricing import jobs as by_the_clock
from plugins.pricing import pages, rest
from plugins.pricing.domain.choices import SETTINGS
from plugins.pricing.pages.bell import OLD_RATES
from plugins.pricing.pages.headline import IN_TOP_BAR
from plugins.pricing.pages.today import ON_TODAY
from plugins.pricing.permissions import EDIT_RULES, SEE_RATES, SET_RATES
from plugins.pricing.ports import RateSource
from plugins.pricing.tables import market_rates, pricing_quotes, pricing_rules, rate_places, rates
from web.routing import routes_in


@hookimpl
def manifest() -> Manifest:
    return Manifest(
        "pricing",
        N_("Pricing"),
        N_("Today’s rates, and prices that are explained step by step and can be replayed."),
        requires=("shop", "branches"),
        # A rule may be about a category of the stock; where nobody keeps stock, there is none to choose.
        listens=("inventory",),
    )


@hookimpl
def routes() -> list[Route]:
    return [*routes_in(pages), *routes_in(rest)]


@hookimpl
def navigation() -> list[Entry]:
    return [
        Entry(N_("Rates and prices"), "/pricing", "chart-line", SEE_RATES, order=400),
        Entry(
            N_("Market and rounding"),
            "/pricing/terms",
            "percent",
            EDIT_RULES,
            order=50,
            place="settings",
            detail=N_("Profit, taxes and how prices are rounded."),
        ),
        Entry(N_("Set today’s rate"), "/pricing/rates/new", "chart-line", SET_RATES, order=30, place="quick"),
        Entry(N_("Work out a price"), "/pricing/quotes/new", "calculator", SEE_RATES, order=410, place="jump"),
        Entry(N_("Pricing rules"), "/pricing/rules", "percent", SEE_RATES, order=420, place="jump"),
    ]


@hookimpl
def permissions() -> list[Permission]:
    return [SEE_RATES, SET_RATES, EDIT_RULES]


@hookimpl
def settings() -> list[Setting]:
    return list(SETTINGS)


@hookimpl
def tables() -> list[Table]:
    return [rate_places, rates, pricing_rules, pricing_quotes, market_rates]


@hookimpl
def jobs() -> list[Callable[..., Any]]:
    return [by_the_clock.fetch_rates]


@hookimpl
def schedules() -> list[Schedule]:
    return [by_the_clock.EVERY_TEN_MINUTES]


@hookimpl
def bells() -> list[Bell]:
    return [OLD_RATES]


@hookimpl
def widgets() -> list[Widget]:
    return ON_TODAY


@hookimpl
def slots() -> list[Slot]:
    return [IN_TOP_BAR]


@hookimpl
def ports() -> list[type[Any]]:
    return [RateSource]
