"""What is typed to have pieces priced: described in full, they need not be in stock."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from kernel.errors import BadInput
from kernel.i18n import _
from kernel.metal import Metal, Weight
from kernel.money import Money
from plugins.pricing.domain.board import Asked
from plugins.pricing.domain.buyback import OldMetal
from plugins.pricing.domain.discount import Discount
from plugins.pricing.domain.making import NO_MAKING
from plugins.pricing.domain.piece import Extra, Piece, Stone
from plugins.pricing.domain.quote import CartLine
from plugins.pricing.domain.rules import Situation
from plugins.pricing.domain.terms import Supply
from plugins.pricing.forms.fields import ComponentField, MakingField, MetalField, ShortLine, SupplyField
from web.forms import (
    AmountOrZero,
    CountField,
    FinenessField,
    Form,
    Percent,
    Uuid,
    WeightG,
    WeightOrZeroG,
    to_money,
)

MOST_LINES = 50
MOST_STONES = 20
MOST_PIECES = 100_000

Paths = Mapping[UUID, tuple[UUID, ...]]  #: From the root of the tree of categories to each of them.


class DiscountForm(Form):
    """Per cent or an amount; `on` says of which components, where it is not of all."""

    percent: Percent | None = None
    amount: AmountOrZero | None = None
    on: tuple[ComponentField, ...] = ()

    def discount(self, currency: str, path: str) -> Discount:
        amount = None if self.amount is None else to_money(self.amount, currency, f"{path}.amount")
        return Discount(self.percent, amount, frozenset(self.on))


class StoneForm(Form):
    """Carats and a rate per carat, or a value."""

    name: ShortLine = ""
    carats: AmountOrZero | None = None
    rate: AmountOrZero | None = None
    value: AmountOrZero | None = None

    def stone(self, currency: str, path: str) -> Stone:
        value = None if self.value is None else to_money(self.value, currency, f"{path}.value")
        return Stone(self.name, self.carats, self.rate, value)


class ExtraForm(Form):
    name: ShortLine
    price: AmountOrZero


class LineForm(Form):
    """A piece, how many of it, and what rules may look at."""

    metal: MetalField = Metal.GOLD
    fineness: FinenessField | None = None
    weight: WeightOrZeroG = Weight(0)
    stones_weight: WeightOrZeroG = Weight(0)
    making: MakingField | None = None
    wastage_percent: Percent = Decimal(0)
    stones: Annotated[tuple[StoneForm, ...], Field(max_length=MOST_STONES)] = ()
    extras: Annotated[tuple[ExtraForm, ...], Field(max_length=MOST_STONES)] = ()
    fixed_price: AmountOrZero | None = None
    cost: AmountOrZero | None = None
    quantity: CountField = 1
    supply: SupplyField = Supply.NEW
    discount: DiscountForm | None = None
    category: Uuid | None = None
    craftsmanship: ShortLine = ""
    branch: Uuid | None = None
    tier: ShortLine = ""

    def asked(self, currency: str, number: int, categories: Paths) -> Asked:
        """Raises BadInput for the field that cannot be meant, and what a piece refuses."""
        path = f"lines.{number}"
        if self.category is not None and self.category not in categories:
            raise BadInput({f"{path}.category": _("Please choose one from the list.")})
        if self.quantity > MOST_PIECES:
            raise BadInput({f"{path}.quantity": _("This number is too large.")})
        piece = self._piece(currency, path)
        discount = _discount(self.discount, currency, f"{path}.discount")
        cost = _money(self.cost, currency, f"{path}.cost")
        line = CartLine(str(number + 1), piece, self.quantity, self.supply, discount, cost=cost)
        situation = Situation(
            piece.metal,
            piece.fineness,
            tuple(map(str, categories[self.category])) if self.category else (),
            self.craftsmanship,
            str(self.branch) if self.branch else "",
            self.tier,
        )
        return Asked(line, situation)

    def _piece(self, currency: str, path: str) -> Piece:
        if self.fineness is not None and not self.weight:
            raise BadInput({f"{path}.weight": _("Please weigh the piece.")})
        if self.fineness is None and self.weight:
            raise BadInput({f"{path}.fineness": _("Metal has a fineness: please enter what is stamped.")})
        if self.stones_weight > self.weight or (self.weight and self.stones_weight == self.weight):
            raise BadInput({f"{path}.stones_weight": _("A piece of metal weighs more than its stones.")})
        return Piece(
            self.metal if self.fineness else None,
            self.fineness,
            self.weight,
            self.stones_weight,
            self.making or NO_MAKING,
            self.wastage_percent,
            tuple(stone.stone(currency, f"{path}.stones.{place}") for place, stone in enumerate(self.stones)),
            tuple(
                Extra(extra.name, to_money(extra.price, currency, f"{path}.extras.{place}.price"))
                for place, extra in enumerate(self.extras)
            ),
            _money(self.fixed_price, currency, f"{path}.fixed_price"),
        )


class OldMetalForm(Form):
    metal: MetalField = Metal.GOLD
    weight: WeightG
    stones_weight: WeightOrZeroG = Weight(0)
    fineness: FinenessField
    less_percent: Percent | None = None

    def old_metal(self, number: int) -> OldMetal:
        return OldMetal(str(number + 1), self.metal, self.weight, self.fineness, self.stones_weight, self.less_percent)


class QuoteForm(Form):
    """What is to be priced: pieces, a discount on all of them, and old metal given in exchange."""

    lines: Annotated[tuple[LineForm, ...], Field(max_length=MOST_LINES)] = ()
    discount: DiscountForm | None = None
    exchange: Annotated[tuple[OldMetalForm, ...], Field(max_length=MOST_LINES)] = ()

    def asked(self, currency: str, categories: Paths) -> tuple[list[Asked], Discount | None, list[OldMetal]]:
        """What the board is asked. Raises BadInput."""
        if not self.lines and not self.exchange:
            raise BadInput({"lines": _("Please describe at least one piece.")})
        return (
            [line.asked(currency, number, categories) for number, line in enumerate(self.lines)],
            _discount(self.discount, currency, "discount"),
            [old.old_metal(number) for number, old in enumerate(self.exchange)],
        )


def _discount(typed: DiscountForm | None, currency: str, path: str) -> Discount | None:
    return None if typed is None else typed.discount(currency, path)


def _money(amount: Decimal | None, currency: str, path: str) -> Money | None:
    return None if amount is None else to_money(amount, currency, path)
