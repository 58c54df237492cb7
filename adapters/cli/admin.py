"""`goldsmith admin`: who runs this installation. Nobody comes to that over the web."""

from __future__ import annotations

import click

from adapters.cli.installation import installation, operator
from kernel.i18n import _
from plugins.identity import public as identity


@click.group("admin")
def command() -> None:
    """Say who runs this installation."""


@command.command()
@click.argument("email")
@click.option("--name", required=True, help="As shops and the trail call them.")
def add(email: str, name: str) -> None:
    """Let somebody run it: with a password to begin with, and a second step of their own from the first sign-in."""
    with installation() as house, house.database.for_platform("add an admin", operator()) as work:
        given = identity.add_admin(work, email, name)
    click.echo(_("{name} runs this installation. The password to begin with: {password}").format(
        name=name, password=given
    ))  # fmt: skip


@command.command()
@click.argument("email")
def remove(email: str) -> None:
    """Somebody runs it no more: they are out within a second, also of accounts in which they act."""
    with installation() as house, house.database.for_platform("remove an admin", operator()) as work:
        identity.remove_admin(work, email)
    click.echo(_("{email} does not run this installation any more.").format(email=email))
