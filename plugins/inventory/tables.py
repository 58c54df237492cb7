"""Categories, items with their stones and search words, the ledger of stock movements with its totals, and imports
on their way in."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    Integer,
    Numeric,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from kernel.schema import belongs_to, index, one_of, tenant_table, unique

#: Bytes decide: the order is the same on every server, and row-level security lets an index use it.
BYTES = Text(collation="C")

categories = tenant_table(
    "categories",
    Column("parent_id", Uuid),
    Column("name", Text, nullable=False),
    # From the root of the tree to the category itself.
    Column("path", ARRAY(Uuid), nullable=False),
    belongs_to("parent_id", "categories", name="categories_parent_fkey"),
    index("categories_name_key", "parent_id", "name", unique=True, postgresql_nulls_not_distinct=True),
)

items = tenant_table(
    "items",
    Column("sku", BYTES, nullable=False),
    Column("name", Text, nullable=False),
    Column("sort_name", BYTES, nullable=False),
    Column("words", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("category_id", Uuid),
    Column("branch_id", Uuid, nullable=False),
    Column("craftsmanship", Text, nullable=False),
    Column("metal", Text),
    Column("stamped", Integer),
    Column("assayed", Integer),
    # It is sold as what is stamped; the books count what was assayed.
    Column("fineness", Integer, Computed("coalesce(stamped, assayed)", persisted=True)),
    Column("gross_mg", BigInteger, nullable=False),
    Column("net_mg", BigInteger, nullable=False),
    Column("fine", BigInteger, Computed("net_mg * coalesce(assayed, stamped, 0)", persisted=True), nullable=False),
    Column("making_kind", Text),
    Column("making_value", Numeric),
    Column("making_fineness", Integer),
    Column("wastage_percent", Numeric, nullable=False),
    Column("fixed_price", BigInteger),
    Column("serial", Text, nullable=False),
    Column("lot", Text, nullable=False),
    Column("barcode", BYTES),
    Column("hallmark", Text, nullable=False),
    Column("low_at", Integer),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", Text, nullable=False),
    # Only shop.move_stock() and shop.correct_item() write what follows, and they write a movement with it.
    Column("on_hand", Integer, nullable=False, server_default=text("0")),
    Column("worth", BigInteger, nullable=False, server_default=text("0")),
    Column("unit_cost", BigInteger, nullable=False, server_default=text("0")),
    Column("investment", Boolean, nullable=False, server_default=text("false")),
    unique("sku", name="items_sku_key"),
    unique("barcode", name="items_barcode_key"),
    belongs_to("category_id", "categories", name="items_category_fkey"),
    belongs_to("branch_id", "branches", name="items_branch_fkey"),
    # No index holds what a sale changes: a sold piece is then updated in place, and no index grows.
    index("items_by_name", "sort_name", "id"),
    index("items_by_net", "net_mg", "id"),
    index("items_by_category", "category_id", "sort_name", "id"),
    index("items_by_fineness", "fineness", "id"),
    # The few that a list of all would walk past for long.
    index("items_low", "id", postgresql_where=text("low_at IS NOT NULL")),
    index("items_scrap", "id", postgresql_where=text("kind = 'scrap'")),
    index("items_inactive", "id", postgresql_where=text("NOT active")),
    one_of("kind", "piece", "counted", "scrap", name="items_kind_check"),
    one_of("metal", "gold", "silver", "platinum", "palladium", name="items_metal_check"),
    CheckConstraint("stamped BETWEEN 1 AND 10000 AND assayed BETWEEN 1 AND 10000", name="items_fineness_check"),
    CheckConstraint("0 <= net_mg AND net_mg <= gross_mg AND gross_mg <= 1000000000", name="items_weight_check"),
    CheckConstraint(
        "(metal IS NULL) = (stamped IS NULL AND assayed IS NULL) AND (metal IS NULL OR net_mg > 0)",
        name="items_metal_is_whole_check",
    ),
    one_of("making_kind", "none", "percent", "per_gram", "per_piece", "gold", "milyem", name="items_making_kind_check"),
    CheckConstraint(
        "(making_kind IS NULL) = (making_value IS NULL) AND making_value >= 0", name="items_making_is_whole_check"
    ),
    CheckConstraint("fixed_price >= 0 AND low_at >= 0", name="items_not_negative_check"),
    CheckConstraint("on_hand >= 0 AND (on_hand <= 1 OR kind = 'counted')", name="items_on_hand_check"),
    CheckConstraint("worth >= 0 AND unit_cost >= 0 AND (on_hand > 0 OR worth = 0)", name="items_worth_check"),
)

item_stones = tenant_table(
    "item_stones",
    Column("item_id", Uuid, nullable=False),
    Column("place", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("carats", Numeric),
    Column("value", BigInteger),
    Column("lab", Text, nullable=False),
    Column("certificate", Text, nullable=False),
    belongs_to("item_id", "items", name="item_stones_item_fkey"),
    CheckConstraint("count > 0 AND carats > 0 AND value >= 0", name="item_stones_amounts_check"),
    key=("item_id", "place"),
)

#: Kept in step with items.words by triggers; nobody else writes it.
item_words = tenant_table(
    "item_words",
    Column("word", BYTES, nullable=False),
    Column("item_id", Uuid, nullable=False),
    key=("word", "item_id"),
)

stock_movements = tenant_table(
    "stock_movements",
    Column("item_id", Uuid, nullable=False),
    Column("branch_id", Uuid, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("on_hand", Integer, nullable=False),
    Column("cost", BigInteger, nullable=False),
    Column("fine", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("document", Uuid, nullable=False),
    Column("undoes", Uuid),
    Column("person_id", Uuid),
    Column("person", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    belongs_to("item_id", "items", name="stock_movements_item_fkey"),
    CheckConstraint("quantity <> 0 OR cost <> 0 OR fine <> 0", name="stock_movements_moves_check"),
    CheckConstraint("reason <> ''", name="stock_movements_reason_check"),
    index("stock_movements_by_item", "item_id", "id"),
    index("stock_movements_by_document", "document"),
)

#: All that is in stock, by branch and metal (empty: without any), as it stood after the movement `until`. A total that
#: every sale wrote would be a row that all tills of a shop wait for.
stock_totals = tenant_table(
    "stock_totals",
    Column("branch_id", Uuid, nullable=False),
    Column("metal", Text, nullable=False),
    Column("pieces", BigInteger, nullable=False),
    Column("worth", BigInteger, nullable=False),
    Column("fine", BigInteger, nullable=False),
    Column("until", Uuid, nullable=False),
    belongs_to("branch_id", "branches", name="stock_totals_branch_fkey"),
    key=("branch_id", "metal"),
)

imports = tenant_table(
    "imports",
    Column("file_name", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("good", Integer, nullable=False, server_default=text("0")),
    Column("bad", Integer, nullable=False, server_default=text("0")),
    Column("branch_id", Uuid, nullable=False),
    Column("job", Uuid),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", Text, nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    belongs_to("branch_id", "branches", name="imports_branch_fkey"),
    one_of("state", "reading", "checked", "entering", "done", name="imports_state_check"),
    index("imports_newest", text("created_at DESC")),
)

#: A row of the file, read: `item` when it can come in, `problems` when it cannot.
import_rows = tenant_table(
    "import_rows",
    Column("import_id", Uuid, nullable=False),
    Column("line", Integer, nullable=False),
    Column("sku", BYTES, nullable=False),
    Column("barcode", BYTES),
    Column("item", JSONB),
    Column("problems", JSONB),
    belongs_to("import_id", "imports", name="import_rows_import_fkey"),
    CheckConstraint("(item IS NULL) <> (problems IS NULL)", name="import_rows_good_or_bad_check"),
    key=("import_id", "line"),
)

#: What was changed of many items at once: item → what it had `before`; all of them had `after` then.
bulk_changes = tenant_table(
    "bulk_changes",
    Column("what", Text, nullable=False),
    Column("before", JSONB, nullable=False),
    Column("after", Text),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("person", Text, nullable=False),
    Column("undone_at", DateTime(timezone=True)),
    Column("undone_by", Text),
    #: The only branches of whoever changed them; empty is all.
    Column("branches", ARRAY(Uuid), server_default=text("app.branches()")),
    one_of("what", "category", "active", name="bulk_changes_what_check"),
)
