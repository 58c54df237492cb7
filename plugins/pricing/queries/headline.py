"""The headline of the board, kept with the shop: every page shows it, and none of them asks the database for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from fractions import Fraction
from functools import partial
from zoneinfo import ZoneInfo

from kernel.uow import UnitOfWork
from plugins.pricing.domain.board import Board
from plugins.pricing.domain.headline import Headline, gold_only, price_of_gold
from plugins.pricing.queries.board import board, day_of


def headline(uow: UnitOfWork) -> Headline | None:
    """Gold now; None where it has no rate. Whoever sets a rate renews the shop, and so what is kept here."""
    day = day_of(uow, uow.now)
    known, before = uow.keep(f"pricing.headline.{day}", partial(_read, uow, day))
    # A kept rate grows old by itself.
    return Headline.of(replace(known, at=uow.now), before)


def _read(uow: UnitOfWork, day: date) -> tuple[Board, Fraction | None]:
    day_began = datetime.combine(day, time(), ZoneInfo(uow.shop.zone)).astimezone(UTC)
    return gold_only(board(uow)), price_of_gold(board(uow, day_began))
