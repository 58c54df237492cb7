"""What a role may do at the till."""

from __future__ import annotations

from kernel.contributions import Permission
from kernel.i18n import N_

EVERYBODY = ("owner", "manager", "employee")

SELL = Permission("pos.sell", N_("Sell at the till"), EVERYBODY)
SEE_SALES = Permission("pos.see", N_("See sales and receipts"), EVERYBODY)
DISCOUNT = Permission("pos.discount", N_("Give discounts above the shop’s limit"))
SET_PRICE = Permission("pos.set_price", N_("Set the price of a piece by hand"))
REFUND = Permission("pos.refund", N_("Take goods back and give money for them"))
VOID = Permission("pos.void", N_("Void a sale"))
