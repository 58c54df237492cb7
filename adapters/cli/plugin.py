"""`goldsmith plugin`: what a shop has, and what plugins of others are made of and held to."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from adapters.cli.installation import installation, operator
from kernel.i18n import _
from kernel.tenancy import TenantId
from kernel.uow import UnitOfWork
from plugins.tenants import public as tenants


@click.group("plugin")
def command() -> None:
    """List and switch the plugins of a shop; begin a plugin of one's own, and see whether it keeps the rules."""


@command.command("list")
@click.argument("shop")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_plugins(shop: str, as_json: bool) -> None:
    """List the plugins as SHOP has them."""
    with _work_for(shop) as uow:
        states = tenants.plugin_states(uow)
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


@command.command()
@click.argument("name")
@click.option("--title", prompt=True, help="What people read in the menu: Appraisals.")
@click.option("--persian", prompt="Title in Persian", help="The same in Persian.")
@click.option("--in", "where", type=click.Path(path_type=Path, file_okay=False), default=".", help="Where it is to be.")
def new(name: str, title: str, persian: str, where: Path) -> None:
    """Write a package with a plugin called NAME: it works at once, and every file is there to be changed."""
    from adapters import scaffold

    try:
        folder = scaffold.write(scaffold.Wanted(name, title, persian), where)
    except scaffold.NotScaffolded as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(f"Written to {folder}. See whether it keeps the rules: ./run plugin check {folder}")


@command.command()
@click.argument("package")
def check(package: str) -> None:
    """See whether PACKAGE keeps the rules of the house: a folder, or the name of an installed plugin."""
    from adapters import conformance

    try:
        findings = conformance.check(package)
    except conformance.CannotCheck as refused:
        raise click.ClickException(str(refused)) from None
    for finding in findings:
        click.echo(f"{'ok  ' if finding.is_good else 'NOT '} {finding.asked} ({finding.tests} tests)")
    for finding in findings:
        for failure in finding.failures:
            click.echo(f"\n{finding.asked}\n{failure}")
    if not all(finding.is_good for finding in findings):
        sys.exit(1)


@contextmanager
def _work_for(slug: str) -> Iterator[UnitOfWork]:
    with installation() as house:
        with house.database.for_platform("find a shop", operator(), read_only=True) as work:
            shop = tenants.shop_called(work, slug)
        with house.database.for_shop(TenantId(shop.id), operator()) as uow:
            yield uow
