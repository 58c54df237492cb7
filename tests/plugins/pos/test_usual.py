"""What today is compared with: honest days, up to the same full hour."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from plugins.pos.domain.takings import Takings
from plugins.pos.domain.usual import Usual

SATURDAY = date(2025, 6, 7)


def sold(amount):
    return Takings(sales=1, sold=amount, pieces=1)


def weeks_ago(*amounts):
    """Every Saturday before: half at ten, half at eight in the evening."""
    return {
        SATURDAY - timedelta(weeks=week): {10: sold(amount // 2), 20: sold(amount // 2)}
        for week, amount in enumerate(amounts, 1)
    }


def test_today_is_compared_with_days_like_this_until_the_last_full_hour():
    today = {SATURDAY: {11: sold(120), 14: sold(1_000)}}
    usual = Usual.of(SATURDAY, 14, {**weeks_ago(100, 100, 200, 400), **today})
    assert (usual.days, usual.is_weekday, usual.whole.net) == (4, True, 800)
    # Until two o'clock 120 were taken, and 100 are usual; what came after two does not count yet.
    assert (usual.change("net"), usual.change("pieces")) == (20, 0)


def test_a_day_without_trade_is_no_habit():
    yesterday = {SATURDAY - timedelta(days=1): {9: sold(50)}}
    usual = Usual.of(SATURDAY, 12, {**weeks_ago(100), **yesterday, SATURDAY: {9: sold(25)}})
    assert (usual.days, usual.is_weekday, usual.change("net")) == (1, False, -50)


@pytest.mark.parametrize("hour", [0, 9, 10])
def test_before_anything_is_usual_there_is_no_change(hour):
    usual = Usual.of(SATURDAY, hour, {**weeks_ago(100, 100), SATURDAY: {8: sold(10)}})
    assert (usual.is_comparable, usual.change("net"), usual.whole.net // usual.days) == (False, None, 100)


def test_the_first_day_is_compared_with_nothing():
    usual = Usual.of(SATURDAY, 23, {SATURDAY: {10: sold(10)}})
    assert (usual.days, usual.change("net")) == (0, None)


def test_what_cannot_grow_has_no_change():
    usual = Usual.of(SATURDAY, 23, {**weeks_ago(100, 100), SATURDAY: {10: sold(10)}})
    assert usual.change("cash") is None
