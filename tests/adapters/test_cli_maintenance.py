"""`goldsmith maintenance`: closed and opened from the command line."""

from __future__ import annotations

from datetime import datetime, timedelta

import click
import pytest
from click.testing import CliRunner

from adapters.cli.maintenance import Moment, command
from kernel import maintenance
from kernel.uow import Database
from tests.adapters.test_cli_tenant import _installation

__all__ = ["_installation"]


def said(*words: str) -> str:
    return CliRunner().invoke(command, list(words)).output


def test_it_is_closed_and_opened_again(database: Database, actor):
    assert said("status") == "Open.\n"
    assert said("on", "--until", "2025-06-02 14:30", "--because", "A larger disk.").startswith(
        "Closed until 2025-06-02 14:30."
    )
    with database.for_platform("look", actor) as work:
        now = maintenance.current(work)
    assert now is not None
    assert (now.until.astimezone().isoformat()[:16], now.because) == ("2025-06-02T14:30", "A larger disk.")
    assert "expected until 2025-06-02 14:30.\nA larger disk.\n" in said("status")
    assert said("off") == "Open again.\n"
    assert said("off") == "It was open already.\n"


def test_when_it_ends_is_said_by_the_clock_by_the_day_or_in_minutes():
    now = datetime.now().astimezone()

    def read(typed: str) -> datetime:
        return Moment().convert(typed, None, None)

    assert timedelta(minutes=44) < read("45") - now < timedelta(minutes=46)
    in_an_hour, an_hour_ago = now + timedelta(hours=1), now - timedelta(hours=1)
    assert read(f"{in_an_hour:%H:%M}") - in_an_hour < timedelta(minutes=1)
    assert timedelta(hours=22) < read(f"{an_hour_ago:%H:%M}") - now < timedelta(hours=24)
    with pytest.raises(click.BadParameter, match="14:30"):
        read("soon")
