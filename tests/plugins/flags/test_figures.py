"""Whether a difference means anything."""

from __future__ import annotations

import pytest

from plugins.flags.domain import Arm, Reached, Says, by_chance, compare


def arm(variant: str, shops: int, reached: int) -> Arm:
    return Arm(variant, shops, shops, {"sold": Reached(reached, reached)})


def test_the_test_is_the_one_of_the_books():
    # The worked example of statsmodels' proportions_ztest: 5 of 83 against 12 of 99.
    first, second = 5 / 83, 12 / 99
    assert by_chance(second - first, 17 / 182, 83, 99) == pytest.approx(0.15918129, abs=1e-8)


@pytest.mark.parametrize(
    ("before", "tried", "says"),
    [
        ((0, 0), (0, 0), Says.TOO_LITTLE),
        ((9, 1), (9, 7), Says.TOO_LITTLE),
        ((100, 0), (100, 0), Says.TOO_LITTLE),
        ((100, 100), (100, 100), Says.TOO_LITTLE),
        ((83, 5), (99, 12), Says.CHANCE),
        ((200, 100), (200, 101), Says.CHANCE),
        ((200, 80), (200, 120), Says.BETTER),
        ((200, 120), (200, 80), Says.WORSE),
    ],
)
def test_what_the_figures_say(before, tried, says):
    assert compare(arm("off", *before), arm("on", *tried), "sold") is says


def test_several_variants_share_what_chance_may_do():
    before, tried = arm("grey", 200, 90), arm("green", 200, 112)
    assert compare(before, tried, "sold") is Says.BETTER
    assert compare(before, tried, "sold", variants=4) is Says.CHANCE


def test_days_and_people_of_one_shop_are_no_more_than_one_shop():
    busy = Arm("on", 5_000, 6, {"sold": Reached(4_000, 6)})
    assert compare(Arm("off", 5_000, 6, {"sold": Reached(1_000, 1)}), busy, "sold") is Says.TOO_LITTLE
