"""`goldsmith plugin`: which plugins a shop has, from the command line."""

from __future__ import annotations

import click

from adapters.cli.tenant import installation, operator, shop_called
from kernel.i18n import _
from kernel.tenancy import TenantId
from plugins.tenants import public as tenants


@click.group("plugin")
def command() -> None:
    """List and switch the plugins of a shop."""


@command.command("list")
@click.argument("slug")
def list_plugins(slug: str) -> None:
    """List the plugins of the shop SLUG."""
    database = installation()
    with database.for_shop(TenantId(shop_called(database, slug).id), operator(), read_only=True) as uow:
        states = tenants.plugin_states(database.plugins, uow.shop)
    for plugin in states:
        click.echo(f"{'+' if plugin.is_on else '-'} {plugin.name:15} {plugin.title}")


@command.command()
@click.argument("slug")
@click.argument("plugin")
def enable(slug: str, plugin: str) -> None:
    """Switch PLUGIN on for the shop SLUG, with all that it requires."""
    database = installation()
    with database.for_shop(TenantId(shop_called(database, slug).id), operator()) as uow:
        fresh = tenants.switch_on(uow, plugin)
    if fresh:
        click.echo(_("Switched on: {plugins}.").format(plugins=", ".join(fresh)))
    else:
        click.echo(_("It is on already."))


@command.command()
@click.argument("slug")
@click.argument("plugin")
def disable(slug: str, plugin: str) -> None:
    """Switch PLUGIN off for the shop SLUG. Its data stays."""
    database = installation()
    with database.for_shop(TenantId(shop_called(database, slug).id), operator()) as uow:
        tenants.switch_off(uow, plugin)
    click.echo(_("Switched off: {plugin}. Its data stays.").format(plugin=plugin))
