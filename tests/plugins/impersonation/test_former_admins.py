"""Somebody runs the installation no more: what they began ends, and what they did stays to be read."""

from __future__ import annotations

import re

import pytest
from psycopg import sql

from adapters.waiting import WholeDays
from plugins.identity.public import remove_admin
from plugins.impersonation.actions.close import close_what_is_over
from plugins.tenants.actions.delete_shop import schedule_deletion
from plugins.tenants.actions.erase_shop import erase_shop
from plugins.tenants.forms import DeletionForm
from plugins.tenants.queries.standing import deletion_of
from tests.plugins.impersonation.conftest import WHY


@pytest.fixture
def removed(database, actor):
    """As `goldsmith admin remove` does."""

    def remove(admin):
        with database.for_platform("goldsmith admin remove", actor) as work:
            remove_admin(work, admin.email)

    return remove


@pytest.fixture
def erased(database, actor, clock):
    """The shop is deleted, and its time is over."""

    def erase(shop):
        now = clock.now()
        with database.for_platform("test", actor) as work:
            schedule_deletion(database, work, shop.id, DeletionForm(because="They left", name=shop.name), WholeDays(30))
            deletion = deletion_of(work, shop.id)
        assert deletion is not None
        clock.at = deletion.due_at
        erase_shop(database, actor, deletion)
        clock.at = now

    return erase


def dangling(superuser):
    """Rows of the installation that refer to what is not there: no copy of the database could be read back."""
    links = superuser.execute(
        "SELECT f.conname, cn.nspname, c.relname, ca.attname, pn.nspname, p.relname, pa.attname FROM pg_constraint f"
        " JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace cn ON cn.oid = c.relnamespace"
        " JOIN pg_class p ON p.oid = f.confrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace"
        " JOIN pg_attribute ca ON ca.attrelid = c.oid AND ca.attnum = f.conkey[1]"
        " JOIN pg_attribute pa ON pa.attrelid = p.oid AND pa.attnum = f.confkey[1]"
        " WHERE f.contype = 'f' AND cardinality(f.conkey) = 1 AND pn.nspname = 'platform'"
    ).fetchall()
    assert len(links) > 10
    found = set()
    for link, schema, table, refers, parents, parent, key in links:
        asked = sql.SQL(
            "SELECT EXISTS (SELECT FROM {} c WHERE c.{} IS NOT NULL AND NOT EXISTS"
            " (SELECT FROM {} p WHERE p.{} = c.{}))"
        ).format(
            sql.Identifier(schema, table), sql.Identifier(refers), sql.Identifier(parents, parent),
            sql.Identifier(key), sql.Identifier(refers),
        )  # fmt: skip
        if superuser.execute(asked).fetchone()[0]:
            found.add(link)
    return found


def open_sessions(superuser, address):
    asked = (
        "SELECT count(*) FROM platform.sessions s JOIN platform.people p ON p.id IN (s.person_id, s.impersonator_id)"
        " WHERE p.email = %s"
    )
    return superuser.execute(asked, (address,)).fetchone()[0]


def test_what_a_former_admin_has_open_ends(ada, admin, user, begin, shop, removed, superuser, database, actor):
    begin(ada, user("employee", "Reza"))
    elsewhere = admin("Eva")
    assert ada.get("/branches").status_code == 200
    removed(ada)
    removed(elsewhere)
    assert open_sessions(superuser, ada.email) == open_sessions(superuser, elsewhere.email) == 0
    assert ada.get("/branches").headers["location"].startswith("/login")
    assert elsewhere.get("/platform/shops").headers["location"].startswith("/login")
    assert ada.sign_in(ada.email, "copper-lantern-79-river").status_code == 422
    with database.for_platform("test", actor) as work:
        close_what_is_over(work, work.now)
    reader = admin("Nora")
    log = reader.get(f"/platform/impersonations?text={shop.slug}").text
    assert ("Ada" in log, WHY in log, "Reza" in log) == (True, True, True)


def test_every_page_that_names_a_former_admin_opens(ada, admin, user, begin, shop, removed, signed_in):
    mina = user("owner", "Mina")
    begin(ada, mina)
    ada.escalates()
    ada.post("/branches", name="Second", code="second")
    ada.post("/impersonation/leave")
    removed(ada)
    reader, owner = admin("Nora"), signed_in(shop, "owner")
    here = f"/platform/shops/{shop.id}"
    for path in (here, f"{here}/users", f"{here}/activity", "/platform/impersonations", "/platform/audit"):
        assert reader.get(path).status_code == 200, path
    for path in ("/audit", f"/users/{mina}/activity", "/"):
        assert owner.get(path).status_code == 200, path
    entry = re.search(r'href="(/audit/[^"?]+)"', owner.get("/audit?text=Ada").text)
    assert entry is None or owner.get(entry[1]).status_code == 200
    assert "Ada" in owner.get("/audit").text


def test_nothing_refers_to_who_was_erased_with_their_shop(
    ada, admin, user, begin, shop, new_shop, removed, erased, superuser
):
    """A former admin worked in one shop, and acted in another: their account goes, and the list still tells of them."""
    home = new_shop("AE", name="Home of Ada")
    user("owner", "Ada", at=home, email=f"not-{ada.email}")
    superuser.execute(
        "INSERT INTO shop.users (tenant_id, id, name, role, since)"
        " SELECT %s, id, 'Ada', 'owner', now() FROM platform.people WHERE email = %s",
        (home.id, ada.email),
    )
    begin(ada, user("employee", "Reza"))
    before = dangling(superuser)
    removed(ada)
    erased(home)
    gone = superuser.execute("SELECT count(*) FROM platform.people WHERE email = %s", (ada.email,)).fetchone()
    assert gone == (0,)
    assert dangling(superuser) == before
    reader = admin("Nora")
    assert "Ada" in reader.get(f"/platform/impersonations?text={shop.slug}").text
    for path in (f"/platform/shops/{home.id}", f"/platform/shops/{home.id}/activity", "/platform/audit"):
        assert reader.get(path).status_code == 200, path


def test_of_who_was_acted_for_in_an_erased_shop_nothing_is_left(
    ada, admin, user, begin, shop, removed, erased, superuser
):
    begin(ada, user("employee", "Reza"))
    before = dangling(superuser)
    removed(ada)
    erased(shop)
    assert dangling(superuser) == before
    reader = admin("Nora")
    left = superuser.execute("SELECT count(*) FROM platform.impersonations WHERE tenant_id = %s", (shop.id,))
    assert left.fetchone() == (0,)
    assert reader.get("/platform/impersonations").status_code == 200
