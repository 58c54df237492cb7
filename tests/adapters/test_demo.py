"""The demo is alive at whatever hour somebody looks at it."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adapters.demo.catalogue import DUBAI, TEHRAN, Window
from adapters.demo.trade import TODAY_MIN, customers

SHOPS = [(TEHRAN, ZoneInfo("Asia/Tehran")), (DUBAI, ZoneInfo("Asia/Dubai"))]


@pytest.mark.parametrize(("window", "zone"), SHOPS)
@pytest.mark.parametrize("hour", [0, 9, 10, 11, 15, 23])
def test_somebody_came_in_today(window: Window, zone: ZoneInfo, hour: int) -> None:
    midnight = datetime(2025, 6, 6, tzinfo=zone)
    now = midnight + timedelta(hours=hour, minutes=5)
    came = customers(window, random.Random(1), now.date(), now)
    assert len(came) >= TODAY_MIN
    assert came == sorted(came)
    assert midnight.astimezone(UTC) <= came[0]
    assert came[-1] <= now.astimezone(UTC)


@pytest.mark.parametrize(("window", "zone"), SHOPS)
def test_on_every_other_day_they_come_while_the_shop_is_open(window: Window, zone: ZoneInfo) -> None:
    now = datetime(2025, 6, 6, 0, 5, tzinfo=zone)
    for past in range(1, 31):
        came = customers(window, random.Random(past), now.date() - timedelta(days=past), now)
        hours = {moment.astimezone(zone).hour for moment in came}
        assert hours <= set(range(window.opens, window.closes))
