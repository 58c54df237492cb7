"""`goldsmith migrate`: the schema."""

from __future__ import annotations

import os

import click
from pydantic import SecretStr
from sqlalchemy import make_url

from adapters.config import BadConfiguration, Config, missing, sqlalchemy_url
from adapters.launcher.running import join_demo
from kernel.i18n import _


@click.command("migrate")
@click.option("--roles", is_flag=True, help="Make the roles first, as the administrator in ADMIN_DATABASE_URL.")
def command(roles: bool) -> None:
    """Bring the database up to this version."""
    join_demo()
    config = Config.read()
    from adapters import bootstrap

    if roles:
        admin = os.environ.get("ADMIN_DATABASE_URL")
        if not admin:
            raise BadConfiguration(missing("ADMIN_DATABASE_URL"))
        bootstrap.make_roles(admin, passwords_in(config))
    done = bootstrap.migrate(config)
    click.echo(_("The schema is up to date now.") if done else _("The schema was up to date."))


def passwords_in(config: Config) -> dict[str, str]:
    """Role → password, as the addresses have them: what the processes will say is what the server will know."""
    found: dict[str, str] = {}
    for url in (config.database_url, config.platform_database_url, config.migration_database_url):
        if isinstance(url, SecretStr):
            address = make_url(sqlalchemy_url(url))
            if address.username and address.password:
                found[address.username] = str(address.password)
    return found
