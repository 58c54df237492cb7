"""What the till shows: the cart in words and figures, with everything that speaks against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from kernel.errors import BadInput, RuleBroken
from kernel.i18n import _
from kernel.metal import Metal
from kernel.money import Money, total
from kernel.uow import UnitOfWork
from plugins.branches.public import Terminal
from plugins.inventory.public import ItemForSale, Kind, for_sale
from plugins.pos import queries
from plugins.pos.actions.price import check_allowed, price, price_of_old_gold, quoted_at
from plugins.pos.actions.refund import weigh_up
from plugins.pos.domain.cart import Cart, CartLine
from plugins.pos.domain.held import HeldCart
from plugins.pos.domain.payment import METHODS, Method, settle
from plugins.pos.domain.quote import Quote
from plugins.pos.domain.receipt import Figure
from plugins.pos.forms import OldGoldForm, TillForm
from plugins.pos.pages import words
from plugins.pos.permissions import SET_PRICE
from plugins.pos.ports import Seal
from plugins.pricing import public as pricing
from plugins.pricing.public import PricedOldMetal, Side
from web.formats import Formats


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line of the cart; its figures are empty while the cart cannot be priced."""

    place: int
    item: ItemForSale | None
    about: str
    quantity: int
    discount: str
    set_price: str
    amount: str = ""
    parts: tuple[Figure, ...] = ()
    steps: tuple[words.Worked, ...] = ()
    rate: str = ""
    problem: str = ""

    @property
    def is_counted(self) -> bool:
        return self.item is not None and self.item.kind is Kind.COUNTED


@dataclass(frozen=True, slots=True)
class GoldShown:
    """A lot of old gold in the cart."""

    place: int
    typed: OldGoldForm
    name: str
    about: str
    amount: str = ""
    steps: tuple[words.Worked, ...] = ()
    rate: str = ""


@dataclass(frozen=True, slots=True)
class PaymentShown:
    place: int
    method: str
    title: str
    typed: str
    amount: str


@dataclass(frozen=True, slots=True)
class ExchangeShown:
    """The goods of an earlier sale that come back for what lies here."""

    sale: UUID
    number: int
    lines: tuple[Figure, ...]
    worth: Money


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand around the sale: the rate that gold is sold at, and since when."""

    rate_at: datetime | None
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Counter:
    """Everything the page knows of a sale in the making. `left` is still to be paid, `change` goes back.

    `due` is what is left to settle when returned goods have been counted in. `mismatch` says why the money that lies
    there does not do.
    """

    form: TillForm
    till: Terminal
    tills: Sequence[Terminal]
    lines: tuple[LineShown, ...]
    old_gold: tuple[GoldShown, ...]
    payments: tuple[PaymentShown, ...]
    problem: str = ""
    sums: tuple[Figure, ...] = ()
    due: Money | None = None
    left: Money | None = None
    change: Money | None = None
    mismatch: str = ""
    quote: str = ""
    at: str = ""
    exchange: ExchangeShown | None = None
    may_set_price: bool = False
    old_gold_price: str = ""
    standing: Standing = Standing(None, False)
    held: Sequence[HeldCart] = ()
    #: Of all that are on hold, also those too old to be listed.
    held_number: int = 0

    @property
    def is_empty(self) -> bool:
        return not self.lines and not self.old_gold

    @property
    def till_choices(self) -> list[tuple[UUID, str]]:
        return [(till.id, till.name) for till in self.tills]

    @property
    def is_payout(self) -> bool:
        return self.due is not None and self.due.amount < 0

    @property
    def is_paid(self) -> bool:
        """All that is due was handed over."""
        return self.left is not None and self.left.amount <= 0


def lay_out(
    uow: UnitOfWork, form: TillForm, till: Terminal, tills: Sequence[Terminal], seal: Seal, show: Formats
) -> Counter:
    """The cart with its prices, or with what speaks against them: what lies there stays in sight."""
    items = for_sale(uow, {line.item for line in form.lines}) if form.lines else {}
    board = pricing.board(uow)
    known = form.model_copy(update={"lines": tuple(line for line in form.lines if line.item in items)})
    if known.is_empty:
        known = known.model_copy(update={"step": "sale"})
    cart, problem = _priced(uow, known, till, seal)
    held, held_number = queries.held_carts(uow, till.branch, known.id)
    counter = Counter(
        known,
        till,
        tills,
        tuple(_line(show, known, place, items, cart) for place in range(len(known.lines))),
        tuple(_gold(show, known.old_gold[place], place, cart) for place in range(len(known.old_gold))),
        _payments(show, known, uow.shop.currency),
        problem,
        exchange=_exchange(uow, show, known),
        may_set_price=uow.actor.may(SET_PRICE.name),
        old_gold_price=_old_gold_price(board, show),
        standing=standing(board),
        held=held,
        held_number=held_number,
    )
    return counter if cart is None else _with_sums(show, counter, uow, cart, seal)


def standing(board: pricing.Board) -> Standing:
    gold = [rate for rate in board.rates if rate.metal is Metal.GOLD and rate.side is Side.SALE]
    newest = max(gold, key=lambda rate: rate.at, default=None)
    return Standing(None, False) if newest is None else Standing(newest.at, board.is_stale(newest))


def _old_gold_price(board: pricing.Board, show: Formats) -> str:
    """`18K: 6,906,667 toman per gram`: what one says before anything lies on the scale."""
    bought = price_of_old_gold(board)
    if bought is None:
        return ""
    per_gram = _("{price} per gram").format(price=show.money(bought.paid))
    return f"{show.karat(bought.old.fineness)}: {per_gram}"


def _exchange(uow: UnitOfWork, show: Formats, form: TillForm) -> ExchangeShown | None:
    if form.exchange_of is None or not form.returns:
        return None
    sale = queries.sale(uow, form.exchange_of)
    returned = weigh_up(uow, sale, form.returned)
    lines = words.figures(
        show, [(f"{each.line.name} × {show.number(each.quantity)}", -each.part.total) for each in returned.returns]
    )
    return ExchangeShown(sale.id, sale.number, lines, returned.due)


def _priced(uow: UnitOfWork, form: TillForm, till: Terminal, seal: Seal) -> tuple[Cart | None, str]:
    if form.is_empty:
        return None, ""
    held = Quote.opened(form.quote, uow.shop.id, seal.sign)
    try:
        cart = price(uow, form, quoted_at(uow, held))
    except RuleBroken as refused:
        return None, str(refused)
    except BadInput as refused:
        return None, next(iter(refused.fields.values()))
    try:
        cart.check_for_sale(till.branch)
        check_allowed(uow, cart)
    except RuleBroken as refused:
        return cart, str(refused)
    return cart, ""


def _line(show: Formats, form: TillForm, place: int, items: Mapping[UUID, ItemForSale], cart: Cart | None) -> LineShown:
    typed = form.lines[place]
    item = items[typed.item]
    shown = LineShown(
        place,
        item,
        words.about(show, item),
        typed.quantity,
        "" if typed.discount is None else show.digits(typed.discount),
        "" if typed.price is None else show.typed(typed.price),
        problem=_problem(show, form, item),
    )
    if cart is None:
        return shown
    line: CartLine = cart.lines[place]
    return replace(
        shown,
        amount=show.amount(line.priced.total),
        parts=words.parts(show, line.priced),
        steps=words.steps(show, line.priced),
        rate=words.rate(show, line.priced.rate),
    )


def _problem(show: Formats, form: TillForm, item: ItemForSale) -> str:
    """What happened to this item since it was put here."""
    wanted = sum(line.quantity for line in form.lines if line.item == item.id)
    if item.on_hand == 0:
        return _("This was sold meanwhile.")
    return "" if wanted <= item.on_hand else _("Only {count} are there.").format(count=show.number(item.on_hand))


def _gold(show: Formats, typed: OldGoldForm, place: int, cart: Cart | None) -> GoldShown:
    shown = GoldShown(
        place, typed, words.old_gold_name(show, typed.metal, typed.fineness), words.about_typed(show, typed)
    )
    if cart is None:
        return shown
    bought: PricedOldMetal = cart.old_gold[place]
    return replace(
        shown,
        about=words.about_old_gold(show, bought),
        amount=show.amount(-bought.paid),
        steps=words.steps(show, bought),
        rate=words.rate(show, bought.rate),
    )


def _payments(show: Formats, form: TillForm, currency: str) -> tuple[PaymentShown, ...]:
    return tuple(
        PaymentShown(
            place,
            payment.method,
            _(METHODS[Method(payment.method)]),
            f"{payment.amount:f}",
            show.amount(handed.amount),
        )
        for place, (payment, handed) in enumerate(zip(form.payments, form.handed(currency), strict=True))
    )


def _with_sums(show: Formats, counter: Counter, uow: UnitOfWork, cart: Cart, seal: Seal) -> Counter:
    currency = cart.due.currency
    handed = counter.form.handed(currency)
    due = cart.due if counter.exchange is None else cart.due - counter.exchange.worth
    left = (due if due.amount >= 0 else -due) - total((each.amount for each in handed), currency)
    nothing = Money.zero(currency)
    change, mismatch = nothing, ""
    if left.amount <= 0:
        try:
            change = total((each.change for each in settle(due, handed)), currency)
        except RuleBroken as refused:
            mismatch = str(refused)
    return replace(
        counter,
        sums=words.sums(show, cart.priced),
        due=due,
        left=left if left.amount > 0 else nothing,
        change=change,
        mismatch=mismatch,
        quote=Quote(cart.at, cart.due).sealed(uow.shop.id, seal.sign),
        at=show.time(cart.at),
    )
