"""A shop decides over its market's defaults: profit, rounding, taxes, buy-back, and when a rate is old."""

from __future__ import annotations

from dataclasses import replace

from kernel.uow import UnitOfWork
from plugins.pricing.domain.choices import CHOICES, freeze_choices, thaw_choices
from plugins.pricing.domain.market import ShopChoices
from plugins.pricing.forms.board import BoardChoicesForm
from plugins.pricing.forms.terms import BuyBackForm, TermsForm
from plugins.pricing.queries.markets import market


def choose_terms(uow: UnitOfWork, wanted: TermsForm) -> None:
    """Profit, rounding, and what the market leaves open about its taxes."""
    here = market(uow.shop.market)
    open_taxes = {tax.name for tax in here.taxes if tax.rate is None}
    _keep(
        uow,
        replace(
            _chosen(uow),
            profit_percent=wanted.profit_percent,
            rounding=wanted.rounding(uow.shop.currency, here.rounding.modes),
            tax_rates={
                tax.name: tax.rate for tax in wanted.tax_rates if tax.name in open_taxes and tax.rate is not None
            },
            taxed_too=frozenset(wanted.taxed) & here.taxed_by_choice,
        ),
    )


def choose_buyback(uow: UnitOfWork, wanted: BuyBackForm) -> None:
    """How old metal is paid where no buy-back rate is set."""
    _keep(uow, replace(_chosen(uow), buyback=wanted.terms()))


def choose_for_board(uow: UnitOfWork, wanted: BoardChoicesForm) -> None:
    for setting, value in wanted.values().items():
        if uow.setting(setting) != value:
            uow.choose(setting, value)


def _chosen(uow: UnitOfWork) -> ShopChoices:
    return thaw_choices(uow.setting(CHOICES))


def _keep(uow: UnitOfWork, choices: ShopChoices) -> None:
    uow.choose(CHOICES, freeze_choices(choices))
