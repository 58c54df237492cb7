"""`goldsmith price`: a price worked out step by step, without any shop or database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import click

from adapters.cli import written
from adapters.cli.written import Written
from adapters.config import HOUSE
from kernel.i18n import _, add_locale_dir, speaking
from kernel.metal import Fineness, Metal, Weight, WeightUnit
from kernel.money import DECIMALS, Money, RoundingMode
from plugins.pricing import public as pricing

WEIGHT = Written("4.250", written.grams)
FINENESS = Written("750|18k", written.fineness)
NUMBER = Written("7000000", written.number)
PERCENT = Written("7%", written.percent)
DAY = Written("2026-11-20", written.day)
STEP = Written("1000", written.number)
MODE = click.Choice([mode.value for mode in RoundingMode])


@click.command("price", epilog="Example: price --market IR --weight 4.25 --fineness 750 --rate 7000000 --making 18%")
@click.option("--market", required=True, type=click.Choice(pricing.market_codes(), case_sensitive=False))
@click.option("--on", type=DAY, help="The day whose taxes hold; today if not given.")
@click.option("--metal", default="gold", show_default=True, type=click.Choice([metal.value for metal in Metal]))
@click.option("--weight", type=WEIGHT, help="Of the whole piece, in grams.")
@click.option("--stones-weight", type=WEIGHT, default="0", help="Of stones and fittings in it.")
@click.option("--fineness", type=FINENESS, help="Of the piece, in thousandths or as a karat.")
@click.option("--rate", type=NUMBER, help="What a unit of metal costs.")
@click.option("--rate-unit", type=click.Choice([unit.value for unit in WeightUnit]), help="As the market quotes.")
@click.option("--rate-fineness", type=FINENESS, help="As the market quotes.")
@click.option("--making", default="none", metavar="18%|500000/g|2000000|0.5g@750|30 milyem", help="The making charge.")
@click.option("--wastage", type=PERCENT, default="0", help="Of the metal's value.")
@click.option("--profit", type=PERCENT, help="As the market has it, if not given.")
@click.option("--stone", "stones", multiple=True, metavar="ruby=250000|ruby=0.5ct@1000000")
@click.option("--extra", "extras", multiple=True, metavar="box=50000")
@click.option("--fixed-price", metavar="AMOUNT", help="The price on the tag, instead of one that is added up.")
@click.option("--quantity", type=int, default=1)
@click.option("--supply", default="new", show_default=True, type=click.Choice([one.value for one in pricing.Supply]))
@click.option("--cost", metavar="AMOUNT", help="What the piece cost; taxes on a margin need it.")
@click.option("--discount", metavar="5%|100000", help="On this line.")
@click.option("--cart-discount", metavar="5%|100000", help="On the whole sale.")
@click.option("--tax", "taxes", multiple=True, metavar="NAME=8.25", help="A rate that the market leaves to the shop.")
@click.option("--old", "exchange", multiple=True, metavar="3.2@750", help="Old metal given in exchange.")
@click.option("--line-step", type=STEP, help="Each component is rounded to a multiple of it.")
@click.option("--line-mode", type=MODE)
@click.option("--tax-step", type=STEP, help="The same for taxes.")
@click.option("--tax-mode", type=MODE)
@click.option("--total-step", type=STEP, help="The same for what is due.")
@click.option("--total-mode", type=MODE)
@click.option("--carry", type=click.Choice(["rounded", "exact"]), help="What later steps reckon with.")
@click.option("--language", default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print everything, exactly, for programs.")
def command(market: str, on: date | None, language: str, as_json: bool, **asked: Any) -> None:
    """Explain a price step by step."""
    add_locale_dir(HOUSE / "locale")
    on = on or datetime.now(UTC).date()
    try:
        profile, rates, cart = _priced(market.upper(), on, asked)
    except (ValueError, ArithmeticError) as unclear:
        raise click.UsageError(str(unclear)) from unclear
    with speaking(language):
        click.echo(_as_json(cart, rates) if as_json else _in_words(profile, rates, cart))


def _priced(
    market: str, on: date, asked: dict[str, Any]
) -> tuple[pricing.MarketProfile, list[pricing.Rate], pricing.PricedCart]:
    profile = _with_choices(pricing.market(market), asked)
    rates = _rates(profile, on, asked)
    currency = profile.currency
    line = pricing.CartLine(
        "1",
        _piece(currency, asked),
        asked["quantity"],
        pricing.Supply(asked["supply"]),
        written.discount(asked["discount"], currency) if asked["discount"] else None,
        cost=written.money(asked["cost"], currency) if asked["cost"] else None,
    )
    off = written.discount(asked["cart_discount"], currency) if asked["cart_discount"] else None
    metal = Metal(asked["metal"])
    exchange = [
        pricing.OldMetal(str(number), metal, *written.old_metal(old)) for number, old in enumerate(asked["exchange"], 1)
    ]
    return profile, rates, pricing.price_cart(profile, rates, [line], off, exchange, on=on)


def _with_choices(profile: pricing.MarketProfile, asked: dict[str, Any]) -> pricing.MarketProfile:
    """The market with what was asked otherwise."""
    rounding: dict[str, Any] = {}
    for what in ("line", "tax", "total"):
        if asked[f"{what}_step"] is not None:
            rounding[f"{what}_step"] = Money.of(asked[f"{what}_step"], profile.currency).amount
        if asked[f"{what}_mode"] is not None:
            rounding[f"{what}_mode"] = RoundingMode(asked[f"{what}_mode"])
    if asked["carry"] is not None:
        rounding["carry_rounded"] = asked["carry"] == "rounded"
    tax_rates = {name: written.percent(rate) for name, _equals, rate in (tax.rpartition("=") for tax in asked["taxes"])}
    return profile.with_choices(
        pricing.ShopChoices(asked["profit"], replace(profile.rounding, **rounding), tax_rates=tax_rates)
    )


def _rates(profile: pricing.MarketProfile, on: date, asked: dict[str, Any]) -> list[pricing.Rate]:
    if asked["rate"] is None:
        return []
    metal = Metal(asked["metal"])
    quoted = profile.quotation(metal)
    unit = asked["rate_unit"] or (quoted.unit if quoted else WeightUnit.GRAM)
    fineness: Fineness | None = asked["rate_fineness"] or (quoted.fineness if quoted else asked["fineness"])
    if fineness is None:
        raise click.UsageError(_("This market does not quote {metal}: say --rate-fineness.").format(metal=metal.value))
    at = datetime(on.year, on.month, on.day, tzinfo=UTC)
    return [
        pricing.Rate(metal, asked["rate"], profile.currency, WeightUnit(unit), fineness, profile.code, at, "manual")
    ]


def _piece(currency: str, asked: dict[str, Any]) -> pricing.Piece:
    fineness: Fineness | None = asked["fineness"]
    weight: Weight = asked["weight"] or Weight(0)
    return pricing.Piece(
        metal=Metal(asked["metal"]) if fineness else None,
        fineness=fineness,
        gross=weight,
        stones_weight=asked["stones_weight"],
        making=pricing.read_making(asked["making"]),
        wastage_percent=asked["wastage"],
        stones=tuple(written.stone(stone, currency) for stone in asked["stones"]),
        extras=tuple(written.priced_extra(extra, currency) for extra in asked["extras"]),
        fixed_price=written.money(asked["fixed_price"], currency) if asked["fixed_price"] else None,
    )


def _in_words(profile: pricing.MarketProfile, rates: list[pricing.Rate], cart: pricing.PricedCart) -> str:
    currency = cart.due.currency
    head = [f"{_(profile.name)}, {cart.terms.on:%Y-%m-%d}"]
    head += [_("Rate: {rate}").format(rate=pricing.explain_rate(rate)) for rate in rates]
    head.append(_("Rounding: {policy}").format(policy=_rounding(cart)))
    rows = [
        (step.title, step.worked, _amount(sign * step.amount.amount, currency), f"({step.exact})" if step.exact else "")
        for sign, step in _steps(cart)
    ]
    if cart.rounding:
        rows.append((_("Rounding"), "", _amount(cart.rounding.amount, currency), ""))
    rows.append((_("Due"), "", f"{_amount(cart.due.amount, currency)} {currency}", ""))
    wide, wider, widest = (max(len(row[column]) for row in rows) for column in (0, 1, 2))
    table = [
        f"  {title:<{wide}}  {worked:<{wider}}  {amount:>{widest}}  {exact}".rstrip()
        for title, worked, amount, exact in rows
    ]
    return "\n".join([*head, "", *table])


def _rounding(cart: pricing.PricedCart) -> str:
    rounding, currency = cart.terms.rounding, cart.terms.currency
    return _(
        "lines to {line} {line_mode}, taxes to {tax} {tax_mode}, total to {total} {total_mode}, reckoned with {carry}"
    ).format(
        line=Money(rounding.line_step, currency).decimal,
        line_mode=rounding.line_mode.value,
        tax=Money(rounding.tax_step, currency).decimal,
        tax_mode=rounding.tax_mode.value,
        total=Money(rounding.total_step, currency).decimal,
        total_mode=rounding.total_mode.value,
        carry=_("rounded values") if rounding.carry_rounded else _("exact values"),
    )


def _steps(cart: pricing.PricedCart) -> Iterator[tuple[int, pricing.Explained]]:
    """Every step, with -1 for those of old metal, which lower what is due."""
    for line in cart.lines:
        yield from ((1, step) for step in pricing.explain(line))
    for bought in cart.exchange:
        yield from ((-1, step) for step in pricing.explain(bought))


def _amount(minor: int, currency: str) -> str:
    return f"{Money(minor, currency).decimal:,.{DECIMALS[currency]}f}"


def _as_json(cart: pricing.PricedCart, rates: list[pricing.Rate]) -> str:
    """Amounts in minor units of `currency`; `record` is what a sale keeps and can be replayed from."""
    steps = [
        {
            "step": step.name,
            "title": step.title,
            "worked": step.worked,
            "amount": step.amount.amount,
            "exact": step.exact or None,
        }
        for _sign, step in _steps(cart)
    ]
    return json.dumps(
        {
            "market": cart.terms.market,
            "on": cart.terms.on.isoformat(),
            "currency": cart.terms.currency,
            "rates": [pricing.explain_rate(rate) for rate in rates],
            "steps": steps,
            "taxes": {name: amount.amount for name, amount in cart.taxes.items()},
            "total": cart.total.amount,
            "exchanged": cart.exchanged.amount,
            "rounding": cart.rounding.amount,
            "due": cart.due.amount,
            "record": pricing.freeze(cart),
        },
        indent=2,
        ensure_ascii=False,
    )
