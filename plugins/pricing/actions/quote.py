"""A price is said and kept: what was asked, at which rate, and until when it holds."""

from __future__ import annotations

from datetime import timedelta

from kernel.ids import new_id
from kernel.uow import UnitOfWork
from plugins.pricing.domain.choices import QUOTE_MIN
from plugins.pricing.domain.kept_quote import KeptQuote
from plugins.pricing.domain.quote import PricedCart
from plugins.pricing.domain.replay import freeze
from plugins.pricing.forms.quote import QuoteForm
from plugins.pricing.queries.board import board
from plugins.pricing.queries.categories import categories
from plugins.pricing.store import quotes


def quote(uow: UnitOfWork, wanted: QuoteForm) -> KeptQuote:
    """Price what is asked and keep it for as long as this shop's quotes hold."""
    cart = price_described(uow, wanted)
    valid_until = uow.now + timedelta(minutes=uow.setting(QUOTE_MIN))
    kept = KeptQuote(new_id(), uow.now, uow.actor.name, valid_until, freeze(cart))
    quotes.add(uow, kept)
    return kept


def price_described(uow: UnitOfWork, wanted: QuoteForm) -> PricedCart:
    """The price of pieces as they are described, kept nowhere."""
    named = any(line.category for line in wanted.lines)
    paths = {category.id: category.path for category in categories(uow)} if named else {}
    lines, discount, exchange = wanted.asked(uow.shop.currency, paths)
    return board(uow).price(lines, discount, exchange)
