"""Tables of the till: documents are written once and never changed; only the takings of a day are counted up."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from kernel.schema import APPEND_ONLY, belongs_to, create_tenant_table, index, one_of, unique

revision = "pos_0001"
down_revision = None
branch_labels = ("pos",)
depends_on = ("kernel_0001", "branches_0001", "inventory_0001")


def upgrade() -> None:
    create_tenant_table(
        op,
        "till_requests",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("body_hash", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        one_of("kind", "sale", "refund", "exchange", name="till_requests_kind_check"),
        rights=APPEND_ONLY,
    )
    create_tenant_table(
        op,
        "sales",
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("branch_id", sa.Uuid, nullable=False),
        sa.Column("terminal_id", sa.Uuid, nullable=False),
        sa.Column("seller_id", sa.Uuid),
        sa.Column("seller", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("customer_name", sa.Text, nullable=False),
        sa.Column("customer_phone", sa.Text, nullable=False),
        sa.Column("customer_tax_number", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("exchanged", sa.BigInteger, nullable=False),
        sa.Column("rounding", sa.BigInteger, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        unique("number", name="sales_number_key"),
        belongs_to("branch_id", "branches", name="sales_branch_fkey"),
        belongs_to("terminal_id", "terminals", name="sales_terminal_fkey"),
        index("sales_newest", sa.text("at DESC"), sa.text("id DESC")),
        index("sales_by_phone", "customer_phone", postgresql_where=sa.text("customer_phone <> ''")),
        sa.CheckConstraint("total - exchanged + rounding = due", name="sales_due_check"),
        rights=APPEND_ONLY,
    )
    create_tenant_table(
        op,
        "sale_lines",
        sa.Column("sale_id", sa.Uuid, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Uuid, nullable=False),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("metal", sa.Text, nullable=False),
        sa.Column("parts", JSONB, nullable=False),
        sa.Column("discount", sa.BigInteger, nullable=False),
        sa.Column("taxes", JSONB, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("cost", sa.BigInteger, nullable=False),
        sa.Column("fine", sa.BigInteger, nullable=False),
        sa.Column("price", sa.JSON, nullable=False),
        belongs_to("sale_id", "sales", name="sale_lines_sale_fkey"),
        belongs_to("item_id", "items", name="sale_lines_item_fkey"),
        index("sale_lines_by_item", "item_id"),
        sa.CheckConstraint("quantity > 0", name="sale_lines_quantity_check"),
        key=("sale_id", "line"),
        rights=APPEND_ONLY,
    )
    create_tenant_table(
        op,
        "sale_payments",
        sa.Column("sale_id", sa.Uuid, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("given", sa.BigInteger, nullable=False),
        belongs_to("sale_id", "sales", name="sale_payments_sale_fkey"),
        one_of("method", "cash", "card", "transfer", "exchange", name="sale_payments_method_check"),
        sa.CheckConstraint("amount <> 0 AND given >= amount", name="sale_payments_amount_check"),
        key=("sale_id", "line"),
        rights=APPEND_ONLY,
    )
    create_tenant_table(
        op,
        "sale_old_gold",
        sa.Column("sale_id", sa.Uuid, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Uuid, nullable=False),
        sa.Column("metal", sa.Text, nullable=False),
        sa.Column("weight_mg", sa.BigInteger, nullable=False),
        sa.Column("fineness", sa.Integer, nullable=False),
        sa.Column("fine", sa.BigInteger, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("price", sa.JSON, nullable=False),
        belongs_to("sale_id", "sales", name="sale_old_gold_sale_fkey"),
        belongs_to("item_id", "items", name="sale_old_gold_item_fkey"),
        sa.CheckConstraint("weight_mg > 0 AND amount >= 0", name="sale_old_gold_amounts_check"),
        key=("sale_id", "line"),
        rights=APPEND_ONLY,
    )
    create_tenant_table(
        op,
        "sale_voids",
        sa.Column("sale_id", sa.Uuid, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        belongs_to("sale_id", "sales", name="sale_voids_sale_fkey"),
        index("sale_voids_newest", sa.text("at DESC")),
        key=("sale_id",),
        rights=APPEND_ONLY,
    )
    create_tenant_table(
        op,
        "refunds",
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("sale_id", sa.Uuid, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("branch_id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.Uuid),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("exchange_id", sa.Uuid),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("rounding", sa.BigInteger, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        unique("number", name="refunds_number_key"),
        belongs_to("sale_id", "sales", name="refunds_sale_fkey"),
        belongs_to("branch_id", "branches", name="refunds_branch_fkey"),
        index("refunds_by_sale", "sale_id"),
        index("refunds_newest", sa.text("at DESC")),
        sa.CheckConstraint("total + rounding = due", name="refunds_due_check"),
        rights=APPEND_ONLY,
    )
    create_tenant_table(
        op,
        "refund_lines",
        sa.Column("refund_id", sa.Uuid, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("sale_id", sa.Uuid, nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("parts", JSONB, nullable=False),
        sa.Column("discount", sa.BigInteger, nullable=False),
        sa.Column("taxes", JSONB, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("cost", sa.BigInteger, nullable=False),
        sa.Column("fine", sa.BigInteger, nullable=False),
        belongs_to("refund_id", "refunds", name="refund_lines_refund_fkey"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "sale_id", "line"],
            ["shop.sale_lines.tenant_id", "shop.sale_lines.sale_id", "shop.sale_lines.line"],
            name="refund_lines_sale_line_fkey",
        ),
        index("refund_lines_by_sale", "sale_id"),
        sa.CheckConstraint("quantity > 0", name="refund_lines_quantity_check"),
        key=("refund_id", "line"),
        rights=APPEND_ONLY,
    )
    create_tenant_table(
        op,
        "refund_payments",
        sa.Column("refund_id", sa.Uuid, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        belongs_to("refund_id", "refunds", name="refund_payments_refund_fkey"),
        one_of("method", "cash", "card", "transfer", "exchange", name="refund_payments_method_check"),
        sa.CheckConstraint("amount > 0", name="refund_payments_amount_check"),
        key=("refund_id", "line"),
        rights=APPEND_ONLY,
    )
    create_tenant_table(
        op,
        "sale_days",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("branch_id", sa.Uuid, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("sales", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("sold", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("refunds", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("refunded", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("voids", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("voided", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        belongs_to("branch_id", "branches", name="sale_days_branch_fkey"),
        key=("day", "branch_id", "currency"),
        rights="SELECT, INSERT, UPDATE",
    )


def downgrade() -> None:
    for table in (
        "sale_days",
        "refund_payments",
        "refund_lines",
        "refunds",
        "sale_voids",
        "sale_old_gold",
        "sale_payments",
        "sale_lines",
        "sales",
        "till_requests",
    ):
        op.execute(f"DROP TABLE shop.{table}")
