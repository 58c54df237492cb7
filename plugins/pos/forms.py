"""What a till sends: a cart to price, a sale to complete, goods that come back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, PlainValidator, TypeAdapter, ValidationError, WithJsonSchema

from kernel.ids import new_id
from kernel.metal import Metal, Weight
from kernel.money import Money
from plugins.pos.domain.payment import Handed, Method
from plugins.pricing.public import Discount
from web.forms import (
    AmountField,
    AmountOrZero,
    Code,
    CountField,
    FinenessField,
    Form,
    Line,
    Percent,
    Uuid,
    WeightG,
    WeightOrZeroG,
    to_money,
)

MOST_LINES = 200
MOST_PAYMENTS = 20


@dataclass(frozen=True, slots=True)
class Off:
    """A discount as it is typed: per cent with its sign, else an amount in the shop's currency."""

    percent: Decimal | None = None
    amount: Decimal | None = None

    def discount(self, currency: str, path: str) -> Discount:
        """Raises BadInput for the field at `path`."""
        if self.percent is not None:
            return Discount(percent=self.percent)
        assert self.amount is not None
        return Discount(amount=to_money(self.amount, currency, path))


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


class SaleForm(CartForm):
    """A cart with what was paid for it. `id` is made by the till: the same sale sent twice is made once.

    `quote` is what the till was told before; without one the price of this moment holds.
    """

    id: Uuid
    terminal: Uuid
    payments: Payments = ()
    quote: Annotated[str, Field(max_length=500)] | None = None
    customer_name: Annotated[Line, Field(max_length=120)] = ""
    customer_phone: Annotated[Code, Field(max_length=40)] = ""
    customer_tax_number: Annotated[Code, Field(max_length=40)] = ""
    language: Literal["en", "fa"] | None = None

    @property
    def body_hash(self) -> bytes:
        return _hash(self)

    def handed(self, currency: str) -> list[Handed]:
        """Raises BadInput."""
        return handed(self.payments, currency)


class ReturnForm(Form):
    """So many pieces of one line of the sale; all that are left where no number is said."""

    line: CountField
    quantity: CountField | None = None


class RefundForm(Form):
    """Goods that come back. Without lines it is all that is left of the sale."""

    id: Uuid = Field(default_factory=new_id)
    lines: Annotated[tuple[ReturnForm, ...], Field(max_length=MOST_LINES)] = ()
    payments: Payments = ()
    because: Line

    @property
    def body_hash(self) -> bytes:
        return _hash(self)

    def handed(self, currency: str) -> list[Handed]:
        """Raises BadInput."""
        return handed(self.payments, currency)


class ExchangeForm(SaleForm):
    """Goods come back and others are taken: one receipt for what is paid in the end."""

    returns: Annotated[tuple[ReturnForm, ...], Field(min_length=1, max_length=MOST_LINES)]
    because: Line


class VoidForm(Form):
    because: Line


def handed(payments: Sequence[PaymentForm], currency: str) -> list[Handed]:
    """Raises BadInput for the payment whose amount the currency cannot hold."""
    return [
        Handed(Method(payment.method), to_money(payment.amount, currency, f"payments.{place}.amount"))
        for place, payment in enumerate(payments)
    ]


def set_price(line: CartLineForm, place: int, currency: str) -> Money | None:
    """The price set by hand. Raises BadInput."""
    return None if line.price is None else to_money(line.price, currency, f"lines.{place}.price")


def _hash(form: SaleForm | RefundForm) -> bytes:
    return hashlib.sha256(form.model_dump_json(exclude={"id"}).encode()).digest()
