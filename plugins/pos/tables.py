"""What tills asked for, sales with all that belongs to them, their voids and refunds, and the takings of each hour."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from kernel.schema import belongs_to, index, one_of, tenant_table, unique

#: By the key the till made itself: the same request twice is one document.
till_requests = tenant_table(
    "till_requests",
    Column("kind", Text, nullable=False),
    Column("body_hash", LargeBinary, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    one_of("kind", "sale", "refund", "exchange", name="till_requests_kind_check"),
)

sales = tenant_table(
    "sales",
    Column("number", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("branch_id", Uuid, nullable=False),
    Column("terminal_id", Uuid, nullable=False),
    Column("seller_id", Uuid),
    Column("seller", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("customer_name", Text, nullable=False),
    Column("customer_phone", Text, nullable=False),
    Column("customer_tax_number", Text, nullable=False),
    Column("currency", Text, nullable=False),
    # total − exchanged + rounding = due = the sum of the payments.
    Column("total", BigInteger, nullable=False),
    Column("exchanged", BigInteger, nullable=False),
    Column("rounding", BigInteger, nullable=False),
    Column("due", BigInteger, nullable=False),
    unique("number", name="sales_number_key"),
    belongs_to("branch_id", "branches", name="sales_branch_fkey"),
    belongs_to("terminal_id", "terminals", name="sales_terminal_fkey"),
    index("sales_newest", text("at DESC"), text("id DESC")),
    index("sales_by_phone", "customer_phone", postgresql_where=text("customer_phone <> ''")),
    CheckConstraint("total - exchanged + rounding = due", name="sales_due_check"),
)

# A piece that is one of a kind cannot be on two live sales: its row in the stock says that it is gone.
sale_lines = tenant_table(
    "sale_lines",
    Column("sale_id", Uuid, nullable=False),
    Column("line", Integer, nullable=False),
    Column("item_id", Uuid, nullable=False),
    Column("sku", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("metal", Text, nullable=False),
    Column("parts", JSONB, nullable=False),
    Column("discount", BigInteger, nullable=False),
    Column("taxes", JSONB, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("cost", BigInteger, nullable=False),
    Column("fine", BigInteger, nullable=False),
    # The price as an object that can be replayed; as text, so that it stays as it was written.
    Column("price", JSON, nullable=False),
    belongs_to("sale_id", "sales", name="sale_lines_sale_fkey"),
    belongs_to("item_id", "items", name="sale_lines_item_fkey"),
    index("sale_lines_by_item", "item_id"),
    CheckConstraint("quantity > 0", name="sale_lines_quantity_check"),
    key=("sale_id", "line"),
)

sale_payments = tenant_table(
    "sale_payments",
    Column("sale_id", Uuid, nullable=False),
    Column("line", Integer, nullable=False),
    Column("method", Text, nullable=False),
    # What stays; below zero where the shop paid out. `given` is what was handed over, change not yet taken off.
    Column("amount", BigInteger, nullable=False),
    Column("given", BigInteger, nullable=False),
    belongs_to("sale_id", "sales", name="sale_payments_sale_fkey"),
    one_of("method", "cash", "card", "transfer", "exchange", name="sale_payments_method_check"),
    CheckConstraint("amount <> 0 AND given >= amount", name="sale_payments_amount_check"),
    key=("sale_id", "line"),
)

sale_old_gold = tenant_table(
    "sale_old_gold",
    Column("sale_id", Uuid, nullable=False),
    Column("line", Integer, nullable=False),
    Column("item_id", Uuid, nullable=False),
    Column("metal", Text, nullable=False),
    Column("weight_mg", BigInteger, nullable=False),
    Column("fineness", Integer, nullable=False),
    Column("fine", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("price", JSON, nullable=False),
    belongs_to("sale_id", "sales", name="sale_old_gold_sale_fkey"),
    belongs_to("item_id", "items", name="sale_old_gold_item_fkey"),
    CheckConstraint("weight_mg > 0 AND amount >= 0", name="sale_old_gold_amounts_check"),
    key=("sale_id", "line"),
)

sale_voids = tenant_table(
    "sale_voids",
    Column("sale_id", Uuid, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("person_id", Uuid),
    Column("person", Text, nullable=False),
    Column("because", Text, nullable=False),
    belongs_to("sale_id", "sales", name="sale_voids_sale_fkey"),
    index("sale_voids_newest", text("at DESC")),
    key=("sale_id",),
)

refunds = tenant_table(
    "refunds",
    Column("number", BigInteger, nullable=False),
    Column("sale_id", Uuid, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("branch_id", Uuid, nullable=False),
    Column("person_id", Uuid),
    Column("person", Text, nullable=False),
    Column("because", Text, nullable=False),
    # The sale that the goods were exchanged for, where they were.
    Column("exchange_id", Uuid),
    Column("currency", Text, nullable=False),
    # total + rounding = due = the sum of what was given back.
    Column("total", BigInteger, nullable=False),
    Column("rounding", BigInteger, nullable=False),
    Column("due", BigInteger, nullable=False),
    unique("number", name="refunds_number_key"),
    belongs_to("sale_id", "sales", name="refunds_sale_fkey"),
    belongs_to("branch_id", "branches", name="refunds_branch_fkey"),
    index("refunds_by_sale", "sale_id"),
    index("refunds_newest", text("at DESC")),
    CheckConstraint("total + rounding = due", name="refunds_due_check"),
)

refund_lines = tenant_table(
    "refund_lines",
    Column("refund_id", Uuid, nullable=False),
    Column("line", Integer, nullable=False),
    Column("sale_id", Uuid, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("parts", JSONB, nullable=False),
    Column("discount", BigInteger, nullable=False),
    Column("taxes", JSONB, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("cost", BigInteger, nullable=False),
    Column("fine", BigInteger, nullable=False),
    belongs_to("refund_id", "refunds", name="refund_lines_refund_fkey"),
    # `line` is the line of the sale that came back.
    ForeignKeyConstraint(
        ["tenant_id", "sale_id", "line"],
        ["shop.sale_lines.tenant_id", "shop.sale_lines.sale_id", "shop.sale_lines.line"],
        name="refund_lines_sale_line_fkey",
    ),
    index("refund_lines_by_sale", "sale_id"),
    CheckConstraint("quantity > 0", name="refund_lines_quantity_check"),
    key=("refund_id", "line"),
)

refund_payments = tenant_table(
    "refund_payments",
    Column("refund_id", Uuid, nullable=False),
    Column("line", Integer, nullable=False),
    Column("method", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    belongs_to("refund_id", "refunds", name="refund_payments_refund_fkey"),
    one_of("method", "cash", "card", "transfer", "exchange", name="refund_payments_method_check"),
    CheckConstraint("amount > 0", name="refund_payments_amount_check"),
    key=("refund_id", "line"),
)

#: The takings of each hour, kept with every document, so that Today costs the same after ten years.
sale_hours = tenant_table(
    "sale_hours",
    # Day and hour as the clock on the shop's wall shows them.
    Column("day", Date, nullable=False),
    Column("hour", SmallInteger, nullable=False),
    Column("branch_id", Uuid, nullable=False),
    Column("currency", Text, nullable=False),
    Column("sales", Integer, nullable=False),
    Column("sold", BigInteger, nullable=False),
    Column("refunds", Integer, nullable=False),
    Column("refunded", BigInteger, nullable=False),
    Column("voids", Integer, nullable=False),
    Column("voided", BigInteger, nullable=False),
    # What stays after refunds and voids: pieces, fine gold in them, their price before tax, their cost, and cash.
    Column("pieces", BigInteger, nullable=False),
    Column("gold", BigInteger, nullable=False),
    Column("revenue", BigInteger, nullable=False),
    Column("cost", BigInteger, nullable=False),
    Column("cash", BigInteger, nullable=False),
    belongs_to("branch_id", "branches", name="sale_hours_branch_fkey"),
    CheckConstraint("hour BETWEEN 0 AND 23", name="sale_hours_hour_check"),
    key=("day", "hour", "branch_id", "currency"),
)

#: Carts that wait while another customer is served: what was typed, without prices.
held_carts = tenant_table(
    "held_carts",
    Column("branch_id", Uuid, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("person", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("cart", JSONB, nullable=False),
    Column("recalled_at", DateTime(timezone=True)),
    Column("recalled_by", Uuid),
    belongs_to("branch_id", "branches", name="held_carts_branch_fkey"),
    index("held_carts_by_branch", "branch_id", "at"),
)
