"""Categories, items, stones, search words, the ledger of movements with its writers, and imports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from kernel.schema import READ_ONLY, belongs_to, create_tenant_table, index, make_append_only, one_of, unique

revision = "inventory_0001"
down_revision = None
branch_labels = ("inventory",)
depends_on = ("kernel_0001", "branches_0001")

BYTES = sa.Text(collation="C")

#: What a person describes; the rest of an item is written by the functions below alone.
DESCRIBED = (
    "sku, name, sort_name, words, category_id, craftsmanship, making_kind, making_value, making_fineness, "
    "wastage_percent, fixed_price, serial, lot, barcode, hallmark, low_at, active"
)
AT_FIRST = f"id, kind, branch_id, metal, stamped, assayed, gross_mg, net_mg, created_at, created_by, {DESCRIBED}"

MOST_PIECES = 1_000_000

# They stay under row-level security: their owner does not bypass it, and it is forced on the owner, too.
DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"

# Answers what was moved; or, with nothing moved, which items cannot be, and why.
# Generic plans: to plan these statements anew takes longer than to run them.
MOVE_STOCK = f"""
CREATE FUNCTION shop.move_stock(
    ids uuid[], quantities integer[], costs bigint[], because text, remark text, paper uuid, undone uuid,
    moment timestamptz, mover uuid
) RETURNS TABLE (
    movement uuid, item uuid, quantity integer, cost bigint, fine bigint, stands integer, name text, refused text
) LANGUAGE plpgsql VOLATILE {DEFINER} SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    asked record;
    known integer := 0;
    refusals integer := 0;
BEGIN
    -- In the order of their ids: two tills with the same two pieces would otherwise wait for each other for ever.
    FOR asked IN
        SELECT i.id, i.name, i.kind, i.on_hand, a.quantity
        FROM unnest(ids, quantities) AS a (id, quantity) JOIN shop.items AS i ON i.id = a.id
        ORDER BY i.id FOR NO KEY UPDATE OF i
    LOOP
        known := known + 1;
        refused := CASE
            WHEN asked.on_hand + asked.quantity < 0 THEN 'short'
            WHEN asked.on_hand + asked.quantity > 1 AND asked.kind <> 'counted' THEN 'here'
            WHEN asked.on_hand + asked.quantity > {MOST_PIECES} THEN 'too_many'
        END;
        IF refused IS NOT NULL THEN
            refusals := refusals + 1;
            item := asked.id;
            name := asked.name;
            quantity := asked.quantity;
            stands := asked.on_hand;
            RETURN NEXT;
        END IF;
    END LOOP;
    IF known < cardinality(ids) THEN
        RETURN QUERY SELECT NULL::uuid, a.id, a.quantity, NULL::bigint, NULL::bigint, 0, '', 'unknown'
        FROM unnest(ids, quantities) AS a (id, quantity)
        WHERE NOT EXISTS (SELECT FROM shop.items AS i WHERE i.id = a.id);
        RETURN;
    END IF;
    IF refusals > 0 THEN
        RETURN;
    END IF;
    IF undone IS NOT NULL THEN
        -- Back at the cost at which it left, whatever the others cost by now, and no more than left.
        SELECT array_agg(
            CASE WHEN m.taken >= m.returned + a.quantity THEN
                div(m.worth * (m.returned + a.quantity), m.taken) - div(m.worth * m.returned, m.taken)
            END::bigint ORDER BY a.place
        ) INTO costs
        FROM unnest(ids, quantities) WITH ORDINALITY AS a (id, quantity, place) CROSS JOIN LATERAL (
            SELECT -coalesce(sum(m.quantity) FILTER (WHERE m.document = undone), 0) AS taken,
                -coalesce(sum(m.cost) FILTER (WHERE m.document = undone), 0) AS worth,
                coalesce(sum(m.quantity) FILTER (WHERE m.undoes = undone), 0) AS returned
            FROM shop.stock_movements AS m WHERE m.item_id = a.id AND (m.document = undone OR m.undoes = undone)
        ) AS m;
        IF array_position(costs, NULL) IS NOT NULL THEN
            RETURN QUERY SELECT NULL::uuid, i.id, a.quantity, NULL::bigint, NULL::bigint, i.on_hand, i.name, 'not_taken'
            FROM unnest(ids, quantities, costs) AS a (id, quantity, cost) JOIN shop.items AS i ON i.id = a.id
            WHERE a.cost IS NULL;
            RETURN;
        END IF;
    END IF;
    RETURN QUERY
    WITH kept AS (
        UPDATE shop.items AS i SET
            on_hand = i.on_hand + a.quantity,
            -- What leaves takes its share of what all of them cost; the last ones take what is left.
            worth = i.worth + CASE
                WHEN a.quantity < 0 THEN -div(i.worth::numeric * -a.quantity, i.on_hand)::bigint
                ELSE coalesce(a.cost, i.unit_cost * a.quantity)
            END,
            unit_cost = CASE WHEN a.quantity > 0 AND undone IS NULL THEN coalesce(a.cost / a.quantity, i.unit_cost)
                ELSE i.unit_cost END
        FROM unnest(ids, quantities, costs) AS a (id, quantity, cost) WHERE i.id = a.id
        RETURNING i.id, i.name, i.branch_id, a.quantity, i.on_hand, new.worth - old.worth AS cost,
            i.fine * a.quantity AS fine
    ), numbered AS MATERIALIZED (
        SELECT uuidv7() AS movement, k.* FROM kept AS k
    ), written AS (
        INSERT INTO shop.stock_movements (id, item_id, branch_id, quantity, on_hand, cost, fine, reason, note,
            document, undoes, person_id, person, at)
        SELECT n.movement, n.id, n.branch_id, n.quantity, n.on_hand, n.cost, n.fine, because, remark,
            coalesce(paper, n.movement), undone, mover, current_setting('app.actor'), moment
        FROM numbered AS n
    )
    SELECT n.movement, n.id, n.quantity, n.cost, n.fine, n.on_hand, n.name, NULL::text FROM numbered AS n;
END $$
"""  # noqa: S608

# Answers no row when there is nothing to weigh: the item is unknown, or it was here and is gone.
CORRECT_ITEM = f"""
CREATE FUNCTION shop.correct_item(
    corrected uuid, gross bigint, net bigint, stamp integer, assay integer, new_worth bigint, because text, remark text,
    moment timestamptz, mover uuid
) RETURNS TABLE (movement uuid, item uuid, cost bigint, fine bigint, on_hand integer)
LANGUAGE plpgsql VOLATILE {DEFINER} AS $$
#variable_conflict use_column
BEGIN
    PERFORM FROM shop.items AS i WHERE i.id = corrected FOR NO KEY UPDATE;
    RETURN QUERY
    WITH stood AS (
        SELECT i.id FROM shop.items AS i WHERE i.id = corrected
        AND (i.on_hand > 0 OR NOT EXISTS (SELECT FROM shop.stock_movements AS m WHERE m.item_id = corrected))
    ), kept AS (
        UPDATE shop.items AS i SET gross_mg = gross, net_mg = net, stamped = stamp, assayed = assay,
            worth = CASE WHEN i.on_hand > 0 THEN new_worth ELSE 0 END,
            unit_cost = CASE WHEN i.on_hand > 0 THEN new_worth / i.on_hand ELSE i.unit_cost END,
            version = i.version + 1
        FROM stood AS s WHERE i.id = s.id
        RETURNING i.id, i.branch_id, i.on_hand, new.worth - old.worth AS cost, (new.fine - old.fine) * i.on_hand AS fine
    ), written AS (
        INSERT INTO shop.stock_movements
            (id, item_id, branch_id, quantity, on_hand, cost, fine, reason, note, document, person_id, person, at)
        SELECT n.id, k.id, k.branch_id, 0, k.on_hand, k.cost, k.fine, because, remark, n.id, mover,
            current_setting('app.actor'), moment
        FROM kept AS k CROSS JOIN (SELECT uuidv7() AS id) AS n
        WHERE k.cost <> 0 OR k.fine <> 0 RETURNING id
    )
    SELECT w.id, k.id, k.cost, k.fine, k.on_hand FROM kept AS k LEFT JOIN written AS w ON true;
END $$
"""  # noqa: S608

INDEX_NEW_WORDS = f"""
CREATE FUNCTION shop.index_new_words() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    INSERT INTO shop.item_words (tenant_id, word, item_id)
    SELECT a.tenant_id, w.word, a.id
    FROM added AS a CROSS JOIN LATERAL string_to_table(btrim(a.words), ' ') AS w (word) WHERE w.word <> ''
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
"""  # noqa: S608

INDEX_CHANGED_WORDS = f"""
CREATE FUNCTION shop.index_changed_words() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    DELETE FROM shop.item_words
    WHERE item_id = old.id AND word = ANY (string_to_array(btrim(old.words), ' '));
    INSERT INTO shop.item_words (tenant_id, word, item_id)
    SELECT new.tenant_id, w.word, new.id FROM string_to_table(btrim(new.words), ' ') AS w (word) WHERE w.word <> ''
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
"""  # noqa: S608


def upgrade() -> None:
    _categories_and_items()
    _ledger()
    _imports()


def _categories_and_items() -> None:
    create_tenant_table(
        op,
        "categories",
        sa.Column("parent_id", sa.Uuid),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("path", ARRAY(sa.Uuid), nullable=False),
        belongs_to("parent_id", "categories", name="categories_parent_fkey"),
        index("categories_name_key", "parent_id", "name", unique=True, postgresql_nulls_not_distinct=True),
    )
    create_tenant_table(
        op,
        "items",
        sa.Column("sku", BYTES, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sort_name", BYTES, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("category_id", sa.Uuid),
        sa.Column("branch_id", sa.Uuid, nullable=False),
        sa.Column("craftsmanship", sa.Text, nullable=False),
        sa.Column("metal", sa.Text),
        sa.Column("stamped", sa.Integer),
        sa.Column("assayed", sa.Integer),
        sa.Column("fineness", sa.Integer, sa.Computed("coalesce(stamped, assayed)", persisted=True)),
        sa.Column("gross_mg", sa.BigInteger, nullable=False),
        sa.Column("net_mg", sa.BigInteger, nullable=False),
        sa.Column(
            "fine", sa.BigInteger, sa.Computed("net_mg * coalesce(assayed, stamped, 0)", persisted=True), nullable=False
        ),
        sa.Column("making_kind", sa.Text),
        sa.Column("making_value", sa.Numeric),
        sa.Column("making_fineness", sa.Integer),
        sa.Column("wastage_percent", sa.Numeric, nullable=False),
        sa.Column("fixed_price", sa.BigInteger),
        sa.Column("serial", sa.Text, nullable=False),
        sa.Column("lot", sa.Text, nullable=False),
        sa.Column("barcode", BYTES),
        sa.Column("hallmark", sa.Text, nullable=False),
        sa.Column("low_at", sa.Integer),
        sa.Column("active", sa.Boolean, nullable=False, server_default=sa.text("true")),
        sa.Column("version", sa.Integer, nullable=False, server_default=sa.text("1")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("on_hand", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("worth", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("unit_cost", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        unique("sku", name="items_sku_key"),
        unique("barcode", name="items_barcode_key"),
        belongs_to("category_id", "categories", name="items_category_fkey"),
        belongs_to("branch_id", "branches", name="items_branch_fkey"),
        index("items_by_name", "sort_name", "id"),
        index("items_by_net", "net_mg", "id"),
        index("items_by_category", "category_id", "sort_name", "id"),
        index("items_by_fineness", "fineness", "id"),
        index("items_low", "id", postgresql_where=sa.text("low_at IS NOT NULL")),
        index("items_scrap", "id", postgresql_where=sa.text("kind = 'scrap'")),
        index("items_inactive", "id", postgresql_where=sa.text("NOT active")),
        one_of("kind", "piece", "counted", "scrap", name="items_kind_check"),
        one_of("metal", "gold", "silver", "platinum", "palladium", name="items_metal_check"),
        sa.CheckConstraint("stamped BETWEEN 1 AND 10000 AND assayed BETWEEN 1 AND 10000", name="items_fineness_check"),
        sa.CheckConstraint("0 <= net_mg AND net_mg <= gross_mg AND gross_mg <= 1000000000", name="items_weight_check"),
        sa.CheckConstraint(
            "(metal IS NULL) = (stamped IS NULL AND assayed IS NULL) AND (metal IS NULL OR net_mg > 0)",
            name="items_metal_is_whole_check",
        ),
        one_of(
            "making_kind", "none", "percent", "per_gram", "per_piece", "gold", "milyem", name="items_making_kind_check"
        ),
        sa.CheckConstraint(
            "(making_kind IS NULL) = (making_value IS NULL) AND making_value >= 0", name="items_making_is_whole_check"
        ),
        sa.CheckConstraint("fixed_price >= 0 AND low_at >= 0", name="items_not_negative_check"),
        sa.CheckConstraint("on_hand >= 0 AND (on_hand <= 1 OR kind = 'counted')", name="items_on_hand_check"),
        sa.CheckConstraint("worth >= 0 AND unit_cost >= 0 AND (on_hand > 0 OR worth = 0)", name="items_worth_check"),
        rights=READ_ONLY,
    )
    # Quantity, cost, weight and fineness are what the books count: no right to write them past the ledger.
    op.execute(f"GRANT INSERT ({AT_FIRST}), UPDATE ({DESCRIBED}, version) ON shop.items TO goldsmith_app")
    # Room on each page for the new version of a row: a sale then touches no index.
    op.execute("ALTER TABLE shop.items SET (fillfactor = 85)")
    create_tenant_table(
        op,
        "item_stones",
        sa.Column("item_id", sa.Uuid, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("carats", sa.Numeric),
        sa.Column("value", sa.BigInteger),
        sa.Column("lab", sa.Text, nullable=False),
        sa.Column("certificate", sa.Text, nullable=False),
        belongs_to("item_id", "items", name="item_stones_item_fkey"),
        sa.CheckConstraint("count > 0 AND carats > 0 AND value >= 0", name="item_stones_amounts_check"),
        key=("item_id", "place"),
    )
    create_tenant_table(
        op,
        "item_words",
        sa.Column("word", BYTES, nullable=False),
        sa.Column("item_id", sa.Uuid, nullable=False),
        key=("word", "item_id"),
        rights=READ_ONLY,
    )
    op.execute(INDEX_NEW_WORDS)
    op.execute(INDEX_CHANGED_WORDS)
    op.execute(
        "CREATE TRIGGER new_words AFTER INSERT ON shop.items REFERENCING NEW TABLE AS added "
        "FOR EACH STATEMENT EXECUTE FUNCTION shop.index_new_words()"
    )
    op.execute(
        "CREATE TRIGGER changed_words AFTER UPDATE OF words ON shop.items FOR EACH ROW "
        "WHEN (old.words IS DISTINCT FROM new.words) EXECUTE FUNCTION shop.index_changed_words()"
    )


def _ledger() -> None:
    create_tenant_table(
        op,
        "stock_movements",
        sa.Column("item_id", sa.Uuid, nullable=False),
        sa.Column("branch_id", sa.Uuid, nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("on_hand", sa.Integer, nullable=False),
        sa.Column("cost", sa.BigInteger, nullable=False),
        sa.Column("fine", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("document", sa.Uuid, nullable=False),
        sa.Column("undoes", sa.Uuid),
        sa.Column("person_id", sa.Uuid),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        belongs_to("item_id", "items", name="stock_movements_item_fkey"),
        sa.CheckConstraint("quantity <> 0 OR cost <> 0 OR fine <> 0", name="stock_movements_moves_check"),
        sa.CheckConstraint("reason <> ''", name="stock_movements_reason_check"),
        index("stock_movements_by_item", "item_id", "id"),
        index("stock_movements_by_document", "document"),
        rights=READ_ONLY,
    )
    make_append_only(op, "shop.stock_movements")
    op.execute(MOVE_STOCK)
    op.execute(CORRECT_ITEM)
    for function in (
        "move_stock(uuid[], integer[], bigint[], text, text, uuid, uuid, timestamptz, uuid)",
        "correct_item(uuid, bigint, bigint, integer, integer, bigint, text, text, timestamptz, uuid)",
    ):
        op.execute(f"GRANT EXECUTE ON FUNCTION shop.{function} TO goldsmith_app")


def _imports() -> None:
    create_tenant_table(
        op,
        "imports",
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("good", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("bad", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("branch_id", sa.Uuid, nullable=False),
        sa.Column("job", sa.Uuid),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        belongs_to("branch_id", "branches", name="imports_branch_fkey"),
        one_of("state", "reading", "checked", "entering", "done", name="imports_state_check"),
        index("imports_newest", sa.text("created_at DESC")),
    )
    create_tenant_table(
        op,
        "import_rows",
        sa.Column("import_id", sa.Uuid, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("sku", BYTES, nullable=False),
        sa.Column("barcode", BYTES),
        sa.Column("item", JSONB),
        sa.Column("problems", JSONB),
        belongs_to("import_id", "imports", name="import_rows_import_fkey"),
        sa.CheckConstraint("(item IS NULL) <> (problems IS NULL)", name="import_rows_good_or_bad_check"),
        key=("import_id", "line"),
    )


def downgrade() -> None:
    op.execute(
        "DROP FUNCTION shop.correct_item(uuid, bigint, bigint, integer, integer, bigint, text, text, timestamptz, uuid)"
    )
    op.execute("DROP FUNCTION shop.move_stock(uuid[], integer[], bigint[], text, text, uuid, uuid, timestamptz, uuid)")
    for table in ("import_rows", "imports", "stock_movements", "item_words", "item_stones", "items", "categories"):
        op.execute(f"DROP TABLE shop.{table}")
    op.execute("DROP FUNCTION shop.index_changed_words()")
    op.execute("DROP FUNCTION shop.index_new_words()")
