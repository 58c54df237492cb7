"""Shops with something in their trail."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert

from kernel import audit
from kernel.tables import audit_entries, settings


@pytest.fixture
def change(database, shop, actor):
    """One change in the shop: `change("second", by=reza)`. Answers the number of its entry."""

    def changed(value="first", *, by=actor, action="shop.change_shop", address="192.0.2.7", name="trial.note", at=shop):
        row = {"name": name, "value": value, "set_by": by.name}
        with audit.doing(action, address=address, request="r-1"), database.for_shop(at.id, by) as uow:
            uow.execute(
                upsert(settings).values(row).on_conflict_do_update(index_elements=["tenant_id", "name"], set_=row)
            )
        with database.for_shop(at.id, by, read_only=True) as uow:
            newest = select(audit_entries.c.number).order_by(audit_entries.c.number.desc()).limit(1)
            return uow.execute(newest).scalar_one()

    return changed


@pytest.fixture
def entries(database, shop, actor):
    """What the shop's trail says of an action, the oldest first."""

    def read(action, at=shop):
        with database.for_shop(at.id, actor, read_only=True) as uow:
            return uow.execute(
                select(audit_entries).where(audit_entries.c.action == action).order_by(audit_entries.c.number)
            ).all()

    return read


@pytest.fixture
def tamper(superuser, shop):
    """Change an entry past all rights."""

    def tampered(number, table="shop"):
        superuser.execute("SET session_replication_role = replica")
        of_shop = f"tenant_id = '{shop.id}' AND" if table == "shop" else ""
        superuser.execute(f"UPDATE {table}.audit_entries SET actor = actor || '!' WHERE {of_shop} number = {number}")
        superuser.execute("RESET session_replication_role")

    return tampered
