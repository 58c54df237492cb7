"""A shop that is open: a till, today's rate, and something to sell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from kernel.ids import new_id
from kernel.metal import Fineness, Metal, Weight
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from plugins.branches import public as branches
from plugins.inventory import public as inventory
from plugins.inventory.public import Description, Item, Kind, Making, MakingKind, NewItem, Weighed
from plugins.pos.actions.price import price
from plugins.pos.actions.sell import sell
from plugins.pos.domain.cart import Cart
from plugins.pos.domain.quote import Quote
from plugins.pos.domain.sale import Sale
from plugins.pos.forms import SaleForm
from plugins.pricing.actions.set_rate import set_rate
from plugins.pricing.forms.board import RateForm
from web.forms import validate

_numbers = count(1)

KARATS = {18: Fineness(7500), 21: Fineness(8750), 22: Fineness(9160)}


@dataclass(frozen=True, slots=True)
class Counter:
    """One shop's counter, in transactions of its own; `as_` lets somebody else stand behind it."""

    database: Database
    shop: Shop
    actor: Actor
    till: branches.Terminal
    rates: dict[str, str] = field(default_factory=dict)

    def work(self) -> Any:
        return self.database.for_shop(self.shop.id, self.actor)

    def as_(self, actor: Actor) -> Counter:
        return Counter(self.database, self.shop, actor, self.till)

    def rate(self, value: str, fineness: str = "750", unit: str = "gram", side: str = "sale") -> None:
        wanted = {"metal": "gold", "side": side, "unit": unit, "fineness": fineness, "value": value}
        with self.work() as uow:
            set_rate(uow, validate(RateForm, wanted))

    def takes_in(
        self,
        grams: str = "4.250",
        making: str = "18",
        karat: int = 18,
        *,
        name: str = "Ring",
        quantity: int = 1,
        cost: int = 25_000_000,
        fineness: str = "",
        **more: Any,
    ) -> Item:
        """A piece comes into the window; with a `quantity`, goods that are counted."""
        description = Description(
            sku=more.pop("sku", f"R-{next(_numbers)}"),
            name=name,
            making=Making(more.pop("making_kind", MakingKind.PERCENT), Decimal(making)),
            **more,
        )
        weight = Weight.grams(grams)
        weighed = Weighed(Metal.GOLD, Fineness(int(fineness) * 10) if fineness else KARATS[karat], None, weight, weight)
        kind = Kind.COUNTED if quantity > 1 else Kind.PIECE
        with self.work() as uow:
            return inventory.add(uow, NewItem(description, weighed, kind, self.till.branch, quantity, cost))

    def form(self, *items: Item, **more: Any) -> SaleForm:
        """A sale as the till sends it; each item once, or as `lines` say."""
        lines = [{"item": str(item.id)} for item in items]
        return validate(SaleForm, {"id": str(new_id()), "terminal": str(self.till.id), "lines": lines} | more)

    def prices(self, *items: Item, **more: Any) -> Cart:
        with self.work() as uow:
            return price(uow, self.form(*items, **more))

    def sells(self, *items: Item, quote: Quote | None = None, **more: Any) -> Sale:
        """Without payments it is paid in cash, exactly."""
        wanted = self.form(*items, **more)
        if "payments" not in more:
            due = self.prices(*items, **more).due
            cash = [{"method": "cash", "amount": str(abs(due.decimal))}] if due else []
            wanted = self.form(*items, **{**more, "id": str(wanted.id), "payments": cash})
        with self.work() as uow:
            return sell(uow, wanted, quote)

    def completes(self, wanted: SaleForm) -> Sale:
        with self.work() as uow:
            return sell(uow, wanted)

    def stock(self, item: Item | UUID) -> int:
        id = item if isinstance(item, UUID) else item.id
        with self.work() as uow:
            return inventory.for_sale(uow, [id])[id].on_hand


@pytest.fixture
def open_counter(database: Database, actor: Actor) -> Callable[..., Counter]:
    """The counter of a shop, with a rate on the board."""

    def opened(shop: Shop, rate: str, fineness: str = "750") -> Counter:
        with database.for_shop(shop.id, actor) as uow:
            till = branches.terminals(uow)[0]
        counter = Counter(database, shop, actor, till)
        counter.rate(rate, fineness)
        return counter

    return opened


@pytest.fixture
def counter(open_counter: Callable[..., Counter], shop: Shop) -> Counter:
    """In Iran, at 7,000,000 toman for a gram of 18 karat."""
    return open_counter(shop, "7000000")


def paid(**methods: str) -> list[Mapping[str, str]]:
    """`paid(card="30000000", cash="8344000")`."""
    return [{"method": method, "amount": amount} for method, amount in methods.items()]
