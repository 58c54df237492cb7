"""`goldsmith tenant`: the shops of this installation."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from adapters.cli.installation import installation, operator
from kernel.i18n import _
from plugins.tenants import public as tenants
from web.forms import validate


@click.group("tenant")
def command() -> None:
    """Open, list and suspend shops."""


@command.command()
@click.argument("name")
@click.option("--slug", required=True, help="Its part of the address, such as zarrin.")
@click.option("--market", required=True, help="Two letters, such as IR or AE.")
@click.option("--plan", required=True, help="One of those in plugins.toml.")
@click.option("--owner-name", required=True)
@click.option("--owner-email", required=True)
@click.option("--currency", help="As the market has it, if not given; likewise those below.")
@click.option("--language")
@click.option("--zone")
@click.option("--calendar")
def create(name: str, **wanted: str | None) -> None:
    """Open a shop called NAME, and ask its owner in by a letter."""
    with installation() as house:
        opened = tenants.create_shop(
            house.database, operator(), validate(tenants.NewShopForm, {"name": name, **wanted})
        )
    click.echo(_("{shop} is open.").format(shop=opened.shop.name))
    click.echo(_("A letter to {email} asks its owner in.").format(email=opened.owner_email))


@command.command("list")
@click.option("--text", default="", help="Part of the name or address.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_shops(text: str, as_json: bool) -> None:
    """List the shops, by their address."""
    wanted = tenants.Wanted(text=text, sort="slug", descending=False, limit=100_000)
    with installation() as house, house.database.for_platform("list shops", operator(), read_only=True) as work:
        shops = tenants.shops(work, wanted).rows
    if as_json:
        click.echo(json.dumps([asdict(shop) for shop in shops], default=str, indent=2, ensure_ascii=False))
        return
    for shop in shops:
        click.echo(f"{shop.slug:<30} {shop.state.value:<18} {shop.plan:<12} {shop.market:<3} {shop.name}")


@command.command()
@click.argument("slug")
@click.option("--because", required=True, help="The reason, kept with the suspension.")
def suspend(slug: str, because: str) -> None:
    """Let the people of a shop read and leave, and change nothing."""
    with installation() as house, house.database.for_platform("suspend a shop", operator()) as work:
        shop = tenants.shop_called(work, slug)
        tenants.suspend(house.database, work, shop.id, validate(tenants.SuspensionForm, {"because": because}))
    click.echo(_("{shop} is suspended.").format(shop=shop.name))


@command.command()
@click.argument("slug")
def reactivate(slug: str) -> None:
    """Let a suspended shop work again."""
    with installation() as house, house.database.for_platform("reactivate a shop", operator()) as work:
        shop = tenants.shop_called(work, slug)
        tenants.reactivate(house.database, work, shop.id)
    click.echo(_("{shop} works again.").format(shop=shop.name))
