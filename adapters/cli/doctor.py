"""`goldsmith doctor`: is everything in order, and if not, what is to be done."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

from adapters.cli.sentences import sentence_for
from adapters.config import Config
from adapters.container import Container, open_container
from adapters.launcher.running import join_demo
from kernel.i18n import _


@click.command("doctor")
def command() -> None:
    """Check configuration, services, schema, isolation of shops and plugins; say what to do."""
    join_demo()
    if not examined(_("Configuration"), _configuration):
        # Everything else stands on it.
        sys.exit(1)
    container = open_container()
    good = [
        examined(_("Plugins and their ports"), lambda: _plugins(container)),
        examined(_("Database, schema, isolation, queue"), lambda: container.readiness()()),
    ]
    sys.exit(0 if all(good) else 1)


def examined(what: str, ask: Callable[[], list[str]]) -> bool:
    """Print the sentences that speak against `what`; whether there were none."""
    try:
        against = ask()
    except Exception as fault:
        sentence = sentence_for(fault)
        if sentence is None:
            raise
        against = sentence.splitlines()
    click.echo(f"{'-' if against else '+'} {what}")
    for sentence in against:
        click.echo(f"    {sentence}")
    return not against


def _configuration() -> list[str]:
    Config.read()
    return []


def _plugins(container: Container) -> list[str]:
    container.plugins()
    return []
