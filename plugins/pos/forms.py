"""What a till sends: a cart to price, a sale to complete, goods that come back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, PlainValidator, TypeAdapter, ValidationError, WithJsonSchema

from kernel.i18n import _
from kernel.ids import new_id
from kernel.metal import Metal, Weight
from kernel.money import Money
from plugins.pos.domain.payment import Handed, Method
from plugins.pos.domain.sale import Customer
from plugins.pricing.public import Discount, OldMetal
from plugins.shop.public import LongTexts
from web.forms import (
    AmountField,
    AmountOrZero,
    Code,
    CountField,
    CountOrZero,
    FinenessField,
    Form,
    Line,
    Percent,
    Uuid,
    WeightG,
    WeightOrZeroG,
    to_money,
    validate,
)

MOST_LINES = 200
MOST_PAYMENTS = 20


@dataclass(frozen=True, slots=True)
class Off:
    """A discount as it is typed: per cent with its sign, else an amount in the shop's currency."""

    percent: Decimal | None = None
    amount: Decimal | None = None

    def __str__(self) -> str:
        """As one would type it again."""
        return f"{self.amount:f}" if self.percent is None else f"{self.percent:f}%"


_percent: TypeAdapter[Decimal] = TypeAdapter(Percent)
_amount: TypeAdapter[Decimal] = TypeAdapter(AmountOrZero)


def _off(typed: object) -> Off:
    is_percent = isinstance(typed, str) and typed.strip().endswith(("%", "٪"))
    try:
        return (
            Off(percent=_percent.validate_python(typed)) if is_percent else Off(amount=_amount.validate_python(typed))
        )
    except ValidationError as refused:
        # The sentence that the field itself would have given.
        raise ValueError(str(refused.errors()[0].get("ctx", {}).get("error", ""))) from None


#: `5%` or `250000`.
OffField = Annotated[
    Off,
    PlainValidator(_off),
    WithJsonSchema({"type": "string", "description": "per cent with its sign, or an amount", "examples": ["5%"]}),
]


class CartLineForm(Form):
    """`price` is for one piece and set by hand."""

    item: Uuid
    quantity: CountField = 1
    discount: OffField | None = None
    price: AmountField | None = None


class OldGoldForm(Form):
    """Metal that the customer brings, as weighed and tested."""

    metal: Metal = Metal.GOLD
    weight: WeightG
    fineness: FinenessField
    stones: WeightOrZeroG = Weight(0)

    def metal_of(self, place: int) -> OldMetal:
        return OldMetal(str(place), self.metal, self.weight, self.fineness, self.stones)


class PaymentForm(Form):
    """What is handed over by one method; of cash, before change."""

    method: Literal["cash", "card", "transfer"]
    amount: AmountField


Payments = Annotated[tuple[PaymentForm, ...], Field(max_length=MOST_PAYMENTS)]


class CartForm(Form):
    """What is to be sold and bought."""

    lines: Annotated[tuple[CartLineForm, ...], Field(max_length=MOST_LINES)] = ()
    discount: OffField | None = None
    old_gold: Annotated[tuple[OldGoldForm, ...], Field(max_length=MOST_LINES)] = ()

    @property
    def is_empty(self) -> bool:
        return not self.lines and not self.old_gold


class CounterForm(CartForm):
    """A cart with what stands around it at the counter.

    `quote` is what the till was told before; without one the price of this moment holds.
    """

    payments: Payments = ()
    quote: Annotated[str, Field(max_length=500)] | None = None
    customer_name: Annotated[Line, Field(max_length=120)] = ""
    customer_phone: Annotated[Code, Field(max_length=40)] = ""
    customer_tax_number: Annotated[Code, Field(max_length=40)] = ""
    language: Literal["en", "fa"] | None = None

    @property
    def customer(self) -> Customer:
        return Customer(self.customer_name, self.customer_phone, self.customer_tax_number)

    def handed(self, currency: str) -> list[Handed]:
        """Raises BadInput."""
        return handed(self.payments, currency)


class ReturnForm(Form):
    """So many pieces of one line of a sale; all that are left where no number is said."""

    line: CountField
    quantity: CountOrZero | None = None


def _some(rows: tuple[ReturnForm, ...]) -> tuple[ReturnForm, ...]:
    if rows and all(row.quantity == 0 for row in rows):
        raise ValueError(_("Enter how many come back."))
    return rows


Returns = Annotated[tuple[ReturnForm, ...], Field(max_length=MOST_LINES), AfterValidator(_some)]


class SaleRequest(CounterForm):
    """A sale as a program asks for it: its key may stand in the header Idempotency-Key instead."""

    id: Uuid | None = None
    terminal: Uuid


class SaleForm(CounterForm):
    """A sale to complete. `id` is made by the till: the same sale sent twice is made once."""

    id: Uuid
    terminal: Uuid

    @property
    def body_hash(self) -> bytes:
        return _hash(self)


class TillForm(CounterForm):
    """The page of the till: what lies there, and what was pressed.

    `go` names the buttons that need no more than their name; the others say what they are about.
    """

    id: Uuid = Field(default_factory=new_id)
    terminal: Uuid | None = None
    step: Literal["sale", "pay"] = "sale"
    find: Annotated[Line, Field(max_length=100)] = ""
    go: Literal["find", "update", "pay", "sale", "hold"] | None = None
    recall: Uuid | None = None
    add: Uuid | None = None
    drop: CountOrZero | None = None
    drop_gold: CountOrZero | None = None
    drop_payment: CountOrZero | None = None
    pay: Literal["cash", "card", "transfer"] | None = None
    pay_amount: AmountField | None = None
    exchange_of: Uuid | None = None
    returns: Returns = ()
    because: Line = ""

    @property
    def returned(self) -> dict[int, int | None]:
        return pieces_by_line(self.returns)

    def held(self) -> dict[str, Any]:
        """What stays of it on hold, as one would type it again: goods and customer, without money and prices."""
        return _typed(
            lines=[
                _typed(item=line.item, quantity=line.quantity, discount=line.discount, price=line.price)
                for line in self.lines
            ],
            old_gold=[
                _typed(metal=old.metal, weight=old.weight.g, fineness=old.fineness, stones=old.stones.g)
                for old in self.old_gold
            ],
            discount=self.discount,
            customer_name=self.customer_name,
            customer_phone=self.customer_phone,
            customer_tax_number=self.customer_tax_number,
            language=self.language,
            exchange_of=self.exchange_of,
            returns=[_typed(line=each.line, quantity=each.quantity) for each in self.returns],
            because=self.because,
        )

    @classmethod
    def recalled(cls, held: Mapping[str, Any]) -> TillForm:
        """The other way round of `held`."""
        return validate(cls, held)


def _typed(**fields: Any) -> dict[str, Any]:
    """Plain data of what was said at all."""
    plain = {name: f"{value:f}" if isinstance(value, Decimal) else value for name, value in fields.items() if value}
    return {name: value if isinstance(value, list) else str(value) for name, value in plain.items()}


class RefundForm(Form):
    """Goods that come back. Without lines it is all that is left of the sale; `method` gives all the money one way."""

    id: Uuid = Field(default_factory=new_id)
    lines: Returns = ()
    payments: Payments = ()
    method: Literal["cash", "card", "transfer"] | None = None
    because: Line

    def body_hash(self, sale: UUID) -> bytes:
        """Of a refund of this sale: the same words about another sale ask for something else."""
        return _hash(self, sale)

    @property
    def returned(self) -> dict[int, int | None]:
        return pieces_by_line(self.lines)

    def handed(self, due: Money) -> list[Handed]:
        """Raises BadInput."""
        if self.method is not None and not self.payments:
            return [Handed(Method(self.method), due)] if due else []
        return handed(self.payments, due.currency)


class ExchangeForm(SaleForm):
    """Goods come back and others are taken: one receipt for what is paid in the end."""

    returns: Annotated[Returns, Field(min_length=1)]
    because: Line

    def hash_of_exchange(self, sale: UUID) -> bytes:
        """Of an exchange for goods of this sale."""
        return _hash(self, sale)

    @property
    def returned(self) -> dict[int, int | None]:
        return pieces_by_line(self.returns)


class VoidForm(Form):
    because: Line


def pieces_by_line(returns: Sequence[ReturnForm]) -> dict[int, int | None]:
    """How many come back; None for all that are left of a line."""
    return {each.line: each.quantity for each in returns if each.quantity != 0}


class ReceiptsForm(Form):
    """How receipts look, and what a seller may take off. `language` is that of the picture beside the form."""

    footings: LongTexts = Field(default_factory=dict)
    paper: Literal["80mm", "a4"] = "80mm"
    copies: Literal["one", "two"] = "one"
    bars: bool = False
    discount_percent_max: CountOrZero = 5
    language: Literal["en", "fa"] | None = None


def handed(payments: Sequence[PaymentForm], currency: str) -> list[Handed]:
    """Raises BadInput for the payment whose amount the currency cannot hold."""
    return [
        Handed(Method(payment.method), to_money(payment.amount, currency, f"payments.{place}.amount"))
        for place, payment in enumerate(payments)
    ]


def off(typed: Off | None, currency: str, path: str) -> Discount | None:
    """The discount as pricing knows it. Raises BadInput for the field at `path`."""
    if typed is None or typed.amount is None:
        return None if typed is None else Discount(percent=typed.percent)
    return Discount(amount=to_money(typed.amount, currency, path))


def set_price(line: CartLineForm, place: int, currency: str) -> Money | None:
    """The price set by hand. Raises BadInput."""
    return None if line.price is None else to_money(line.price, currency, f"lines.{place}.price")


def _hash(form: SaleForm | RefundForm, *about: UUID) -> bytes:
    """Of what was asked for, not of what was left to its default: a field that is added later changes no old hash."""
    asked = form.model_dump(exclude={"id"}, exclude_defaults=True, warnings=False)
    return hashlib.sha256(json.dumps([asked, *about], default=str, sort_keys=True).encode()).digest()
