"""What is believed of a provider, without asking one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kernel.ids import new_id
from plugins.single_sign_on.domain import AWAY, Asked, Attempt, Purpose, Vouched

BEGUN = datetime(2025, 6, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shown_ago", "under_way", "believed"),
    [
        (None, 0, False),
        (0, 0, True),
        (59, 0, True),  # clocks differ
        (61, 0, False),
        (300, 0, False),
        (300, 300, True),
        (-61, 0, False),
    ],
)
def test_who_was_asked_on_this_way_has_shown_who_they_are(shown_ago, under_way, believed):
    attempt = Attempt(new_id(), "issuer", "client", Purpose.PROVE, new_id(), "/", BEGUN + AWAY, Asked.new())
    ago = None if shown_ago is None else timedelta(seconds=shown_ago)
    who = Vouched("u-1", "mina@gold.example", True, "Mina", ago)
    assert attempt.is_shown_since(who, BEGUN + timedelta(seconds=under_way)) is believed
