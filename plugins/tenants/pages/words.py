"""What stands on the platform's pages for states, markets and plans."""

from __future__ import annotations

from collections.abc import Iterable

from kernel.i18n import N_, _
from kernel.plans import Cycle, Plan
from plugins.pricing import public as pricing
from plugins.tenants.domain.states import STATES

CYCLES = {Cycle.MONTH: N_("a month"), Cycle.YEAR: N_("a year")}


def cycles() -> dict[str, str]:
    return {cycle.value: _(words) for cycle, words in CYCLES.items()}


def states() -> dict[str, str]:
    return {state.value: _(words) for state, words in STATES.items()}


def markets() -> dict[str, str]:
    return {code: _(pricing.market(code).name) for code in pricing.market_codes()}


def titles(plans: Iterable[Plan]) -> dict[str, str]:
    return {plan.name: _(plan.title) for plan in plans}
