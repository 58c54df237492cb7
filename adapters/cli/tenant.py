"""`goldsmith tenant`: the shops of this installation, from the command line."""

from __future__ import annotations

import getpass

import click

from adapters.container import open_house
from adapters.launcher.running import join_demo
from kernel.i18n import _
from kernel.tenancy import Actor, system
from kernel.uow import Database
from plugins.tenants import public as tenants
from web.forms import validate


def installation() -> Database:
    """The database of this installation, or of the demo that runs here."""
    join_demo()
    return open_house().database


def operator() -> Actor:
    """Who types; kept with what they change."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = "?"
    return system(f"command line ({name})")


def shop_called(database: Database, slug: str) -> tenants.ShopRow:
    with database.for_platform("find a shop", operator(), read_only=True) as work:
        return tenants.shop_called(work, slug)


@click.group("tenant")
def command() -> None:
    """Open, list and suspend shops."""


@command.command()
@click.argument("name")
@click.option("--slug", required=True, help="Its address: small letters, digits, hyphens.")
@click.option("--market", required=True, help="Two letters, such as IR or AE.")
@click.option("--plan", required=True, help="One of plugins.toml.")
@click.option("--owner-name", required=True)
@click.option("--owner-email", required=True)
@click.option("--currency", help="If not the market's.")
@click.option("--language", help="If not the market's.")
@click.option("--zone", help="If not the market's.")
@click.option("--calendar", help="If not the market's.")
def create(**typed: str | None) -> None:
    """Open a shop called NAME, and print what its owner signs in with."""
    opened = tenants.create_shop(installation(), operator(), validate(tenants.NewShopForm, typed))
    click.echo(_("{shop} is open.").format(shop=opened.shop.name))
    click.echo(_("Owner: {email}").format(email=opened.owner.email))
    if opened.start_password:
        click.echo(_("Password for the first time: {password}").format(password=opened.start_password))
    else:
        click.echo(_("They have an account already and sign in with the password they know."))


@command.command("list")
@click.option("--text", default="", help="Part of the name or address.")
def list_shops(text: str) -> None:
    """List the shops, the newest first."""
    wanted = tenants.Wanted(text=text, limit=10_000)
    with installation().for_platform("list the shops", operator(), read_only=True) as work:
        found = tenants.shops(work, wanted)
    for shop in found.rows:
        click.echo(f"{shop.slug:30} {shop.state:18} {shop.plan:12} {shop.market:3} {shop.name}")


@command.command()
@click.argument("slug")
@click.option("--because", required=True, help="The reason, kept with the suspension.")
def suspend(slug: str, because: str) -> None:
    """Let the people of a shop read and leave, and change nothing."""
    database = installation()
    shop = shop_called(database, slug)
    with database.for_platform("suspend a shop", operator()) as work:
        tenants.suspend(work, shop.id, validate(tenants.SuspensionForm, {"because": because}))
    click.echo(_("{shop} is suspended.").format(shop=shop.name))


@command.command()
@click.argument("slug")
def reactivate(slug: str) -> None:
    """Let a suspended shop work again."""
    database = installation()
    shop = shop_called(database, slug)
    with database.for_platform("reactivate a shop", operator()) as work:
        tenants.reactivate(work, shop.id)
    click.echo(_("{shop} works again.").format(shop=shop.name))
