"""`goldsmith worker`: the jobs."""

from __future__ import annotations

import click

from adapters.config import Config


@click.command("worker")
def command() -> None:
    """Run the jobs that shops and schedules start."""
    config = Config.read()
    from adapters import worker

    worker.work(config)
