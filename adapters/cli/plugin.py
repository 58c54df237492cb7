"""`goldsmith plugin`: what a shop has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click

from adapters.cli.installation import installation, operator
from kernel.i18n import _
from kernel.tenancy import TenantId
from kernel.uow import UnitOfWork
from plugins.tenants import public as tenants


@click.group("plugin")
def command() -> None:
    """List and switch the plugins of a shop."""


@command.command("list")
@click.argument("shop")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_plugins(shop: str, as_json: bool) -> None:
    """List the plugins as SHOP has them."""
    with _work_for(shop) as uow:
        states = tenants.plugin_states(uow.plugins, uow.shop)
    if as_json:
        click.echo(json.dumps([asdict(state) for state in states], indent=2, ensure_ascii=False))
        return
    for state in states:
        click.echo(f"{'+' if state.is_on else '-'} {state.name:<15} {state.title}")


@command.command()
@click.argument("shop")
@click.argument("plugin")
def enable(shop: str, plugin: str) -> None:
    """Switch PLUGIN on for SHOP, with all that it requires."""
    with _work_for(shop) as uow:
        fresh = tenants.switch_on(uow, plugin)
    if fresh:
        click.echo(_("Switched on: {plugins}.").format(plugins=", ".join(fresh)))
    else:
        click.echo(_("It is on already."))


@command.command()
@click.argument("shop")
@click.argument("plugin")
def disable(shop: str, plugin: str) -> None:
    """Switch PLUGIN off for SHOP. Its data stays."""
    with _work_for(shop) as uow:
        tenants.switch_off(uow, plugin)
    click.echo(_("Switched off: {plugin}. Its data stays.").format(plugin=plugin))


@contextmanager
def _work_for(slug: str) -> Iterator[UnitOfWork]:
    with installation() as house:
        with house.database.for_platform("find a shop", operator(), read_only=True) as work:
            shop = tenants.shop_called(work, slug)
        with house.database.for_shop(TenantId(shop.id), operator()) as uow:
            yield uow
