"""What happens at the door is in the trail; and the trail stands in nobody's way."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from kernel.errors import TryLater
from kernel.tables import audit_entries, platform_audit_entries
from kernel.uow import Database
from plugins.identity.actions import tell
from plugins.identity.domain.knock import Knock, signs
from plugins.identity.public import NewUserForm, add_user, add_user_with_password
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4) Safari/604.1"
NEWER_PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Safari/605.1"
TILL = "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0"


@pytest.fixture
def sara(database, shop, actor):
    email = f"sara-{shop.slug}@example.com"
    with database.for_shop(shop.id, actor) as uow:
        return add_user_with_password(uow, NewUserForm(name="Sara", email=email, role="owner"), PASSWORD)


@pytest.fixture
def told(database, shop, actor):
    """What the trail of the shop says about coming and going, the oldest first."""

    def read():
        tell.wait()
        e = audit_entries.c
        about_it = e.action.in_([tell.SIGN_IN, tell.SIGN_OUT, tell.FIRST_PASSWORD, "identity.change_own_password"])
        with database.for_shop(shop.id, actor, read_only=True) as uow:
            return uow.execute(select(audit_entries).where(about_it).order_by(e.number)).all()

    return read


def test_who_comes_and_goes_is_in_the_trail_of_the_shop(browser, sara, told):
    visitor = browser()
    visitor.sign_in(sara.email, PASSWORD)
    visitor.post("/logout")
    assert [(one.action, one.outcome, one.actor_id, one.actor, one.address) for one in told()] == [
        ("identity.sign_in", "done", sara.id, "Sara", visitor.address),
        ("identity.sign_out", "done", sara.id, "Sara", visitor.address),
    ]


def test_a_wrong_password_is_told_to_the_shop_and_never_which_one_it_was(browser, sara, told):
    visitor = browser()
    assert visitor.sign_in(sara.email, "not my password at all").status_code == 422
    [one] = told()
    assert (one.action, one.outcome, one.actor_kind, one.actor_id, one.subject_id, one.subject, one.address) == (
        "identity.sign_in", "refused", "system", None, sara.id, "Sara", visitor.address,
    )  # fmt: skip
    assert "not my password" not in str(one)


def test_an_address_that_nobody_has_is_told_to_the_platform_alone(browser, sara, told, database, actor):
    browser().sign_in("x" + sara.email, "not my password at all")
    assert told() == []
    with database.for_platform("look", actor, read_only=True) as work:
        newest = select(platform_audit_entries).order_by(platform_audit_entries.c.number.desc()).limit(1)
        one = work.execute(newest).one()
    assert (one.action, one.outcome, one.details["email"]) == ("identity.sign_in", "refused", "x" + sara.email)


def test_a_known_and_an_unknown_address_ask_the_database_for_as_much_before_the_answer(
    browser, sara, monkeypatch, statements
):
    monkeypatch.setattr(tell._afterwards, "submit", lambda *_: _Done())
    counted = []
    for email in (sara.email, "x" + sara.email):
        visitor = browser()
        visitor.get("/login")
        with statements.counted() as sent:
            visitor.sign_in(email, "not my password at all")
        counted.append(len(sent))
    assert counted[0] == counted[1]


class _Done:
    def add_done_callback(self, call):
        call(self)


def test_a_trail_that_cannot_be_written_lets_in_who_may_and_nobody_else(browser, sara, monkeypatch, told):
    whole = Database.for_shop

    def broken(database, tenant, by, *, read_only=False):
        if by.name in ("Sara", "sign-in") and not by.permissions and not read_only:
            raise TryLater
        return whole(database, tenant, by, read_only=read_only)

    monkeypatch.setattr(Database, "for_shop", broken)
    assert browser().sign_in(sara.email, "not my password at all").status_code == 422
    right = browser()
    assert right.sign_in(sara.email, PASSWORD).status_code == 303
    assert right.get("/").status_code == 200
    assert told() == []


def test_a_password_that_was_chosen_is_told(browser, sara, told, database, shop, actor):
    with database.for_shop(shop.id, actor) as uow:
        reza = add_user(uow, NewUserForm(name="Reza", email=f"reza-{shop.slug}@example.com", role="employee"))
    visitor = browser()
    visitor.sign_in(reza.user.email, reza.start_password)
    visitor.post("/login/password", password=PASSWORD, repeated=PASSWORD)
    new = "another-lantern-80-lake"
    changed = visitor.post("/account/password", current=PASSWORD, password=new, repeated=new)
    assert changed.status_code == 303
    assert [(one.action, one.actor_id) for one in told()] == [
        ("identity.sign_in", reza.user.id),
        ("identity.choose_first", reza.user.id),
        ("identity.change_own_password", reza.user.id),
    ]


def test_a_suspicious_sign_in_is_flagged(app, sara, told):
    def comes(address, device, password=PASSWORD):
        visitor = Browser(app, address)
        visitor.client.headers["user-agent"] = device
        visitor.sign_in(sara.email, password)

    comes("203.0.113.1", PHONE)
    comes("203.0.113.1", NEWER_PHONE)
    for host in range(5):
        comes(f"203.0.113.{host + 10}", TILL, "wrong wrong wrong")
    tell.wait()
    comes("203.0.113.20", TILL)
    done = [one.details.get("signs") for one in told() if one.outcome == "done"]
    assert done == [None, None, ["new_device", "new_address", "after_failures"]]


@pytest.mark.parametrize(
    ("before", "found"),
    [
        ([], []),
        ([Knock(True, "203.0.113.1", TILL)], []),
        ([Knock(True, "203.0.113.1", PHONE)], ["new_device"]),
        ([Knock(True, "198.51.100.1", TILL)], ["new_address"]),
        ([Knock(False, "198.51.100.1", PHONE)] * 4 + [Knock(True, "203.0.113.1", TILL)], []),
        ([Knock(False, "198.51.100.1", PHONE)] * 5, ["after_failures"]),
    ],
)
def test_what_looks_suspicious(before, found):
    assert signs(before, Knock(True, "203.0.113.1", TILL)) == found
