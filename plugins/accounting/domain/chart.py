"""The chart of accounts: what kinds there are, and which parts an account can play for the shop's documents."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from kernel.i18n import N_


class AccountKind(StrEnum):
    """What an account is. `METAL` accounts say where fine metal came from and went to; they hold no money."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"
    METAL = "metal"


KINDS = {
    AccountKind.ASSET: N_("Asset"),
    AccountKind.LIABILITY: N_("Liability"),
    AccountKind.EQUITY: N_("Equity"),
    AccountKind.INCOME: N_("Income"),
    AccountKind.EXPENSE: N_("Expense"),
    AccountKind.METAL: N_("Metal account"),
}


@dataclass(frozen=True, slots=True)
class Account:
    """A page of the ledger. It is renamed or set aside, never deleted: its entries stay."""

    id: UUID
    code: str
    name: str
    kind: AccountKind
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Planned:
    """An account of a market's template, with the parts it plays."""

    code: str
    name: str
    kind: AccountKind
    roles: tuple[str, ...]


# The parts that documents name. A part `family.member` that no account plays is played by `family.other`, so that a
# tax or a payment method nobody has thought of is still booked, and seen.

INVENTORY = "inventory"
SCRAP = "scrap"
DISCOUNT = "discount"
ROUNDING = "rounding"
COST_OF_GOODS = "cost_of_goods"
METAL_SOLD = "metal.sold"
METAL_BOUGHT = "metal.bought"
METAL_RECEIVED = "metal.received"
METAL_DIFFERENCE = "metal.difference"


def paid(method: str) -> str:
    """Where money by this method lies until it is counted or settled."""
    return f"paid.{method}"


def revenue(component: str) -> str:
    """What a sale earns by one component of its price: metal, making, profit, stones."""
    return f"revenue.{component}"


def tax(name: str) -> str:
    """What is owed to the authority for a tax, by the name that the market gives it."""
    return f"tax.{name}"


def received(reason: str) -> str:
    """What stands against goods that came in: a supplier to be paid, or the stock the shop began with."""
    return f"received.{reason}"


def adjusted(reason: str) -> str:
    """What bears the difference when a count, a loss or a find changes the stock."""
    return f"adjusted.{reason}"


#: What the parts are called where a bookkeeper chooses their accounts. A tax with a name of its own is shown by that.
PARTS = {
    "paid.cash": N_("Cash in the drawer"),
    "paid.card": N_("Card payments"),
    "paid.transfer": N_("Bank transfers"),
    "paid.other": N_("Other payments, and exchanges of goods"),
    INVENTORY: N_("Goods for sale"),
    SCRAP: N_("Old gold and scrap"),
    "revenue.metal": N_("Sales: value of the metal"),
    "revenue.wastage": N_("Sales: wastage"),
    "revenue.making": N_("Sales: making charge"),
    "revenue.profit": N_("Sales: profit"),
    "revenue.stones": N_("Sales: stones"),
    "revenue.extras": N_("Sales: extras"),
    "revenue.goods": N_("Sales: goods at a set price"),
    "revenue.other": N_("Sales: everything else"),
    DISCOUNT: N_("Discounts given"),
    "tax.other": N_("Taxes to be paid"),
    ROUNDING: N_("Rounding of totals"),
    COST_OF_GOODS: N_("Cost of goods sold"),
    "received.imported": N_("Stock imported: what the shop began with"),
    "received.other": N_("Goods received, not yet invoiced"),
    "adjusted.other": N_("Stock lost and found"),
    METAL_SOLD: N_("Metal sold"),
    METAL_BOUGHT: N_("Metal bought over the counter"),
    METAL_RECEIVED: N_("Metal received with goods"),
    METAL_DIFFERENCE: N_("Metal lost and found"),
}
