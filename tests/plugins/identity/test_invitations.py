"""Somebody is asked by letter to work in a shop: what they get, who may answer it, and until when."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import select

from kernel import tables
from kernel.clock import SetClock
from kernel.errors import BadInput
from kernel.ids import new_id
from kernel.limits import LimitReached
from kernel.mail import Letter, NotCarried, PostIsClosed
from kernel.tenancy import Actor, ActorKind, Shop
from kernel.uow import Database
from plugins.branches import public as branches
from plugins.identity import public, queries, store
from plugins.identity.actions import accept
from plugins.identity.actions.adjust_roles import adjust_roles
from plugins.identity.actions.hash_password import hash_password
from plugins.identity.actions.invite import invite, invite_again, withdraw
from plugins.identity.actions.let_go import let_go
from plugins.identity.domain.invitation import AlreadyInvited, Invitation, InvitationOver, WasHere, good_until
from plugins.identity.domain.user import AlreadyHere, MoreThanYouMay, Role
from plugins.identity.forms import InvitationForm, RolesForm
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD
from tests.plugins.identity.fakes import POST, KeptLetters

Browsers = Callable[[], Browser]
NewShop = Callable[..., Shop]

NEW = {"name": "Reza Karimi", "password": PASSWORD, "repeated": PASSWORD}


@dataclass(frozen=True, slots=True)
class Inviting:
    """A shop whose owner invites; and the post that carries what they write."""

    database: Database
    shop: Shop
    actor: Actor
    deliver: Callable[..., int]

    def invite(self, email: str = "", role: str = "employee", language: str | None = "en") -> Invitation:
        wanted = {"name": "Reza", "email": email or f"{new_id().hex}@example.com", "role": role, "language": language}
        with self.database.for_shop(self.shop.id, self.actor) as uow:
            return invite(uow, InvitationForm.model_validate({k: v for k, v in wanted.items() if v}))

    def link(self, invitation: Invitation) -> str:
        """What the newest letter leads to, as a path."""
        self.deliver(self.shop)
        letter = POST.to(invitation.email)[-1]
        [link] = re.findall(r"https://gold\.example\.com(\S+)", letter.text)
        assert link in letter.html
        return str(link)

    def people(self) -> list[str]:
        with self.database.for_shop(self.shop.id, self.actor) as uow:
            return [user.name for user in public.users(uow)]

    def now(self, invitation: Invitation) -> Invitation:
        with self.database.for_shop(self.shop.id, self.actor) as uow:
            return queries.invitation(uow, invitation.id)


@pytest.fixture
def inviting(database: Database, shop: Shop, actor: Actor, deliver_all: Callable[..., int]) -> Inviting:
    return Inviting(database, shop, actor, deliver_all)


def test_a_letter_goes_out_in_the_language_of_who_is_asked(inviting: Inviting, shop: Shop):
    english, persian, shops = (inviting.invite(language=language) for language in ("en", "fa", None))
    assert inviting.link(english).startswith(f"/invitations/{shop.id}/")
    assert inviting.link(persian) != inviting.link(shops)
    [letter] = POST.to(english.email)
    assert letter.subject == "Your invitation to IR Gold"
    assert "Sara invites you to work in IR Gold as: Employee." in letter.text
    assert 'lang="en"' in letter.html
    assert [
        each.html.count('<html lang="fa" dir="rtl">') for each in POST.to(persian.email) + POST.to(shops.email)
    ] == [
        1,
        1,
    ]


def test_only_the_hash_of_what_stands_in_the_letter_is_kept_and_nothing_of_it_in_the_trail(
    inviting: Inviting, superuser: psycopg.Connection[Any]
):
    invitation = inviting.invite()
    secret = inviting.link(invitation).rsplit("/", 1)[1]
    assert len(secret) == 43
    [(kept,)] = superuser.execute("SELECT token_hash FROM shop.invitations WHERE id = %s", (invitation.id,)).fetchall()
    assert kept == hashlib.sha256(secret.encode()).digest()
    noted = superuser.execute("SELECT before, after FROM shop.audit_changes WHERE row_key = %s", (str(invitation.id),))
    said = str(noted.fetchall())
    assert invitation.email in said
    assert kept.hex() not in said
    stored = superuser.execute("SELECT payload FROM shop.outbox WHERE tenant_id = %s", (inviting.shop.id,)).fetchall()
    assert secret not in str(stored)


def test_somebody_new_chooses_a_name_and_a_password_and_is_in(inviting: Inviting, browser: Browsers):
    invitation = inviting.invite(role="manager")
    link, visitor = inviting.link(invitation), browser()
    shown = visitor.get(link)
    assert (shown.status_code, shown.headers["referrer-policy"]) == (200, "same-origin")
    assert 'value="Reza"' in shown.text
    answer = visitor.post(f"{link}/account", **NEW)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert visitor.get("/account/password").status_code == 200
    with inviting.database.for_shop(inviting.shop.id, inviting.actor) as uow:
        [user] = public.users(uow)
    assert (user.name, user.email, user.role, user.language) == ("Reza Karimi", invitation.email, Role.MANAGER, "en")
    assert browser().sign_in(invitation.email, PASSWORD).headers["location"] == "/"


def test_later_letters_speak_the_language_they_were_invited_in(
    inviting: Inviting, browser: Browsers, superuser: psycopg.Connection[Any]
):
    invitation = inviting.invite(language="fa")
    assert browser().post(f"{inviting.link(invitation)}/account", **NEW).status_code == 303
    spoken = superuser.execute("SELECT language FROM platform.people WHERE email = %s", (invitation.email,))
    assert spoken.fetchall() == [("fa",)]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"password": "short", "repeated": "short"}, "At least 12 characters"),
        ({"repeated": "something else at all"}, "not the same"),
        ({"password": "reza-karimi-25", "repeated": "reza-karimi-25"}, "too much like"),
        ({"name": ""}, "name"),
    ],
)
def test_what_they_choose_is_looked_at_as_any_password_is(
    inviting: Inviting, browser: Browsers, typed: dict[str, str], sentence: str
):
    link, visitor = inviting.link(inviting.invite()), browser()
    answer = visitor.post(f"{link}/account", **{**NEW, **typed})
    assert answer.status_code == 400
    assert f'action="{link}/account"' in answer.text  # what is typed better is sent to where it can be accepted
    assert sentence in answer.text
    assert "goldsmith" not in visitor.client.cookies
    assert inviting.people() == []
    assert visitor.post(f"{link}/account", **NEW).status_code == 303


def test_a_known_person_signs_in_and_accepts(
    inviting: Inviting, browser: Browsers, new_shop: NewShop, database: Database, actor: Actor
):
    email, home = f"{new_id().hex}@example.com", new_shop("AE")
    with database.for_shop(home.id, actor) as uow:
        known = public.add_user_with_password(uow, public.NewUserForm(name="R", email=email, role="owner"), PASSWORD)
    link, visitor = inviting.link(inviting.invite(email.upper())), browser()
    assert "Sign in with it to accept" in visitor.get(link).text
    refused = visitor.post(f"{link}/account", **NEW)
    assert refused.status_code == 409
    assert "have an account" in refused.text
    assert visitor.post(link).status_code in (303, 401)
    assert inviting.people() == []

    answer = visitor.post("/login", email=email, password=PASSWORD, next=link)
    assert answer.headers["location"] == link
    before = visitor.client.cookies["goldsmith"]
    assert "You stay signed in" in visitor.get(link).text
    assert visitor.post(link).headers["location"] == "/"
    assert visitor.client.cookies["goldsmith"] != before
    me = visitor.get("/api/v1/me").json()
    assert (me["shop"], me["name"], me["id"]) == ("IR Gold", "Reza", str(known.id))
    with database.for_shop(home.id, actor) as uow:
        assert public.users(uow) == [known]


def test_nobody_accepts_what_is_for_another_address(
    inviting: Inviting, new_shop: NewShop, signed_in: Callable[..., Browser]
):
    link, other = inviting.link(inviting.invite()), signed_in(new_shop("AE"))
    for answer in (other.get(link), other.post(link)):
        assert answer.status_code == 403
        assert "This invitation is for" in answer.text
    assert inviting.people() == []


def test_a_wrong_link_is_answered_with_a_sentence(inviting: Inviting, browser: Browsers, new_shop: NewShop):
    link = inviting.link(inviting.invite())
    elsewhere = link.replace(str(inviting.shop.id), str(new_shop().id))
    for wrong in (link[:-1], elsewhere, link.replace(str(inviting.shop.id), str(new_id()))):
        assert browser().get(wrong).status_code == 404
        assert browser().post(f"{wrong}/account", **NEW).status_code == 404
    assert "This link is not good" in browser().get(elsewhere).text
    assert inviting.people() == []


def test_a_link_that_was_used_opens_nothing_any_more(inviting: Inviting, browser: Browsers):
    link = inviting.link(inviting.invite())
    browser().post(f"{link}/account", **NEW)
    assert (browser().get(link).status_code, "accepted already" in browser().get(link).text) == (410, True)
    stranger = browser()
    assert stranger.post(f"{link}/account", **NEW).headers["location"] == "/"
    assert stranger.get("/").headers["location"] == "/login?next=/"
    assert inviting.people() == ["Reza Karimi"]


def test_a_second_click_goes_on_to_where_the_first_one_led(
    inviting: Inviting, browser: Browsers, new_shop: NewShop, database: Database, actor: Actor
):
    link, visitor = inviting.link(inviting.invite()), browser()
    for _click in range(2):
        answer = visitor.post(f"{link}/account", **NEW)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "The invitation is accepted." in visitor.get("/").text

    email = f"{new_id().hex}@example.com"
    with database.for_shop(new_shop("AE").id, actor) as uow:
        public.add_user_with_password(uow, public.NewUserForm(name="R", email=email, role="owner"), PASSWORD)
    known, twin = browser(), browser()
    known.sign_in(email, PASSWORD)
    twin.client.cookies["goldsmith"] = known.client.cookies["goldsmith"]
    link = inviting.link(inviting.invite(email))
    assert [each.post(link).headers["location"] for each in (known, twin)] == ["/", "/"]
    assert known.get("/api/v1/me").json()["shop"] == "IR Gold"
    assert inviting.people() == ["Reza", "Reza Karimi"]


def test_a_second_click_may_come_while_the_first_one_is_at_it(
    inviting: Inviting, browser: Browsers, monkeypatch: pytest.MonkeyPatch
):
    link, first, second = inviting.link(inviting.invite()), browser(), browser()
    really, answers = hash_password, []

    def overtaken(password: str) -> str:
        monkeypatch.setattr(accept, "hash_password", really)
        answers.append(first.post(f"{link}/account", **NEW))
        return really(password)

    monkeypatch.setattr(accept, "hash_password", overtaken)
    answers.append(second.post(f"{link}/account", **NEW))
    assert [(answer.status_code, answer.headers["location"]) for answer in answers] == [(303, "/")] * 2
    assert inviting.people() == ["Reza Karimi"]


def test_the_page_speaks_the_language_of_the_invitation(inviting: Inviting, browser: Browsers):
    link = inviting.link(inviting.invite(language="fa"))
    visitor = browser()  # which asks for English
    assert '<html lang="fa" dir="rtl"' in visitor.get(link).text
    refused = visitor.post(f"{link}/account", **{**NEW, "repeated": "something else at all"})
    assert '<html lang="fa" dir="rtl"' in refused.text
    assert '<html lang="fa" dir="rtl"' in visitor.get("/login").text  # and so do refusals, and what comes next

    chose = browser()
    chose.post("/preferences", language="en")
    assert '<html lang="en"' in chose.get(link).text
    assert '<html lang="fa" dir="rtl"' in browser().get(inviting.link(inviting.invite(language=None))).text


def test_whoever_has_joined_can_sign_in_whatever_breaks_off(
    inviting: Inviting,
    browser: Browsers,
    new_shop: NewShop,
    database: Database,
    actor: Actor,
    monkeypatch: pytest.MonkeyPatch,
):
    """Also with an account that opens nothing any more, whose password they do not know."""
    email, before = f"{new_id().hex}@example.com", new_shop("AE")
    with database.for_shop(before.id, actor) as uow:
        known = public.add_user_with_password(uow, public.NewUserForm(name="R", email=email, role="owner"), "forgotten")
        public.add_user(uow, public.NewUserForm(name="O", email=f"{new_id().hex}@example.com", role="owner"))
        let_go(uow, known.id)
    link = inviting.link(inviting.invite(email))

    def broken(*_any: Any) -> None:
        raise RuntimeError("the machine stops here")

    for step in ("find_or_add_person", "open_session"):
        with monkeypatch.context() as patched:
            patched.setattr(store, step, broken)
            assert browser().post(f"{link}/account", **NEW).status_code == 500
            assert inviting.people() == ([] if step == "find_or_add_person" else ["Reza Karimi"])
    visitor = browser()
    assert visitor.sign_in(email, PASSWORD).headers["location"] == "/"
    assert visitor.get("/api/v1/me").json()["id"] == str(known.id)


def test_a_withdrawn_invitation_is_none(inviting: Inviting, browser: Browsers):
    invitation = inviting.invite()
    link = inviting.link(invitation)
    with inviting.database.for_shop(inviting.shop.id, inviting.actor) as uow:
        withdraw(uow, invitation.id)
    with pytest.raises(InvitationOver), inviting.database.for_shop(inviting.shop.id, inviting.actor) as uow:
        withdraw(uow, invitation.id)
    answer = browser().post(f"{link}/account", **NEW)
    assert (answer.status_code, "withdrawn" in answer.text) == (410, True)
    assert inviting.people() == []


def test_it_is_good_until_the_seventh_day_ends_where_the_shop_is(
    inviting: Inviting, browser: Browsers, clock: SetClock
):
    # 09:00 UTC on the 2nd is noon in Tehran; the 9th ends there at 20:30 UTC.
    assert good_until(clock.now(), "Asia/Tehran") == datetime(2025, 6, 9, 20, 30, tzinfo=UTC)
    invitation = inviting.invite()
    link = inviting.link(invitation)
    clock.at = invitation.expires_at - timedelta(seconds=1)
    assert browser().get(link).status_code == 200
    clock.at = invitation.expires_at
    for answer in (browser().get(link), browser().post(f"{link}/account", **NEW)):
        assert answer.status_code == 410
        assert "has expired. Please ask Sara" in answer.text
    assert inviting.people() == []


def test_another_letter_replaces_the_one_before_and_is_good_as_long_as_a_new_one(
    inviting: Inviting, browser: Browsers, clock: SetClock
):
    invitation = inviting.invite()
    first = inviting.link(invitation)
    clock.at = invitation.expires_at + timedelta(days=1)
    with inviting.database.for_shop(inviting.shop.id, inviting.actor) as uow:
        invite_again(uow, invitation.id)
    second = inviting.link(invitation)
    assert inviting.now(invitation).expires_at == good_until(clock.now(), "Asia/Tehran")
    assert browser().get(first).status_code == 404
    assert browser().post(f"{second}/account", **NEW).status_code == 303


def test_a_letter_that_is_sent_twice_at_once_leaves_once(inviting: Inviting):
    invitation = inviting.invite()
    with inviting.database.for_shop(inviting.shop.id, inviting.actor) as uow:
        invite_again(uow, invitation.id)
    inviting.deliver(inviting.shop)
    assert len(POST.to(invitation.email)) == 1


def test_a_letter_that_nobody_takes_is_shown_as_such(inviting: Inviting, monkeypatch: pytest.MonkeyPatch):
    invitation = inviting.invite()
    monkeypatch.setattr(POST, "refuse", NotCarried())
    inviting.deliver(inviting.shop)
    assert inviting.now(invitation).undelivered_at is not None


def test_while_the_post_is_closed_the_letter_waits(inviting: Inviting, monkeypatch: pytest.MonkeyPatch):
    invitation, tries = inviting.invite(), []

    def closed_once(letter: Letter) -> None:
        tries.append(letter)
        if len(tries) == 1:
            raise PostIsClosed
        KeptLetters.send(POST, letter)

    monkeypatch.setattr(POST, "send", closed_once)
    assert inviting.link(invitation) in tries[1].text
    assert len(POST.to(invitation.email)) == 1


def test_accepting_twice_at_once_makes_one_user(inviting: Inviting, browser: Browsers):
    link = inviting.link(inviting.invite())
    visitors = [browser(), browser()]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda visitor: visitor.post(f"{link}/account", **NEW).status_code, visitors))
    assert answers == [303, 303]
    assert sum("goldsmith" in visitor.client.cookies for visitor in visitors) == 1
    assert inviting.people() == ["Reza Karimi"]


def test_a_full_plan_invites_nobody_and_takes_nobody_in(
    inviting: Inviting, browser: Browsers, new_shop: NewShop, database: Database, actor: Actor
):
    small = replace(inviting, shop=new_shop(plan="small"))
    invitation = small.invite()
    link = small.link(invitation)
    with database.for_shop(small.shop.id, actor) as uow:
        for _each in range(2):
            public.add_user(uow, public.NewUserForm(name="X", email=f"{new_id().hex}@example.com", role="employee"))
    with pytest.raises(LimitReached):
        small.invite()
    with pytest.raises(LimitReached), database.for_shop(small.shop.id, actor) as uow:
        invite_again(uow, invitation.id)
    answer = browser().post(f"{link}/account", **NEW)
    assert answer.status_code == 422
    assert "Your plan includes 2 users" in answer.text
    assert small.people() == ["X", "X"]
    assert small.now(invitation).is_open
    assert browser().sign_in(invitation.email, PASSWORD).status_code == 422


def test_one_invitation_at_a_time_for_an_address_however_it_is_written(inviting: Inviting, clock: SetClock):
    first = inviting.invite()
    with pytest.raises(AlreadyInvited):
        inviting.invite(first.email.upper())
    clock.at = first.expires_at
    second = inviting.invite(first.email)
    with inviting.database.for_shop(inviting.shop.id, inviting.actor) as uow:
        assert queries.open_invitations(uow) == [second]


def test_two_invitations_at_once_for_an_address_make_one(inviting: Inviting):
    email = f"{new_id().hex}@example.com"

    def asked(_number: int) -> str:
        try:
            inviting.invite(email)
        except AlreadyInvited:
            return "refused"
        return "invited"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(asked, range(2))) == ["invited", "refused"]


def test_who_works_here_or_did_is_not_invited(inviting: Inviting):
    with inviting.database.for_shop(inviting.shop.id, inviting.actor) as uow:
        form = public.NewUserForm(name="Mina", email=f"{new_id().hex}@example.com", role="employee")
        mina = public.add_user(uow, form).user
    with pytest.raises(AlreadyHere):
        inviting.invite(mina.email.upper())
    with inviting.database.for_shop(inviting.shop.id, inviting.actor) as uow:
        let_go(uow, mina.id)
    with pytest.raises(WasHere, match="Mina worked here before"):
        inviting.invite(mina.email)


def test_who_was_let_go_elsewhere_begins_anew_with_the_same_account(
    inviting: Inviting, browser: Browsers, new_shop: NewShop, database: Database, actor: Actor
):
    email, old = f"{new_id().hex}@example.com", new_shop("AE")
    with database.for_shop(old.id, actor) as uow:
        known = public.add_user_with_password(
            uow, public.NewUserForm(name="R", email=email, role="employee"), "what-it-was-before-77"
        )
        let_go(uow, known.id)
    link, visitor = inviting.link(inviting.invite(email)), browser()
    assert visitor.post(f"{link}/account", **NEW).headers["location"] == "/"
    assert visitor.get("/api/v1/me").json()["id"] == str(known.id)
    assert browser().sign_in(email, "what-it-was-before-77").status_code == 422
    assert browser().sign_in(email, PASSWORD).status_code == 303


def test_nobody_invites_to_more_than_they_may_themselves(
    inviting: Inviting, database: Database, shop: Shop, actor: Actor
):
    with database.for_shop(shop.id, actor) as uow:
        adjust_roles(uow, RolesForm(shown=("identity.edit_users",), manager=("identity.edit_users",)))
    may = frozenset(
        given.value.name for given in database.plugins.given("permissions") if "manager" in given.value.roles
    )
    manager = replace(inviting, actor=Actor(ActorKind.PERSON, new_id(), "Mina", may | {"identity.edit_users"}))
    with pytest.raises(MoreThanYouMay):
        manager.invite(role="owner")
    assert manager.invite(role="employee").role is Role.EMPLOYEE
    owner = inviting.invite(role="owner")
    for change in (invite_again, withdraw):
        with pytest.raises(MoreThanYouMay), database.for_shop(shop.id, manager.actor) as uow:
            change(uow, owner.id)


def test_who_is_invited_to_one_branch_sees_that_one_only(
    inviting: Inviting, browser: Browsers, database: Database, shop: Shop, actor: Actor, new_shop: NewShop
):
    with database.for_shop(shop.id, actor) as uow:
        [main] = branches.branches(uow)
    with database.for_shop(new_shop().id, actor) as uow:
        [strange] = branches.branches(uow)
    form = {"name": "Reza", "email": f"{new_id().hex}@example.com", "role": "employee"}
    for wrong in (strange.id, new_id()):
        with pytest.raises(BadInput), database.for_shop(shop.id, actor) as uow:
            invite(uow, InvitationForm.model_validate({**form, "branches": [wrong]}))
    with database.for_shop(shop.id, actor) as uow:
        asked = invite(uow, InvitationForm.model_validate({**form, "branches": [main.id]}))
    assert asked.branches == frozenset({main.id})
    browser().post(f"{inviting.link(asked)}/account", **NEW)
    with database.for_shop(shop.id, actor) as uow:
        [reza] = public.users(uow)
    assert reza.branches == frozenset({main.id})


def test_a_shop_that_may_change_nothing_takes_nobody_in(
    inviting: Inviting, browser: Browsers, superuser: psycopg.Connection[Any]
):
    link = inviting.link(inviting.invite())
    superuser.execute(
        "UPDATE platform.tenants SET state = 'suspended', version = version + 1 WHERE id = %s", (inviting.shop.id,)
    )
    answer = browser().post(f"{link}/account", **NEW)
    assert (answer.status_code, "takes nobody in" in answer.text) == (410, True)


def test_the_first_owner_of_a_new_shop_is_invited_by_the_platform(inviting: Inviting, browser: Browsers):
    platform = Actor(ActorKind.PLATFORM, new_id(), "Ada")
    with inviting.database.for_shop(inviting.shop.id, platform) as uow:
        invitation = public.invite_owner(uow, f"{new_id().hex}@example.com", "Sara", "en")
    assert (invitation.role, invitation.invited_by) == (Role.OWNER, "Ada")
    assert browser().post(f"{inviting.link(invitation)}/account", **NEW).status_code == 303


def test_each_step_is_in_the_trail_under_the_name_of_who_took_it(
    inviting: Inviting,
    browser: Browsers,
    signed_in: Callable[..., Browser],
    database: Database,
    shop: Shop,
    actor: Actor,
):
    owner, email = signed_in(shop), f"{new_id().hex}@example.com"
    answer = owner.post("/users/invitations", name="Reza", email=email, role="employee", language="en")
    assert answer.headers["location"] == "/users/invitations"
    page = owner.get("/users/invitations").text
    assert email in page
    [invitation] = re.findall(r"/users/invitations/([0-9a-f-]{36})/letter", page)
    inviting.deliver(shop)
    owner.post(f"/users/invitations/{invitation}/letter")
    with database.for_shop(shop.id, actor) as uow:
        asked = queries.invitation(uow, invitation)
    browser().post(f"{inviting.link(asked)}/account", **NEW)
    entries = select(tables.audit_entries.c.action, tables.audit_entries.c.actor).order_by(
        tables.audit_entries.c.number
    )
    with database.for_shop(shop.id, actor) as uow:
        told = [tuple(row) for row in uow.execute(entries) if row.action.startswith("identity.")]
    assert [one for one in told if "invit" in one[0] or "account" in one[0]] == [
        ("identity.invite_person", "Sara"),
        ("identity.send_invitation", "worker"),
        ("identity.invite_again", "Sara"),
        ("identity.send_invitation", "worker"),
        ("identity.accept_with_new_account", "Reza Karimi"),
    ]
