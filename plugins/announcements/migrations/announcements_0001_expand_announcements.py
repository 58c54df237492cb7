"""What the platform tells the shops, who has read it, and how far it came."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from kernel.ids import new_id
from kernel.schema import audit_table, create_tenant_table, guard, leave_unaudited, one_of

revision = "announcements_0001"
down_revision = None
branch_labels = ("announcements",)
depends_on = ("kernel_0007",)

SEVERITIES = ("info", "warning", "critical")

# One place says whom an announcement concerns, for the shop that asks and for the platform that counts.
CONCERNS = """
CREATE FUNCTION app.announcement_concerns(
    plans text[], markets text[], states text[], shops uuid[], plan text, market text, state text, shop uuid
) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (plans = '{}' OR plan = ANY (plans)) AND (markets = '{}' OR market = ANY (markets))
    AND (states = '{}' OR state = ANY (states)) AND (shops = '{}' OR shop = ANY (shops))
"""

# All that a shop learns of announcements: those that concern it, and nothing of whom else they concern.
HERE = """
CREATE FUNCTION app.announcements_here(since timestamptz) RETURNS TABLE (
    id uuid, severity text, title_en text, text_en text, title_fa text, text_fa text,
    begins_at timestamptz, ends_at timestamptz, in_app boolean, post text
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT a.id, a.severity, a.title_en, a.text_en, a.title_fa, a.text_fa, a.begins_at, a.ends_at, a.in_app, a.post
    FROM platform.announcements AS a JOIN platform.tenants AS t ON t.id = app.tenant()
    WHERE a.published_at IS NOT NULL AND a.withdrawn_at IS NULL
    AND (a.ends_at IS NULL OR a.ends_at > announcements_here.since)
    AND app.announcement_concerns(a.plans, a.markets, a.states, a.shops, t.plan, t.market, t.state, t.id)
    ORDER BY a.begins_at DESC, a.id DESC;
END
"""

#: name, severity, title and text in English, title and text in Persian.
TEMPLATES = [
    (
        "Maintenance",
        "warning",
        "Goldsmith is being maintained on …",
        "On … from … to … Goldsmith cannot be used.\n\nPlease close your tills before that. Nothing is lost.",
        "سرویس و نگهداری گلداسمیت در تاریخ …",
        "در تاریخ … از ساعت … تا … گلداسمیت در دسترس نیست.\n\nلطفاً پیش از آن صندوق‌ها را ببندید. چیزی از بین نمی‌رود.",
    ),
    (
        "New feature",
        "info",
        "New: …",
        "From today you can …\n\nYou find it under …",
        "امکان تازه: …",
        "از امروز می‌توانید …\n\nآن را در بخش … پیدا می‌کنید.",
    ),
    (
        "Price change",
        "warning",
        "The price of your plan changes on …",
        "From … the plan … costs … a month.\n\nUntil then nothing changes. If you have questions, write to us.",
        "تغییر قیمت اشتراک شما از تاریخ …",
        "از تاریخ … هزینه‌ی اشتراک … ماهانه … خواهد بود.\n\n"
        "تا آن روز چیزی تغییر نمی‌کند. اگر پرسشی دارید برای ما بنویسید.",
    ),
]


def upgrade() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", sa.Uuid, primary_key=True),
        *_words(),
        sa.Column("begins_at", sa.DateTime(timezone=True)),
        sa.Column("ends_at", sa.DateTime(timezone=True)),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("plans", ARRAY(sa.Text), nullable=False),
        sa.Column("markets", ARRAY(sa.Text), nullable=False),
        sa.Column("states", ARRAY(sa.Text), nullable=False),
        sa.Column("shops", ARRAY(sa.Uuid), nullable=False),
        sa.Column("in_app", sa.Boolean, nullable=False),
        sa.Column("post", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.Column("published_by", sa.Text),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_by", sa.Text),
        sa.Column("withdrawn_because", sa.Text),
        one_of("severity", *SEVERITIES, name="announcements_severity_check"),
        one_of("post", "nobody", "owners", "everybody", name="announcements_post_check"),
        sa.CheckConstraint("ends_at > begins_at", name="announcements_time_check"),
        sa.CheckConstraint("published_at IS NULL OR begins_at IS NOT NULL", name="announcements_begins_check"),
        schema="platform",
    )
    templates = op.create_table(
        "announcement_templates",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        *_words(),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("made_by", sa.Text, nullable=False),
        one_of("severity", *SEVERITIES, name="announcement_templates_severity_check"),
        schema="platform",
    )
    names = ("name", "severity", "title_en", "text_en", "title_fa", "text_fa")
    first = [dict(zip(names, template, strict=True)) for template in TEMPLATES]
    op.bulk_insert(templates, [{"id": new_id(), "made_by": "Goldsmith", **template} for template in first])
    for table in ("announcements", "announcement_templates"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON platform.{table} TO goldsmith_platform")
        op.execute(f"GRANT SELECT ON platform.{table} TO goldsmith_backup")
        audit_table(op, table, schema="platform")
    op.execute(CONCERNS)
    op.execute(HERE)
    arguments = "text[], text[], text[], uuid[], text, text, text, uuid"
    op.execute(f"GRANT EXECUTE ON FUNCTION app.announcement_concerns({arguments}) TO goldsmith_platform")
    op.execute("GRANT EXECUTE ON FUNCTION app.announcements_here(timestamptz) TO goldsmith_app")
    _in_shops()


def _words() -> list[sa.Column[Any]]:
    names = ("title_en", "text_en", "title_fa", "text_fa")
    columns = [sa.Column(name, sa.Text, nullable=False) for name in names]
    return [sa.Column("severity", sa.Text, nullable=False), *columns]


def _in_shops() -> None:
    create_tenant_table(
        op,
        "announcement_reads",
        sa.Column("announcement_id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True)),
        key=("announcement_id", "person_id"),
    )
    leave_unaudited(op, "announcement_reads", "who has seen what; that somebody acknowledged it is recorded")
    create_tenant_table(
        op,
        "announcement_letters",
        sa.Column("announcement_id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        one_of("state", "waiting", "sent", "failed", "dropped", name="announcement_letters_state_check"),
        key=("announcement_id", "person_id"),
    )
    leave_unaudited(op, "announcement_letters", "how far a letter of the platform is on its way")
    op.create_table(
        "announcement_figures",
        sa.Column(
            "tenant_id",
            sa.Uuid,
            sa.ForeignKey("platform.tenants.id"),
            primary_key=True,
            server_default=sa.text("app.tenant()"),
        ),
        sa.Column("announcement_id", sa.Uuid, primary_key=True),
        *(
            sa.Column(name, sa.Integer, nullable=False, server_default="0")
            for name in ("seen", "acknowledged", "letters", "sent", "failed")
        ),
        sa.Column("posted_at", sa.DateTime(timezone=True)),
        schema="platform",
    )
    for statement in guard("announcement_figures", schema="platform"):
        op.execute(statement.replace(" USING", " TO goldsmith_app USING"))
    op.execute(
        "CREATE POLICY platform_rows ON platform.announcement_figures FOR SELECT TO goldsmith_platform USING (true)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON platform.announcement_figures TO goldsmith_app")
    op.execute("GRANT SELECT ON platform.announcement_figures TO goldsmith_platform, goldsmith_backup")
    op.execute("CREATE INDEX announcement_figures_by_announcement ON platform.announcement_figures (announcement_id)")


def downgrade() -> None:
    op.drop_table("announcement_figures", schema="platform")
    for table in ("announcement_letters", "announcement_reads"):
        op.drop_table(table, schema="shop")
    op.execute("DROP FUNCTION app.announcements_here(timestamptz)")
    arguments = "text[], text[], text[], uuid[], text, text, text, uuid"
    op.execute(f"DROP FUNCTION app.announcement_concerns({arguments})")
    for table in ("announcement_templates", "announcements"):
        op.drop_table(table, schema="platform")
