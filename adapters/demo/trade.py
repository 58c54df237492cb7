"""A month of one shop's trade: stock comes in, the rate moves, people buy, and some bring old gold or goods back."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from adapters.demo import signboard
from adapters.demo.catalogue import Coin, Made, Window, pieces
from adapters.rates.simulated import SimulatedRates
from kernel.clock import SetClock
from kernel.metal import Fineness, Metal, Weight
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
from plugins.pricing.actions.fetch_rates import fetch_market_rates
from plugins.pricing.actions.set_rate import set_rate
from plugins.pricing.forms.board import RateForm
from plugins.pricing.public import market_of

#: What a making charge of the demo's pieces costs the shop itself, as a part of what it asks.
COST_OF_WORK = Decimal("0.55")
#: A bar of this fineness is bought for its metal.
INVESTMENT = Fineness.permille("995")
#: After so many customers somebody looks at the market.
RATE_EVERY = 3
TODAY_MIN = 3
COINS_LEFT = 3
PURE = Fineness(10_000)


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
            self.zone = ZoneInfo(uow.shop.zone)
        self.market = SimulatedRates(clock)

    def fill(self, items: int, days: int) -> None:
        """`days` days of trade, the last of them today until now, at whatever hour that is."""
        begun = self.clock.at
        now = (begun + timedelta(days=days)).astimezone(self.zone)
        self._set_rate()
        stock, coins = self._stock(items)
        with self.database.for_shop(self.shop, self.sellers[0]) as uow:
            signboard.put_up(uow, stock[:24])
        today = now.date()
        for day in range(days - 1, -1, -1):
            for place, moment in enumerate(customers(self.window, self.dice, today - timedelta(days=day), now)):
                self.clock.at = max(moment, self.clock.at)
                if place % RATE_EVERY == 0:
                    self._set_rate()
                self._serve(stock, coins)
        # Whoever opens the till now finds a fresh rate.
        self.clock.at = now.astimezone(UTC)
        self._set_rate()

    def _actor(self, person: UUID | None, name: str) -> Actor:
        allowed = (given.value.name for given in self.database.plugins.given("permissions"))
        return Actor(ActorKind.PERSON, person, name, frozenset(allowed))

    def _set_rate(self) -> None:
        """Gold as the market has it at this hour, at the fineness at which the market quotes it."""
        with self.database.for_shop(self.shop, self.sellers[0]) as uow:
            fetch_market_rates(uow, self.market)
            quoted = self.market.rate(market_of(uow), Metal.GOLD)
            set_rate(uow, RateForm(metal=Metal.GOLD, unit=quoted.unit, fineness=quoted.fineness, value=quoted.value))
        per_gram = quoted.per_gram_at(PURE)
        self.rate = Money(round(per_gram), quoted.currency).decimal

    # Stock

    def _stock(self, items: int) -> tuple[list[UUID], dict[UUID, int]]:
        """What was made: the pieces, and how many of each coin there are."""
        made = list(pieces(self.window, items, self.seed))
        with self.database.for_shop(self.shop, self.sellers[0]) as uow:
            names = dict.fromkeys([one.category for one in made] + [coin.category for coin in self.window.coins])
            categories = {name: inventory.add_category(uow, name, None).id for name in names}
            ids = [inventory.add(uow, self._piece(uow, one, categories)).id for one in made]
            coins = {
                inventory.add(uow, self._coin(uow, coin, categories)).id: coin.quantity for coin in self.window.coins
            }
        return ids, coins

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
            investment=fineness >= INVESTMENT,
        )
        weight = Weight.grams(coin.weight)
        cost = self._minor(uow, self.rate * weight.g * fineness.as_permille / 1000)
        weighed = inventory.Weighed(Metal.GOLD, fineness, None, weight, weight)
        return inventory.NewItem(description, weighed, inventory.Kind.COUNTED, self.till.branch, coin.quantity, cost)

    def _minor(self, uow: UnitOfWork, major: Decimal) -> int:
        return int(major.scaleb(DECIMALS[uow.shop.currency]))

    # The counter

    def _serve(self, stock: list[UUID], coins: dict[UUID, int]) -> None:
        """Somebody buys one to three pieces or a coin, one in five with old gold; one in twenty-five comes back."""
        wanted = self._coins(coins) if self.dice.random() < 0.25 else self._pieces(stock)
        if not wanted:
            return  # sold out
        old_gold = [self._old_gold()] if self.dice.random() < 0.2 else []
        cart = CartForm(lines=wanted, old_gold=tuple(old_gold))
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

    def _pieces(self, stock: list[UUID]) -> tuple[CartLineForm, ...]:
        pieces = min(self.dice.choice((1, 1, 1, 2, 3)), len(stock))
        return tuple(CartLineForm(item=stock.pop(self.dice.randrange(len(stock)))) for _piece in range(pieces))

    def _coins(self, coins: dict[UUID, int]) -> tuple[CartLineForm, ...]:
        """Some stay in the window."""
        item = self.dice.choice(list(coins))
        quantity = min(self.dice.choice((1, 1, 2, 3)), coins[item] - COINS_LEFT)
        if quantity <= 0:
            return ()
        coins[item] -= quantity
        return (CartLineForm(item=item, quantity=quantity),)

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


def customers(window: Window, dice: random.Random, day: date, now: datetime) -> list[datetime]:
    """When somebody comes in. Today has some, too, although the shop may not be open yet; `now` says where it is."""
    midnight = datetime.combine(day, time(), now.tzinfo)
    opens, closes = midnight.replace(hour=window.opens), midnight.replace(hour=window.closes)
    many = dice.randint(3, 6) * window.busy[day.weekday()]
    if closes > now:
        opened = opens if now - opens >= timedelta(hours=1) else midnight
        many *= (now - opened) / (closes - opens)
        opens, closes = opened, now
    least = TODAY_MIN if day == now.date() else 1
    moments = (opens + (closes - opens) * dice.random() for _customer in range(max(round(many), least)))
    return sorted(moment.astimezone(UTC) for moment in moments)
