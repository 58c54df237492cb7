"""`goldsmith scheduler`: what is due by the clock."""

from __future__ import annotations

import click

from adapters.config import Config


@click.command("scheduler")
def command() -> None:
    """Start what is due by the clock. Several may run: everything starts once."""
    config = Config.read()
    from adapters import scheduler

    scheduler.keep_time(config)
