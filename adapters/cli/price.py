"""`goldsmith price`: one piece priced and explained, without a shop or a database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import click

from adapters.config import HOUSE
from kernel.calendars import Calendar, calendar, read_date, short_date
from kernel.digits import decimal_text, number_text
from kernel.errors import GoldsmithError
from kernel.i18n import N_, _, add_locale_dir, language, speaking
from kernel.karats import STAMPED
from kernel.metal import Fineness, Metal, Weight, WeightUnit
from kernel.money import Money, RoundingMode
from plugins.pricing.public import (
    ROUNDING_MODES,
    CartLine,
    Component,
    CostNeeded,
    Discount,
    DiscountAboveTotal,
    Explained,
    Extra,
    FinenessOutOfRange,
    MarketProfile,
    OldMetal,
    Piece,
    PricedCart,
    PricedLine,
    PricedOldMetal,
    PriceTooLarge,
    Rate,
    RateInOtherCurrency,
    RateMissing,
    Rounding,
    RuleOutcome,
    ShopChoices,
    Stone,
    Supply,
    TaxRateNotSet,
    TaxUnknownOn,
    Terms,
    explain,
    explain_rate,
    freeze,
    market,
    market_codes,
    price_cart,
    read_making,
)


class Wrong(click.ClickException):
    """One sentence, exit status 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        click.echo(self.format_message(), file=file, err=file is None)


class OneSentence(click.Command):
    """A command that says what is wrong with an option in one sentence, without the page on how to use it."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        try:
            return super().make_context(*args, **kwargs)
        except click.UsageError as wrong:
            raise Wrong(wrong.format_message()) from wrong


class Read(click.ParamType[Any]):
    """An option read by a function that raises ValueError or a broken rule where it cannot."""

    def __init__(self, name: str, read: Callable[[str], Any], expected: str) -> None:
        self.name, self._read, self._expected = name, read, expected

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return self._read(value.strip())
        except GoldsmithError as broken:
            self.fail(str(broken), param, ctx)
        except (ValueError, ArithmeticError):
            self.fail(_("“{value}” is not {expected}.").format(value=value, expected=_(self._expected)), param, ctx)


def _number(typed: str) -> Decimal:
    return Decimal(decimal_text(typed))


def _positive(typed: str) -> Decimal:
    number = _number(typed)
    if number <= 0:
        raise ValueError("not above zero")
    return number


def _amount(typed: str) -> Decimal:
    number = _number(typed)
    if number < 0:
        raise ValueError("negative")
    return number


def _percent(typed: str) -> Decimal:
    percent = _amount(typed.rstrip("%٪"))
    if percent > 100:
        raise ValueError("more than all")
    return percent


def _weight(typed: str) -> Weight:
    weight = Weight.grams(decimal_text(typed, grouped=False))
    if weight.mg < 0:
        raise ValueError("negative")
    return weight


def _fineness(typed: str) -> Fineness:
    """Thousandths, or a karat: `18K`."""
    text = typed.lower()
    if text.endswith("k"):
        karat = int(decimal_text(text.removesuffix("k")))
        if karat not in STAMPED:
            raise ValueError("no such karat")
        return STAMPED[karat]
    return Fineness.permille(decimal_text(text, grouped=False))


def _day(typed: str) -> date:
    """Gregorian, or Jalali where the year starts with a one."""
    return read_date(typed, Calendar.JALALI if typed[:1] in "1۱" else Calendar.GREGORIAN)


def _named(typed: str) -> tuple[str, str]:
    name, found, value = typed.rpartition("=")
    if not found:
        raise ValueError("no name")
    return name.strip(), value.strip()


def _stone(typed: str) -> tuple[str, Decimal | None, Decimal]:
    """`Ruby=0.5ct*2000000`, or `Ruby=900000`: name, carats, and rate per carat or value."""
    name, value = _named(typed)
    carats, times, rate = value.replace("×", "*").partition("*")
    if not times:
        return name, None, _amount(value)
    return name, _amount(carats.strip().removesuffix("ct")), _amount(rate)


def _extra(typed: str) -> tuple[str, Decimal]:
    name, value = _named(typed)
    return name, _amount(value)


def _old_metal(typed: str) -> tuple[Weight, Fineness]:
    weight, _at, fineness = typed.partition("@")
    return _weight(weight), _fineness(fineness)


def _discount(typed: str) -> tuple[Decimal | None, Decimal | None]:
    """Per cent, or an amount."""
    return (_percent(typed), None) if typed.endswith(("%", "٪")) else (None, _amount(typed))


def _tax(typed: str) -> tuple[str, Decimal]:
    """`VAT=9`, or `9` for every tax."""
    name, _equals, rate = typed.rpartition("=")
    return name.strip(), _percent(rate)


def _rounding(typed: str) -> dict[str, str]:
    """`line=1:floor,tax=1:ceil,total=1000,carry=exact,making=floor`."""
    return dict(_named(part) for part in typed.split(","))


def _choice(kind: type[StrEnum]) -> click.Choice[str]:
    return click.Choice([each.value for each in kind])


POLICY_SHAPE = N_("a policy such as line=1:floor,tax=1:ceil,total=1000,carry=exact")

AMOUNT = Read("amount", _amount, N_("an amount"))
CHARGE = Read("charge", read_making, N_("a making charge such as 18%, 500000/g, 2000000, 0.5g, 30milyem or none"))
DAY = Read("day", _day, N_("a day such as 2025-03-20 or 1403/12/30"))
DISCOUNT = Read("discount", _discount, N_("a discount such as 5% or 100000"))
EXTRA = Read("extra", _extra, N_("an extra such as Clasp=150000"))
FINENESS = Read("fineness", _fineness, N_("a fineness in thousandths such as 750 or 916.7, or a karat such as 18K"))
MARKUP = Read("percent", _amount, N_("a percentage"))
OLD_GOLD = Read("old", _old_metal, N_("old gold such as 6.120@750"))
PERCENT = Read("percent", _percent, N_("a percentage from 0 to 100"))
POLICY = Read("policy", _rounding, POLICY_SHAPE)
RATE = Read("rate", _positive, N_("a number above zero"))
STONE = Read("stone", _stone, N_("a stone such as Ruby=0.5ct*2000000"))
TAX = Read("tax", _tax, N_("a tax rate such as VAT=9"))
WEIGHT = Read("grams", _weight, N_("a weight in grams with at most three decimals"))

#: Which option a rule that is broken later speaks of.
OPTIONS: dict[type[GoldsmithError], str] = {
    CostNeeded: "--cost",
    DiscountAboveTotal: "--discount",
    FinenessOutOfRange: "--old-gold",
    PriceTooLarge: "--weight",
    RateInOtherCurrency: "--rate-currency",
    RateMissing: "--rate",
    TaxRateNotSet: "--tax",
    TaxUnknownOn: "--on",
}


@click.command(
    "price",
    cls=OneSentence,
    epilog="Example: goldsmith price --weight 4.250 --fineness 18K --rate 7000000 --making 18%",
)
@click.option("--market", "code", type=click.Choice(market_codes()), default="IR", show_default=True)
@click.option("--on", type=DAY, help="Day of the sale; today.")
@click.option("--metal", type=_choice(Metal), default="gold", show_default=True)
@click.option("--weight", type=WEIGHT, help="Gross weight in grams.")
@click.option("--stones-weight", type=WEIGHT, default="0", help="Of it stones and fittings, in grams.")
@click.option("--fineness", type=FINENESS, help="In thousandths, or a karat: 750 or 18K.")
@click.option("--rate", "value", type=RATE, help="Price of one unit of metal.")
@click.option("--rate-unit", type=_choice(WeightUnit), help="Unit of the rate; as the market quotes.")
@click.option("--rate-fineness", type=FINENESS, help="Fineness of the rate; as the market quotes.")
@click.option("--rate-currency", type=click.Choice(["IRR", "IRT"]), help="For Iran: is the rate in rial or toman?")
@click.option(
    "--making",
    type=CHARGE,
    default="none",
    help="18% of the metal, 500000/g, 2000000 a piece, 0.5g or 0.5g@750 of metal, 30milyem, none.",
)
@click.option("--wastage", type=PERCENT, default="0", help="Per cent of the metal.")
@click.option("--profit", type=PERCENT, help="Per cent; as the market has it.")
@click.option("--stone", "stones", multiple=True, type=STONE, help="Ruby=900000 or Ruby=0.5ct*2000000.")
@click.option("--extra", "extras", multiple=True, type=EXTRA, help="Clasp=150000.")
@click.option("--fixed-price", type=AMOUNT, help="A price on the tag, instead of all that.")
@click.option("--cost", type=AMOUNT, help="What the shop paid, for --markup and second-hand pieces.")
@click.option("--markup", type=MARKUP, help="Per cent on the cost.")
@click.option("--quantity", type=click.IntRange(1, 100_000), default=1, show_default=True)
@click.option("--supply", type=_choice(Supply), default="new", show_default=True)
@click.option("--discount", type=DISCOUNT, help="On the line: 5% or an amount.")
@click.option("--discount-on", multiple=True, type=_choice(Component), help="Only of these parts of the line.")
@click.option("--cart-discount", type=DISCOUNT, help="On the whole sale.")
@click.option("--old-gold", multiple=True, type=OLD_GOLD, help="Taken in exchange: 6.120@750.")
@click.option("--tax", "taxes", multiple=True, type=TAX, help="Another rate: VAT=9, or 9 for every tax.")
@click.option("--taxed", multiple=True, type=_choice(Component), help="Parts that are taxed, too.")
@click.option("--rounding", type=POLICY, help="line, tax, total=STEP[:MODE], carry=rounded|exact, PART=MODE.")
@click.option("--lang", type=click.Choice(["en", "fa"]), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the steps and the record that can be replayed.")
def command(code: str, lang: str, as_json: bool, **given: Any) -> None:
    """Price a piece and say how, step by step."""
    add_locale_dir(HOUSE / "locale")
    with speaking(lang), _named_options():
        profile = _as_traded(market(code), given)
        priced = _price(profile, given)
        click.echo(_as_json(priced) if as_json else _in_words(profile, priced))


@contextmanager
def _named_options() -> Iterator[None]:
    try:
        yield
    except GoldsmithError as broken:
        option = OPTIONS.get(type(broken))
        raise Wrong(f"{option}: {broken}" if option else str(broken)) from broken


@contextmanager
def _speaking_of(option: str) -> Iterator[None]:
    try:
        yield
    except GoldsmithError as broken:
        raise Wrong(f"{option}: {broken}") from broken
    except ValueError as wrong:
        raise Wrong(f"{option}: {wrong}.") from wrong


def _price(profile: MarketProfile, given: dict[str, Any]) -> PricedCart:
    on: date = given["on"] or datetime.now(UTC).date()
    with _speaking_of("--rate"):
        rates = [] if given["value"] is None else [_rate(profile, given, on)]
    old = [
        OldMetal(str(number), Metal(given["metal"]), weight, fineness)
        for number, (weight, fineness) in enumerate(given["old_gold"], 1)
    ]
    lines = [] if old and given["weight"] is None and given["fixed_price"] is None else [_line(profile, given)]
    with _speaking_of("--cart-discount"):
        off = _off(given["cart_discount"], profile.currency)
    return price_cart(profile, rates, lines, off, old, on=on)


def _rate(profile: MarketProfile, given: dict[str, Any], on: date) -> Rate:
    metal = Metal(given["metal"])
    quoted = profile.quotation(metal)
    unit = given["rate_unit"] or (quoted.unit if quoted else WeightUnit.GRAM)
    fineness = given["rate_fineness"] or (quoted.fineness if quoted else Fineness(10_000))
    currency = given["rate_currency"] or profile.currency
    at = datetime(on.year, on.month, on.day, tzinfo=UTC)
    return Rate(metal, given["value"], currency, WeightUnit(unit), fineness, profile.code, at, "manual")


def _line(profile: MarketProfile, given: dict[str, Any]) -> CartLine:
    currency = profile.currency
    with _speaking_of("--discount"):
        discount = _off(given["discount"], currency, given["discount_on"])
    with _speaking_of("--cost"):
        cost = _money(given["cost"], currency)
    rules = RuleOutcome(profit_percent=given["profit"], markup_percent=given["markup"])
    supply = Supply(given["supply"])
    return CartLine("1", _piece(given, currency), given["quantity"], supply, discount, cost=cost, rules=rules)


def _piece(given: dict[str, Any], currency: str) -> Piece:
    fineness: Fineness | None = given["fineness"]
    if given["weight"] is not None and fineness is None:
        raise Wrong(_("--fineness: a weight of metal needs a fineness."))
    if fineness is not None and given["weight"] is None:
        raise Wrong(_("--weight: a fineness needs a weight."))
    with _speaking_of("--stone"):
        stones = tuple(
            Stone(name, value=Money.of(value, currency)) if carats is None else Stone(name, carats, value)
            for name, carats, value in given["stones"]
        )
    with _speaking_of("--extra"):
        extras = tuple(Extra(name, Money.of(price, currency)) for name, price in given["extras"])
    with _speaking_of("--fixed-price"):
        fixed = _money(given["fixed_price"], currency)
    with _speaking_of("--stones-weight" if given["stones_weight"] else "--weight"):
        return Piece(
            Metal(given["metal"]) if fineness else None,
            fineness,
            given["weight"] or Weight(0),
            given["stones_weight"],
            given["making"],
            given["wastage"],
            stones,
            extras,
            fixed,
        )


def _off(
    wanted: tuple[Decimal | None, Decimal | None] | None, currency: str, on: tuple[str, ...] = ()
) -> Discount | None:
    if wanted is None:
        return None
    percent, amount = wanted
    return Discount(percent, _money(amount, currency), frozenset(map(Component, on)))


def _money(amount: Decimal | None, currency: str) -> Money | None:
    return None if amount is None else Money.of(amount, currency)


def _as_traded(profile: MarketProfile, given: dict[str, Any]) -> MarketProfile:
    """The market under the policy and the tax rates that were asked for."""
    if given["rounding"]:
        try:
            profile = replace(profile, rounding=_policy(profile, given["rounding"]))
        except (ValueError, ArithmeticError) as wrong:
            raise Wrong(_("--rounding: this is not {expected}.").format(expected=_(POLICY_SHAPE))) from wrong
    names = {tax.name for tax in profile.taxes}
    for name, rate in given["taxes"]:
        if name and name not in names:
            sentence = _("--tax: {market} has no tax called “{name}”, only {names}.")
            raise Wrong(sentence.format(market=_(profile.name), name=name, names=", ".join(sorted(names))))
        taxes = [replace(tax, rate=rate) if name in ("", tax.name) else tax for tax in profile.taxes]
        profile = replace(profile, taxes=tuple(taxes))
    return profile.with_choices(ShopChoices(taxed_too=frozenset(map(Component, given["taxed"]))))


def _policy(profile: MarketProfile, parts: dict[str, str]) -> Rounding:
    policy = profile.rounding
    for name, value in parts.items():
        if name == "line":
            step, mode = _step_and_mode(profile, value, policy.line_mode)
            policy = replace(policy, line_step=step, line_mode=mode)
        elif name == "tax":
            step, mode = _step_and_mode(profile, value, policy.tax_mode)
            policy = replace(policy, tax_step=step, tax_mode=mode)
        elif name == "total":
            step, mode = _step_and_mode(profile, value, policy.total_mode)
            policy = replace(policy, total_step=step, total_mode=mode)
        elif name == "carry":
            policy = replace(policy, carry_rounded=("exact", "rounded").index(value) == 1)
        else:
            policy = replace(policy, modes=(*policy.modes, (Component(name), RoundingMode(value))))
    return policy


def _step_and_mode(profile: MarketProfile, typed: str, otherwise: RoundingMode) -> tuple[int, RoundingMode]:
    step, _colon, mode = typed.partition(":")
    return Money.of(_positive(step), profile.currency).amount, RoundingMode(mode) if mode else otherwise


def _as_json(priced: PricedCart) -> str:
    plain = {
        "currency": priced.due.currency,
        "total": str(priced.total.decimal),
        "taxes": {name: str(amount.decimal) for name, amount in priced.taxes.items()},
        "exchanged": str(priced.exchanged.decimal),
        "rounding": str(priced.rounding.decimal),
        "due": str(priced.due.decimal),
        "steps": [
            {
                "step": step.name,
                "title": step.title,
                "worked": step.worked,
                "exact": step.exact,
                "amount": str(step.amount.decimal),
            }
            for one in _parts(priced)
            for step in explain(one)
        ],
        "record": freeze(priced),
    }
    return json.dumps(plain, ensure_ascii=False, indent=2)


def _in_words(profile: MarketProfile, priced: PricedCart) -> str:
    rates = dict.fromkeys(one.rate for one in _parts(priced) if one.rate is not None)
    day = short_date(priced.terms.on, calendar(), language())
    head = [f"{_(profile.name)}, {day}", *map(explain_rate, rates), _rounded_how(priced.terms)]
    rows = [_row(step) for line in priced.lines for step in explain(line)]
    rows += [_row(step, -1) for bought in priced.exchange for step in explain(bought)]
    if priced.rounding:
        rows.append((_("Rounding"), "", _figure(priced.rounding)))
    rows.append((_("To pay"), priced.due.currency, _figure(priced.due)))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    table = [
        f"{title:<{widths[0]}}  {worked:<{widths[1]}}  {amount:>{widths[2]}}".rstrip() for title, worked, amount in rows
    ]
    return "\n".join([*head, "", *table])


def _parts(priced: PricedCart) -> list[PricedLine | PricedOldMetal]:
    return [*priced.lines, *priced.exchange]


def _row(step: Explained, sign: int = 1) -> tuple[str, str, str]:
    return step.title, f"{step.worked} = {step.exact}" if step.exact else step.worked, _figure(step.amount * sign)


def _rounded_how(terms: Terms) -> str:
    rounding = terms.rounding
    return _("Rounding: lines to {line}, taxes to {tax}, the total to {total}; {carry}").format(
        line=_step_in_words(rounding.line_step, rounding.line_mode, terms.currency),
        tax=_step_in_words(rounding.tax_step, rounding.tax_mode, terms.currency),
        total=_step_in_words(rounding.total_step, rounding.total_mode, terms.currency),
        carry=_("reckoned with rounded values") if rounding.carry_rounded else _("reckoned with exact values"),
    )


def _step_in_words(step: int, mode: RoundingMode, currency: str) -> str:
    return f"{_figure(Money(step, currency))} ({_(ROUNDING_MODES[mode])})"


def _figure(money: Money) -> str:
    return number_text(str(money.decimal), language())
