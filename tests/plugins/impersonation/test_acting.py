"""An admin acts in the account of a shop's user: for a while, for a reason, told to the shop, and mostly to look."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from kernel.tenancy import system
from plugins.audit import actions as audit_actions
from plugins.identity.public import add_admin
from plugins.impersonation.actions.close import close_what_is_over
from plugins.impersonation.tables import impersonations
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD
from tests.plugins.identity.fakes import POST
from tests.plugins.impersonation.conftest import WHY

BANNER = "You look at this shop as"


@pytest.fixture
def kept(database, actor):
    """What the platform keeps of who acted as whom, the oldest first."""

    def read(shop):
        with database.for_platform("test", actor, read_only=True) as work:
            mine = select(impersonations).where(impersonations.c.tenant_id == shop.id).order_by(impersonations.c.id)
            return work.execute(mine).all()

    return read


def test_an_admin_sees_the_shop_as_the_user_does(ada, user, begin, shop):
    answer = begin(ada, user("employee", "Reza"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    today = ada.get("/")
    assert today.status_code == 200
    assert shop.name in today.text
    # An employee's pages, and not those of the admin or of an owner.
    assert ada.get("/users/roles").status_code == 403
    assert ada.get("/platform/shops").status_code == 404


@pytest.mark.parametrize("path", ["/", "/branches", "/tasks", "/users/roles", "/nothing/here", "/account/prove"])
def test_every_page_says_so_all_the_time(ada, user, begin, path):
    begin(ada, user("employee", "Reza"))
    text = ada.get(path).text
    assert BANNER in text
    assert re.search(r"until \d\d:\d\d", text)
    assert 'action="/impersonation/leave"' in text


def test_the_band_says_why(ada, user, begin):
    begin(ada, user("employee", "Reza"))
    assert f"Reason: <bdi>{WHY}</bdi>" in ada.get("/").text


def test_nothing_can_be_changed_by_who_only_looks(ada, user, begin, entries, database, shop):
    begin(ada, user("owner", "Mina"))
    answer = ada.post("/branches", name="Second", code="second")
    assert answer.status_code == 403
    assert "You are only looking" in answer.text
    assert BANNER in answer.text
    assert "Second" not in ada.get("/branches").text
    [refused] = entries("branches.add_branch")
    assert (refused.outcome, refused.actor, refused.subject) == ("refused", "Ada", "Mina")


def test_the_pages_that_show_what_happened_name_the_admin_the_account_and_the_outcome(
    ada, user, begin, admin, signed_in, shop
):
    mina = user("owner", "Mina")
    begin(ada, mina)
    assert ada.post("/branches", name="Second", code="second").status_code == 403
    both = r"<td><bdi>Ada</bdi><br><span class=\"muted\">account of Mina</span>\s*</td>"
    refused = rf"{both}\s*<td>[^\n]*Branch added[^\n]*</td>(?s:(?!</tr>).)*Refused"
    of_shop = rf"<td>[^\n]*Branch added[^\n]*</td>\s*{both}(?s:(?!</tr>).)*Refused"
    assert re.search(refused, signed_in(shop, "owner", "Sara").get(f"/users/{mina}/activity").text)
    assert re.search(of_shop, admin("Nadia").get(f"/platform/shops/{shop.id}/activity").text)


def test_what_is_changed_after_another_reason_stands_under_both_names(ada, user, begin, entries, kept, shop):
    mina = user("owner", "Mina")
    begin(ada, mina)
    assert ada.escalates("They asked for a second branch").status_code == 303
    page = ada.get("/branches")
    assert "You act in this shop as" in page.text
    assert "Reason: <bdi>They asked for a second branch</bdi>" in page.text
    assert ada.post("/branches", name="Second", code="second").status_code == 303
    [added] = entries("branches.add_branch")
    assert (added.outcome, added.actor_kind, added.actor, added.subject, added.subject_id) == (
        "done", "platform", "Ada", "Mina", mina,
    )  # fmt: skip
    [allowed] = entries("impersonation.escalate")
    assert allowed.details["because"] == "They asked for a second branch"
    [row] = kept(shop)
    assert row.escalated_because == "They asked for a second branch"
    assert row.escalated_at is not None


def test_a_reason_is_required(ada, user, begin, kept, shop):
    mina = user("owner", "Mina")
    for because in ("", "   ", "help"):
        answer = begin(ada, mina, because=because)
        assert answer.status_code == 400
    assert "Act in" in answer.text
    assert kept(shop) == []
    begin(ada, mina)
    assert ada.escalates("").status_code == 400
    assert ada.post("/branches", name="Second", code="second").status_code == 403


@pytest.mark.parametrize(
    ("minutes", "status"), [("15", 303), ("30", 303), ("60", 303), ("61", 400), ("600", 400), ("-5", 400)]
)
def test_it_lasts_an_hour_at_most(ada, user, begin, clock, minutes, status):
    assert begin(ada, user(), minutes=minutes).status_code == status
    if status == 303:
        clock.advance(timedelta(minutes=int(minutes), seconds=-1))
        assert ada.get("/branches").status_code == 200
        clock.advance(timedelta(seconds=1))
        assert ada.get("/branches").headers["location"].startswith("/login")


def test_it_lasts_no_longer_than_the_admins_own_session(ada, user, begin, clock, kept, shop):
    for _hour in range(13):
        clock.advance(timedelta(hours=1))
        ada.get("/platform/shops")
    clock.advance(timedelta(minutes=45))
    ada.post("/platform/account/prove", code=ada.code(ada.email))
    begin(ada, user(), minutes="60")
    [row] = kept(shop)
    assert row.until - row.begun_at <= timedelta(minutes=15)


def test_the_shop_is_told(ada, user, begin, entries, database, shop, deliver_all, signed_in):
    user("owner", "Mina", email=f"mina-{shop.slug}@example.com")
    user("owner", "Omid", email=f"omid-{shop.slug}@example.com")
    reza = user("manager", "Reza", email=f"reza-{shop.slug}@example.com")
    begin(ada, reza)
    deliver_all()
    for owner in ("mina", "omid"):
        [letter] = POST.to(f"{owner}-{shop.slug}@example.com")
        assert WHY in letter.text
        assert "Ada" in letter.text
        assert "Ada" in letter.html
        assert shop.name in letter.subject
    assert POST.to(f"reza-{shop.slug}@example.com") == []
    [begun] = entries("impersonation.begin")
    assert (begun.actor, begun.subject, begun.subject_id) == ("Ada", "Reza", reza)
    assert begun.details["because"] == WHY
    owner = signed_in(shop, "owner", "Sara")
    assert "Ada" in owner.get("/bell").text
    assert WHY in owner.get("/bell").text
    trail = owner.get("/audit?action=impersonation.begin").text
    assert "Ada" in trail
    assert "Reza" in trail
    assert WHY not in signed_in(shop, "manager", "Ali").get("/bell").text


def test_an_admin_does_not_read_the_owners_bell_for_them(ada, user, begin, signed_in, shop):
    begin(ada, user("owner", "Mina"))
    ada.escalates("They asked for a second branch")
    ada.post("/bell")
    owner = signed_in(shop, "owner", "Sara")
    assert ">2<" in owner.get("/bell/count").text
    owner.post("/bell")
    assert ">2<" not in owner.get("/bell/count").text


def test_who_runs_the_installation_is_never_acted_for(ada, user, begin, database, actor, kept, shop):
    reza = user("manager", "Reza", email=f"reza-{shop.slug}@example.com")
    with database.for_platform("set up", actor) as work:
        add_admin(work, f"reza-{shop.slug}@example.com", "Reza the admin")
    assert "Reza" not in ada.get(f"/platform/shops/{shop.id}/impersonation").text
    answer = begin(ada, reza)
    assert answer.status_code == 422
    assert "Nobody acts in the account of an admin" in answer.text
    assert kept(shop) == []


def test_it_ends_when_the_user_becomes_an_admin(ada, user, begin, database, actor, shop):
    begin(ada, user("manager", "Reza", email=f"reza-{shop.slug}@example.com"))
    assert ada.get("/branches").status_code == 200
    with database.for_platform("set up", actor) as work:
        add_admin(work, f"reza-{shop.slug}@example.com", "Reza the admin")
    assert ada.get("/branches").headers["location"].startswith("/login")


def test_somebody_of_another_shop_is_nobody_here(ada, user, begin, new_shop, kept, shop):
    other = new_shop("AE")
    elsewhere = user("manager", "Leila", at=other)
    assert begin(ada, elsewhere).status_code == 404
    assert kept(shop) == kept(other) == []


@pytest.mark.parametrize(("state", "status"), [("pending_deletion", 422), ("deleted", 404)])
def test_nobody_acts_in_a_closed_shop(ada, user, begin, superuser, shop, state, status, kept):
    reza = user()
    superuser.execute("UPDATE platform.tenants SET state = %s, version = version + 1 WHERE id = %s", (state, shop.id))
    assert begin(ada, reza).status_code == status
    assert kept(shop) == []


def test_it_ends_when_the_shop_closes(ada, user, begin, superuser, shop):
    begin(ada, user())
    superuser.execute(
        "UPDATE platform.tenants SET state = 'pending_deletion', version = version + 1 WHERE id = %s", (shop.id,)
    )
    assert ada.get("/branches").headers["location"].startswith("/login")


def test_a_suspended_shop_can_be_looked_at_and_left(ada, user, begin, superuser, shop):
    superuser.execute(
        "UPDATE platform.tenants SET state = 'suspended', version = version + 1 WHERE id = %s", (shop.id,)
    )
    assert begin(ada, user("owner")).status_code == 303
    assert ada.get("/branches").status_code == 200
    assert ada.post("/impersonation/leave").status_code == 303
    assert ada.get("/platform/shops").status_code == 200


def test_who_leaves_is_back_with_a_session_that_is_new(ada, user, begin, kept, shop, entries, app):
    before = ada.token
    begin(ada, user("owner", "Mina"))
    acting = ada.token
    answer = ada.post("/impersonation/leave")
    assert answer.headers["location"] == f"/platform/shops/{shop.id}"
    assert ada.get("/platform/shops").status_code == 200
    assert BANNER not in ada.get("/platform/shops").text
    assert len({before.secret, acting.secret, ada.token.secret}) == 3
    [row] = kept(shop)
    assert row.ending == "left"
    assert len(entries("impersonation.leave")) == 1
    for old in (before, acting):
        thief = Browser(app)
        thief.client.cookies.set("goldsmith", old.secret)
        assert thief.get("/platform/shops").headers["location"].startswith("/login")
        assert thief.get("/branches").headers["location"].startswith("/login")


def test_the_old_cookie_opens_nothing_meanwhile(ada, user, begin, app):
    before = ada.token
    begin(ada, user())
    thief = Browser(app)
    thief.client.cookies.set("goldsmith", before.secret)
    assert thief.get("/platform/shops").headers["location"].startswith("/login")
    assert ada.get("/branches").status_code == 200


def test_signing_out_ends_both(ada, user, begin, kept, shop, superuser, entries, database):
    begin(ada, user("owner", "Mina"))
    [row] = kept(shop)
    ada.post("/logout")
    left = superuser.execute(
        "SELECT count(*) FROM platform.sessions WHERE person_id IN (%s, %s)", (row.admin_id, row.person_id)
    ).fetchone()
    assert left == (0,)
    [out] = entries("identity.sign_out")
    assert (out.actor, out.subject) == ("Ada", "Mina")
    with database.for_platform("test", system("scheduler")) as work:
        close_what_is_over(work, work.now)
    [row] = kept(shop)
    assert row.ending == "cut_off"


def test_it_ends_with_every_session_of_the_admin(ada, user, begin, kept, shop, superuser):
    begin(ada, user())
    [row] = kept(shop)
    # As another device does that signs out everywhere.
    superuser.execute("DELETE FROM platform.sessions WHERE person_id = %s", (row.admin_id,))
    assert ada.get("/branches").headers["location"].startswith("/login")


def test_it_ends_when_the_admin_loses_the_right(ada, user, begin, kept, shop, superuser):
    begin(ada, user())
    [row] = kept(shop)
    superuser.execute("DELETE FROM platform.admins WHERE person_id = %s", (row.admin_id,))
    assert ada.get("/branches").headers["location"].startswith("/login")


def test_it_ends_when_the_user_is_let_go(ada, user, begin, signed_in, shop):
    reza = user("employee", "Reza")
    begin(ada, reza)
    assert signed_in(shop, "owner", "Sara").post(f"/users/{reza}/departure").status_code == 303
    assert ada.get("/branches").headers["location"].startswith("/login")


def test_who_has_left_is_not_acted_for(ada, user, begin, signed_in, shop, kept):
    reza = user("employee", "Reza")
    signed_in(shop, "owner", "Sara").post(f"/users/{reza}/departure")
    answer = begin(ada, reza)
    assert answer.status_code == 422
    assert kept(shop) == []


def test_what_ran_out_is_written_down(ada, user, begin, kept, shop, clock, database):
    begin(ada, user())
    clock.advance(timedelta(minutes=20))
    with database.for_platform("test", system("scheduler")) as work:
        close_what_is_over(work, work.now)
        close_what_is_over(work, work.now)
    [row] = kept(shop)
    assert (row.ending, row.ended_at) == ("ran_out", row.until)


def test_none_within_another(ada, user, begin, kept, shop):
    mina, reza = user("owner", "Mina"), user("manager", "Reza")
    begin(ada, mina)
    assert begin(ada, reza).status_code == 404
    assert len(kept(shop)) == 1


def test_an_admin_is_in_one_account_at_a_time(ada, user, begin, app, kept, shop):
    mina, reza = user("owner", "Mina"), user("manager", "Reza")
    begin(ada, mina)
    second = Browser(app)
    second.sign_in(ada.email, PASSWORD)
    begin(second, reza)
    assert second.get("/branches").status_code == 200
    assert ada.get("/branches").headers["location"].startswith("/login")
    assert [row.ending for row in kept(shop)] == ["cut_off", None]


def test_the_same_request_twice_begins_once(ada, user, begin, app, kept, shop):
    mina = user("owner", "Mina")
    again = Browser(app)
    again.client.cookies.set("goldsmith", ada.token.secret)
    begin(ada, mina)
    assert begin(again, mina).headers["location"].startswith("/login")
    assert len(kept(shop)) == 1


def test_only_who_may_begins(signed_in, user, begin, shop, kept, browser):
    mina = user("owner", "Mina")
    assert begin(signed_in(shop, "owner", "Sara"), mina).status_code == 404
    assert begin(browser(), mina).headers["location"].startswith("/login")
    assert kept(shop) == []


def test_who_acts_for_nobody_has_nothing_to_leave(signed_in, shop):
    owner = signed_in(shop, "owner")
    assert "You act in no other account" in owner.get("/impersonation").text
    assert owner.post("/impersonation", because="They asked for it").status_code == 422
    assert owner.post("/impersonation/leave").status_code == 422
    assert owner.get("/branches").status_code == 200


def test_a_change_without_the_sessions_proof_is_refused(ada, user, begin, app):
    begin(ada, user("owner"))
    for path in ("/impersonation", "/impersonation/leave"):
        assert ada.client.post(path, data={"because": "They asked for it"}).status_code == 403
    foreign = {"sec-fetch-site": "cross-site"}
    fields = {"because": "They asked for it", "csrf_token": ada.token.csrf}
    assert ada.client.post("/impersonation", data=fields, headers=foreign).status_code == 403
    assert BANNER in ada.get("/branches").text


@pytest.mark.parametrize("may_change", [False, True])
def test_what_is_theirs_alone_stays_closed(ada, user, begin, may_change):
    reza = user("employee", "Reza")
    begin(ada, user("owner", "Mina"))
    if may_change:
        ada.escalates("They asked for it")
    for path in ("/users/export", "/audit/export", "/account/security", "/account/keys"):
        answer = ada.get(path)
        assert answer.status_code == 403, path
        assert "belongs to the person alone" in answer.text
    closed = {
        "/account/password": {"current": PASSWORD, "password": "x" * 14, "repeated": "x" * 14},
        "/users/roles": {"shown": "x"},
        f"/users/{reza}": {"name": "Reza", "role": "owner"},
        f"/users/{reza}/departure": {},
        "/users/invitations": {"name": "Ali", "email": "ali@example.com", "role": "employee"},
        # Nobody shortens the trail of what they do in somebody’s name, nor notes for them that it was broken.
        "/settings/audit": {"months": "3"},
        "/audit/break/seen": {},
    }
    for path, fields in closed.items():
        assert ada.post(path, **fields).status_code in (403, 405), path
    assert ada.get("/api/v1/branches").status_code in (403, 404)
    assert ada.send("POST", "/api/v1/branches", {"name": "x", "code": "x"}).status_code in (403, 404, 405)


def test_who_wants_to_change_things_proves_to_be_the_admin(ada, user, begin, kept, shop):
    begin(ada, user("owner", "Mina"))
    assert ada.get("/impersonation").headers["location"].startswith("/account/prove")
    assert ada.post("/impersonation", because="They asked for it").headers["location"].startswith("/account/prove")
    # Not by what the user has, whose account it is.
    for shown in ({"password": PASSWORD}, {"code": "000000"}, {}):
        assert ada.post("/account/prove", **shown).status_code in (400, 422)
    assert ada.post("/branches", name="Second", code="second").status_code == 403
    assert kept(shop)[0].escalated_at is None
    assert ada.proves().status_code == 303
    assert ada.get("/impersonation").status_code == 200


def test_who_begins_has_proved_who_they_are(ada, user, begin, clock, kept, shop):
    clock.advance(timedelta(minutes=11))
    assert begin(ada, user("owner", "Mina")).headers["location"].startswith("/platform/account/prove")
    assert kept(shop) == []


def test_parts_of_pages_say_no_as_well(ada, user, begin):
    begin(ada, user("owner"))
    fields = {"name": "Second", "code": "second", "csrf_token": ada.token.csrf}
    part = {"hx-request": "true", "hx-request-type": "partial"}
    assert ada.client.post("/branches", data=fields, headers=part).status_code == 403
    assert "Second" not in ada.get("/branches").text


def test_the_list_says_who_acted_as_whom(ada, user, begin, shop, new_shop, statements):
    begin(ada, user("owner", "Mina"))
    ada.post("/impersonation/leave")
    text = ada.get(f"/platform/impersonations?text={shop.slug}").text
    assert all(word in text for word in ("Ada", "Mina", WHY, "Left", "<bdi>1</bdi> visit<"))
    assert "Mina" not in ada.get(f"/platform/impersonations?text={shop.slug}&state=open").text
    with statements.counted() as one:
        ada.get(f"/platform/impersonations?text={shop.slug}")
    for _more in range(2):
        begin(ada, user("owner", "Mina"))
        ada.post("/impersonation/leave")
    with statements.counted() as three:
        text = ada.get(f"/platform/impersonations?text={shop.slug}").text
    assert len(re.findall("Mina", text)) == 3
    assert "<bdi>3</bdi> visits<" in text
    assert len(one) == len(three)


def test_that_names_of_people_were_looked_at_is_in_the_shops_trail(ada, user, entries, shop):
    user("owner", "Mina")
    assert "Mina" in ada.get(f"/platform/shops/{shop.id}/impersonation").text
    [looked] = entries("impersonation.choose_user")
    assert (looked.actor, looked.actor_kind) == ("Ada", "platform")


def test_work_that_was_begun_for_somebody_stands_under_both_names(
    ada, user, begin, deliver_all, entries, signed_in, shop, monkeypatch
):
    mina = user("owner", "Mina")
    begin(ada, mina)
    ada.escalates()
    # A job that has something to tell: what is checked tells the trail nothing.
    monkeypatch.setattr(audit_actions, "check_shop", lambda uow: uow.record("audit.check"))
    assert ada.post("/audit/check").status_code == 303
    ada.post("/impersonation/leave")
    deliver_all()
    [checked] = entries("audit.check")
    assert (checked.actor_kind, checked.actor, checked.subject, checked.subject_id) == ("system", "Ada", "Mina", mina)
    trail = signed_in(shop, "owner", "Sara").get(f"/audit/{checked.number}").text
    assert "Ada" in trail
    assert "The system" not in trail
