"""A month of one shop's trade: stock comes in, the rate moves, people buy, and some bring old gold or goods back."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from adapters.demo.catalogue import Coin, Made, Window, pieces
from kernel.clock import SetClock
from kernel.metal import Fineness, Metal, Weight, WeightUnit
from kernel.money import DECIMALS, Money
from kernel.tenancy import Actor, ActorKind, TenantId
from kernel.uow import Database, UnitOfWork
from plugins.branches import public as branches
from plugins.identity import public as identity
from plugins.inventory import public as inventory
from plugins.pos.actions.price import price
from plugins.pos.actions.refund import refund
from plugins.pos.actions.sell import sell
from plugins.pos.domain.sale import Sale
from plugins.pos.forms import CartForm, CartLineForm, OldGoldForm, PaymentForm, RefundForm, ReturnForm, SaleForm
from plugins.pricing.actions.set_rate import set_rate
from plugins.pricing.forms.board import RateForm

#: What a making charge of the demo's pieces costs the shop itself, as a part of what it asks.
COST_OF_WORK = Decimal("0.55")


class Trade:
    """One shop, filled day by day with the clock in hand. The same seed makes the same month."""

    def __init__(self, database: Database, clock: SetClock, shop: TenantId, window: Window, seed: int) -> None:
        self.database = database
        self.clock = clock
        self.shop = shop
        self.window = window
        self.dice = random.Random(seed)  # noqa: S311 - a month of trade, not a secret
        self.seed = seed
        self.rate = window.rate
        with database.for_shop(shop, self._actor(None, "")) as uow:
            self.sellers = [self._actor(user.id, user.name) for user in identity.users(uow)]
            self.till = branches.terminals(uow)[0]

    def fill(self, items: int, days: int) -> None:
        """`days` days of trade, the last of them today."""
        begun = self.clock.at
        self._set_rate()
        stock = self._stock(items)
        for day in range(days + 1):
            self.clock.at = begun + timedelta(days=day, hours=-4 if day == days else 0)
            self._set_rate()
            for _customer in range(self.dice.randint(2, 5)):
                self.clock.advance(timedelta(minutes=self.dice.randint(10, 45)))
                self._serve(stock)
        # Whoever opens the till now finds a fresh rate.
        self.clock.at = begun + timedelta(days=days)
        self._set_rate()

    def _actor(self, person: UUID | None, name: str) -> Actor:
        allowed = (given.value.name for given in self.database.plugins.given("permissions"))
        return Actor(ActorKind.PERSON, person, name, frozenset(allowed))

    def _set_rate(self) -> None:
        """Gold at 24 karat, a little up or down on yesterday."""
        moved = self.rate * Decimal(self.dice.randint(-120, 130)) / 10_000
        step = self.window.rate_step
        self.rate = ((self.rate + moved) / step).quantize(Decimal(1)) * step
        form = RateForm(metal=Metal.GOLD, unit=WeightUnit.GRAM, fineness=Fineness(10_000), value=self.rate)
        with self.database.for_shop(self.shop, self.sellers[0]) as uow:
            set_rate(uow, form)

    # Stock

    def _stock(self, items: int) -> list[UUID]:
        made = list(pieces(self.window, items, self.seed))
        with self.database.for_shop(self.shop, self.sellers[0]) as uow:
            names = dict.fromkeys([one.category for one in made] + [coin.category for coin in self.window.coins])
            categories = {name: inventory.add_category(uow, name, None).id for name in names}
            ids = [inventory.add(uow, self._piece(uow, one, categories)).id for one in made]
            for coin in self.window.coins:
                inventory.add(uow, self._coin(uow, coin, categories))
        return ids

    def _piece(self, uow: UnitOfWork, made: Made, categories: Mapping[str, UUID]) -> inventory.NewItem:
        fineness = Fineness.permille(made.fineness)
        stones = tuple(
            inventory.Stone(name, 1, Decimal(carats), Money.of(value, uow.shop.currency).amount)
            for name, carats, value in made.stones
        )
        description = inventory.Description(
            sku=made.sku,
            name=made.name,
            category=categories[made.category],
            craftsmanship=made.craft,
            making=inventory.Making(inventory.MakingKind.PERCENT, Decimal(made.making)),
            stones=stones,
            barcode=f"20{self.seed:03d}{made.sku[-5:]}",
        )
        weighed = inventory.Weighed(Metal.GOLD, fineness, None, Weight.grams(made.gross), Weight.grams(made.net))
        metal = self.rate * Decimal(made.net) * fineness.as_permille / 1000
        work = metal * Decimal(made.making) / 100 * COST_OF_WORK
        cost = self._minor(uow, metal + work) + sum(stone.value or 0 for stone in stones)
        return inventory.NewItem(description, weighed, inventory.Kind.PIECE, self.till.branch, cost=cost)

    def _coin(self, uow: UnitOfWork, coin: Coin, categories: Mapping[str, UUID]) -> inventory.NewItem:
        fineness = Fineness.permille(coin.fineness)
        description = inventory.Description(
            sku=coin.sku,
            name=coin.name,
            category=categories[coin.category],
            making=inventory.Making(inventory.MakingKind.PER_PIECE, Decimal(coin.making)),
            low_at=coin.low_at,
        )
        weight = Weight.grams(coin.weight)
        cost = self._minor(uow, self.rate * weight.g * fineness.as_permille / 1000)
        weighed = inventory.Weighed(Metal.GOLD, fineness, None, weight, weight)
        return inventory.NewItem(description, weighed, inventory.Kind.COUNTED, self.till.branch, coin.quantity, cost)

    def _minor(self, uow: UnitOfWork, major: Decimal) -> int:
        return int(major.scaleb(DECIMALS[uow.shop.currency]))

    # The counter

    def _serve(self, stock: list[UUID]) -> None:
        """Somebody buys one to three pieces, one in five with old gold; one in twenty-five comes back with one."""
        pieces = min(self.dice.choice((1, 1, 1, 2, 3)), len(stock))
        if not pieces:
            return  # sold out
        wanted = [stock.pop(self.dice.randrange(len(stock))) for _piece in range(pieces)]
        old_gold = [self._old_gold()] if self.dice.random() < 0.2 else []
        cart = CartForm(lines=tuple(CartLineForm(item=item) for item in wanted), old_gold=tuple(old_gold))
        seller = self.dice.choice(self.sellers)
        with self.database.for_shop(self.shop, seller) as uow:
            due = price(uow, cart).due
            form = SaleForm(
                lines=cart.lines,
                old_gold=cart.old_gold,
                id=uuid4(),
                terminal=self.till.id,
                payments=self._payments(due),
                customer_name=self.dice.choice((*self.window.customers, "")),
            )
            sale = sell(uow, form)
        if self.dice.random() < 0.04:
            self.clock.advance(timedelta(minutes=5))
            self._take_back(sale, seller)

    def _old_gold(self) -> OldGoldForm:
        fineness = self.dice.choice(self.window.finenesses)[0]
        weight = Weight(self.dice.randint(600, 2500))
        return OldGoldForm(metal=Metal.GOLD, weight=weight, fineness=Fineness.permille(fineness))

    def _payments(self, due: Money) -> Sequence[PaymentForm]:
        if not due:
            return ()
        if due.amount < 0:
            return (PaymentForm(method="cash", amount=-due.decimal),)
        if self.dice.random() < 0.3:
            step = 10 ** max(len(str(due.amount)) - 2, 0)
            card = Money(due.amount * 7 // 10 // step * step, due.currency)
            if card:
                rest = due - card
                return (
                    PaymentForm(method="card", amount=card.decimal),
                    PaymentForm(method="cash", amount=rest.decimal),
                )
        method = self.dice.choices(("card", "cash", "transfer"), (70, 20, 10))[0]
        return (PaymentForm(method=method, amount=due.decimal),)

    def _take_back(self, sale: Sale, seller: Actor) -> None:
        """The first piece of a sale comes back, for the sale's own price."""
        with self.database.for_shop(self.shop, seller) as uow:
            form = RefundForm(lines=(ReturnForm(line=1),), method="cash", because=self.window.why_it_came_back)
            refund(uow, sale.id, form)
