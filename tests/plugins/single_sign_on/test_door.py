"""People of a shop come in by the provider that its owner chose, and nobody else does."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from kernel.events import PluginDisabled, PluginEnabled
from kernel.ids import new_id
from kernel.tables import audit_entries
from plugins.identity.actions import tell
from plugins.identity.public import NewUserForm, Token, add_admin, add_user_with_password, give_app
from plugins.identity.tables import letters, people
from plugins.single_sign_on.domain import AWAY
from plugins.single_sign_on.handlers import close_own_ways_again, open_own_ways
from plugins.single_sign_on.tables import identity_links, identity_providers
from tests.plugins.conftest import PASSWORD
from tests.plugins.identity.fakes import POST, SAFE
from tests.plugins.single_sign_on.conftest import SECRET, asked, comes, parts, said
from tests.plugins.single_sign_on.fakes import PROVIDERS


@pytest.fixture
def works_here(database, shop, actor):
    """Somebody who works in the shop and has a password: `works_here("mina@gold.example")`."""

    def add(email, role="employee", name="Mina", at=shop):
        with database.for_shop(at.id, actor) as uow:
            form = NewUserForm.model_validate({"name": name, "email": email, "role": role})
            return add_user_with_password(uow, form, PASSWORD).id

    return add


@pytest.fixture
def signed_in_as(browser):
    def enter(email):
        visitor = browser()
        visitor.sign_in(email, PASSWORD)
        return visitor

    return enter


@pytest.fixture
def entries(database, shop, actor):
    def read(action):
        with database.for_shop(shop.id, actor, read_only=True) as uow:
            found = select(audit_entries).where(audit_entries.c.action == action).order_by(audit_entries.c.number)
            return uow.execute(found).all()

    return read


def is_in(browser):
    return browser.get("/branches").status_code == 200


def test_a_newcomer_comes_in_as_what_the_owner_chose(shop, set_up, person, browser, entries):
    owner = set_up(shop, newcomers="employee")
    mina, visitor = person("mina"), browser()
    answer = comes(visitor, shop, mina, next="/branches")
    assert (answer.status_code, answer.headers["location"]) == (303, "/branches")
    assert is_in(visitor)
    assert mina.email in owner.get("/users").text
    assert visitor.get("/users/roles").status_code == 403
    entry = entries("identity.sign_in")[-1]
    assert (entry.outcome, entry.actor, entry.details["proof"]) == ("done", mina.name.title(), "single_sign_on")
    again = browser()
    assert comes(again, shop, mina).status_code == 303
    assert is_in(again)


def test_the_session_is_good_in_this_shop_only(shop, new_shop, set_up, person, browser, works_here, superuser):
    set_up(shop)
    mina, visitor = person("mina"), browser()
    comes(visitor, shop, mina)
    other = new_shop("AE")
    # As if they had been invited there, and accepted.
    [user] = superuser.execute("SELECT id FROM platform.people WHERE email = %s", (mina.email,)).fetchone()
    superuser.execute(
        "INSERT INTO shop.users (tenant_id, id, name, role, since) VALUES (%s, %s, 'Mina', 'owner', now())",
        (other.id, user),
    )
    assert other.name not in said(visitor.get("/account/shops")) or other.name == shop.name
    assert visitor.post("/account/shops", shop=str(other.id)).status_code >= 400
    assert is_in(visitor)


def test_it_neither_sees_nor_ends_what_is_open_elsewhere(
    shop, new_shop, set_up, person, browser, works_here, signed_in_as, superuser
):
    """A provider vouches in its own shop; whoever runs it must not learn from where, and turn out, somebody works
    elsewhere."""
    set_up(shop)
    mina, other, visitor = person("mina"), new_shop("AE"), browser()
    user = works_here(mina.email)
    at_home = signed_in_as(mina.email)
    comes(at_home, shop, mina, "link")
    elsewhere = signed_in_as(mina.email)
    [session] = superuser.execute(
        "UPDATE platform.sessions SET tenant_id = %s WHERE token_hash = %s RETURNING id",
        (other.id, Token(elsewhere.token.secret).hash),
    ).fetchone()
    superuser.execute(
        "INSERT INTO shop.users (tenant_id, id, name, role, since) VALUES (%s, %s, 'Mina', 'owner', now())",
        (other.id, user),
    )
    comes(visitor, shop, mina)
    shown = visitor.get("/account/sessions").text
    assert (at_home.address in shown, elsewhere.address in shown) == (True, False)
    assert visitor.post(f"/account/sessions/{session}/end").status_code == 404
    visitor.post("/account/sessions/end-all")
    assert [is_in(each) for each in (visitor, at_home, elsewhere)] == [False, False, True]


def test_a_provider_of_one_shop_opens_no_other(shop, new_shop, set_up, person, browser):
    other = new_shop("AE")
    set_up(shop)
    set_up(other)
    mina, visitor = person("mina"), browser()
    back = mina.goes_to(asked(visitor, shop))
    # The same answer, at the address of the other shop.
    answer = visitor.get(back.replace(f"/sign-in/{shop.slug}/", f"/sign-in/{other.slug}/"))
    assert answer.status_code == 422
    assert not is_in(visitor)


def test_nobody_new_comes_in_where_people_are_invited(shop, set_up, person, browser, entries, superuser):
    set_up(shop, newcomers="nobody")
    mina, visitor = person("mina"), browser()
    answer = comes(visitor, shop, mina)
    assert answer.status_code == 422
    assert "ask the owner for an invitation" in said(answer)
    assert not is_in(visitor)
    assert superuser.execute("SELECT count(*) FROM platform.people WHERE email = %s", (mina.email,)).fetchone() == (0,)
    entry = entries("identity.sign_in")[-1]
    assert (entry.outcome, entry.details["because"]) == ("refused", "not_invited")


@pytest.mark.parametrize("verified", ["false", "", "no"])
def test_an_address_that_the_provider_has_not_verified_opens_nothing(shop, set_up, person, browser, verified):
    set_up(shop)
    visitor = browser()
    answer = comes(visitor, shop, person("mina", verified=verified))
    assert "has not verified your e-mail address" in said(answer)
    assert not is_in(visitor)


def test_other_domains_stay_outside(shop, set_up, person, browser):
    set_up(shop, domains="gold.example, silver.example")
    for email in (f"m-{new_id().hex}@evil.example", f"m-{new_id().hex}@gold.example.evil.example"):
        visitor = browser()
        assert "does not take people with this e-mail address" in said(comes(visitor, shop, person(email=email)))
        assert not is_in(visitor)


def test_an_account_that_is_there_already_is_linked_by_who_has_it(
    shop, set_up, person, browser, works_here, signed_in_as, entries
):
    set_up(shop)
    mina = person("mina")
    user = works_here(mina.email)
    visitor = browser()
    answer = comes(visitor, shop, mina)
    assert answer.status_code == 422
    assert "You have an account here already" in said(answer)
    assert not is_in(visitor)
    at_home = signed_in_as(mina.email)
    assert "Link my account" in at_home.get("/account/single-sign-on").text
    assert comes(at_home, shop, mina, "link").headers["location"] == "/account/single-sign-on"
    assert mina.email in at_home.get("/account/single-sign-on").text
    assert comes(visitor, shop, mina).status_code == 303
    assert is_in(visitor)
    assert entries("identity.sign_in")[-1].actor_id == user
    assert entries("single_sign_on.link")[-1].actor_id == user


def test_each_account_of_the_provider_is_one_persons(shop, set_up, person, works_here, signed_in_as):
    set_up(shop)
    mina, omid = person("mina"), person("omid")
    works_here(mina.email, name="Mina")
    works_here(omid.email, name="Omid")
    comes(signed_in_as(mina.email), shop, mina, "link")
    thief = signed_in_as(omid.email)
    assert "belongs to somebody else" in said(comes(thief, shop, mina, "link"))
    assert "Link my account" in thief.get("/account/single-sign-on").text


def test_a_link_is_made_by_who_began_it(shop, set_up, person, works_here, signed_in_as, browser):
    """Somebody who is brought to an answer that a stranger began gives nothing away."""
    set_up(shop)
    mina, omid = person("mina"), person("omid")
    works_here(mina.email, name="Mina")
    works_here(omid.email, name="Omid")
    thief, victim = signed_in_as(omid.email), signed_in_as(mina.email)
    back = omid.goes_to(asked(thief, shop, "link"))
    assert victim.get(back).status_code == 422
    victim.client.cookies.set("sign-in", thief.client.cookies["sign-in"])
    assert "You are not signed in as before" in said(victim.get(back))
    assert "Link my account" in victim.get("/account/single-sign-on").text
    assert browser().get(f"/sign-in/{shop.slug}/go?purpose=link").status_code == 422


def test_whoever_finds_a_session_open_links_nothing_to_it(shop, set_up, person, works_here, signed_in_as, clock):
    set_up(shop)
    mina = person("mina")
    works_here(mina.email)
    at_the_till = signed_in_as(mina.email)
    clock.advance(timedelta(minutes=11))
    asked_first = at_the_till.get(f"/sign-in/{shop.slug}/go?purpose=link")
    assert asked_first.headers["location"] == "/account/prove?next=/account/single-sign-on"
    proved = at_the_till.post("/account/prove", password=PASSWORD, next="/account/single-sign-on")
    assert proved.headers["location"] == "/account/single-sign-on"
    assert comes(at_the_till, shop, mina, "link").headers["location"] == "/account/single-sign-on"


@pytest.fixture
def owner_by_provider(shop, set_up, person, browser):
    """A newcomer who was made an owner since: they have neither a password nor a factor."""

    def enter(name="mina"):
        owner, who, visitor = set_up(shop), person(name), browser()
        comes(visitor, shop, who)
        user = visitor.get("/api/v1/me").json()["id"]
        assert owner.post(f"/users/{user}", name=name.title(), role="owner").status_code == 303
        return who, visitor

    return enter


def invites(visitor):
    return visitor.post("/users/invitations", name="Nora", email=f"{new_id().hex}@example.com", role="employee")


def test_who_came_in_by_the_provider_shows_there_once_more_who_they_are(shop, owner_by_provider, entries, clock):
    mina, visitor = owner_by_provider()
    assert invites(visitor).headers["location"] == "/account/prove?next=/"
    page = visitor.get("/account/prove?next=/users/new").text
    [go] = re.findall(r'href="(/sign-in/[^"]+purpose=prove[^"]*)"', page)
    assert "Continue with Canaille" in page
    sent = visitor.get(go.replace("&amp;", "&")).headers["location"]
    assert (parts(sent)["prompt"], parts(sent)["max_age"]) == ("login", "600")
    before = visitor.token.secret
    back = visitor.get(mina.goes_to(sent))
    assert (back.status_code, back.headers["location"]) == (303, "/users/new")
    assert mina.asked_for_password == 2
    assert visitor.token.secret != before
    assert invites(visitor).headers["location"] == "/users/invitations"
    assert entries("identity.prove")[-1].details == {"proof": "single_sign_on"}
    clock.advance(timedelta(minutes=11))
    assert invites(visitor).headers["location"] == "/account/prove?next=/"


def test_the_word_of_a_provider_opens_nothing_of_ones_own(shop, owner_by_provider):
    """A passkey, an app or a password opens all the shops somebody works in, and not only that of this provider."""
    mina, visitor = owner_by_provider()
    comes(visitor, shop, mina, "prove")
    assert invites(visitor).headers["location"] == "/users/invitations"
    for path in ("/account/security/app", "/account/security/passkeys/new", "/account/password"):
        page = visitor.get(path)
        assert (page.status_code, "sign in with something of your own" in said(page)) == (403, True)


def test_a_key_for_a_program_is_nothing_that_a_provider_vouches_for(shop, owner_by_provider):
    """It would outlive the provider's word."""
    mina, visitor = owner_by_provider()
    comes(visitor, shop, mina, "prove")
    assert "its word is not enough for this" in said(visitor.get("/account/keys"))
    made = visitor.post("/account/keys", name="Scale", days="90", **{"scopes[]": "pos.see"})
    assert (made.status_code, "sign in with something of your own" in said(made)) == (403, True)


def test_whoever_runs_a_shops_provider_tries_nothing_that_is_somebodys_own(
    shop, new_shop, set_up, person, works_here, browser, database, actor, superuser
):
    """Neither do they find out a code or a password, nor lock anybody out of their other shops by trying."""
    mina, home = person("mina"), new_shop("AE", name="Home")
    user = works_here(mina.email, at=home)
    seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    with database.for_platform("set up", actor) as work:
        give_app(work, SAFE, mina.email, seed)
    superuser.execute(
        "INSERT INTO shop.users (tenant_id, id, name, role, since) VALUES (%s, %s, 'Mina', 'employee', now())",
        (shop.id, user),
    )
    set_up(shop, own_ways=None)
    for _each in range(3):
        visitor = browser()
        comes(visitor, shop, mina)
        page = visitor.get("/account/prove").text
        assert ('name="code"' in page, 'name="password"' in page, "purpose=prove" in page) == (False, False, True)
        for tried in ({"code": "000000"}, {"password": PASSWORD}) * 3:
            refused = visitor.post("/account/prove", next="/", **tried)
            assert (refused.status_code, "its word is not enough for this" in said(refused)) == (403, True)
    at_home = browser()
    at_home.sign_in(mina.email, PASSWORD)
    code = pyotp.TOTP(seed).at(database.clock.now())
    assert at_home.post("/login/code", code=code).status_code == 303
    assert at_home.get("/api/v1/me").json()["shop"] == "Home"


def test_who_came_by_the_provider_links_no_other_account(shop, owner_by_provider):
    _mina, visitor = owner_by_provider()
    page = visitor.get(f"/sign-in/{shop.slug}/go?purpose=link")
    assert (page.status_code, "its word is not enough for this" in said(page)) == (403, True)


def test_a_provider_that_does_not_ask_anew_proves_nothing(shop, owner_by_provider, monkeypatch, entries):
    mina, visitor = owner_by_provider()
    lenient = asked(visitor, shop, "prove", "/users/new").replace("&prompt=login", "")
    back = mina.goes_to(lenient)
    assert mina.asked_for_password == 1
    really = time.time
    monkeypatch.setattr(PROVIDERS, "_now", lambda: really() + 300)  # they signed in five minutes ago
    answer = visitor.get(back)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/prove?next=/users/new")
    assert "sign in with something of your own" in said(visitor.get("/account/prove"))
    assert invites(visitor).headers["location"] == "/account/prove?next=/"
    refused = entries("identity.prove")[-1]
    assert (refused.outcome, refused.details["because"]) == ("refused", "not_asked_anew")


def test_nobody_else_vouches_for_who_is_signed_in(shop, owner_by_provider, person, signed_in_as, works_here, browser):
    _mina, visitor = owner_by_provider()
    omid = person("omid")
    assert "You are not signed in as before" in said(comes(visitor, shop, omid, "prove"))
    assert invites(visitor).headers["location"] == "/account/prove?next=/"
    # Who came in by what is their own shows that again.
    works_here(omid.email, role="owner", name="Omid")
    at_home = signed_in_as(omid.email)
    comes(at_home, shop, omid, "link")
    assert comes(at_home, shop, omid, "prove").status_code == 422
    assert browser().get(f"/sign-in/{shop.slug}/go?purpose=prove").status_code == 422


def test_who_has_no_password_chooses_one_by_letter_where_passwords_are_closed(
    shop, set_up, person, browser, database, actor
):
    set_up(shop, own_ways=None)
    mina, visitor = person("mina"), browser()
    comes(visitor, shop, mina)
    assert "you choose one by e-mail" in visitor.get("/account/prove").text
    visitor.post("/forgot", email=mina.email)
    tell.wait()
    with database.for_platform("who waits", actor, read_only=True) as work:
        waiting = select(letters.c.about).join(people, people.c.id == letters.c.person_id)
        assert work.execute(waiting.where(people.c.email == mina.email)).scalars().all() == ["reset"]


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("purpose", ["enter", "prove", "link", "try"])
def test_no_other_site_sends_its_visitors_to_a_provider(shop, set_up, site, purpose):
    """They would come back signed in as somebody of the attacker's, or linked to them."""
    owner = set_up(shop)
    sent = owner.get(f"/sign-in/{shop.slug}/go?purpose={purpose}", headers={"sec-fetch-site": site})
    assert (sent.status_code, sent.headers["location"]) == (303, f"/sign-in/{shop.slug}")
    assert "sign-in" not in owner.client.cookies
    here = owner.get(f"/sign-in/{shop.slug}/go?purpose={purpose}", headers={"sec-fetch-site": "same-origin"})
    assert here.headers["location"].startswith("http://localhost:")


def test_a_link_can_be_taken_away(shop, set_up, person, works_here, signed_in_as, browser):
    set_up(shop)
    mina = person("mina")
    works_here(mina.email)
    at_home = signed_in_as(mina.email)
    comes(at_home, shop, mina, "link")
    assert at_home.post("/account/single-sign-on/end").status_code == 303
    visitor = browser()
    assert comes(visitor, shop, mina).status_code == 422
    assert not is_in(visitor)


def test_who_was_let_go_does_not_come_in(shop, set_up, person, browser, superuser):
    owner = set_up(shop)
    mina, visitor = person("mina"), browser()
    comes(visitor, shop, mina)
    [user] = superuser.execute("SELECT id FROM platform.people WHERE email = %s", (mina.email,)).fetchone()
    assert owner.post(f"/users/{user}/departure").status_code == 303
    assert not is_in(visitor)
    again = browser()
    assert "ask the owner for an invitation" in said(comes(again, shop, mina))
    assert not is_in(again)


def test_who_runs_the_installation_never_comes_this_way(shop, set_up, person, browser, database, actor, works_here):
    set_up(shop)
    newcomer, mina = person("ada"), person("mina")
    with database.for_platform("set up", actor) as work:
        add_admin(work, newcomer.email, "Ada", PASSWORD)
    visitor = browser()
    assert comes(visitor, shop, newcomer).status_code == 422
    assert not is_in(visitor)
    comes(visitor, shop, mina)
    assert is_in(visitor)
    with database.for_platform("set up", actor) as work:
        add_admin(work, mina.email, "Mina", PASSWORD)
    again = browser()
    assert "You cannot sign in this way" in said(comes(again, shop, mina))
    assert not is_in(again)


def test_nobody_links_the_account_of_who_runs_the_installation(
    shop, set_up, person, browser, database, actor, works_here
):
    mina = person("mina")
    works_here(mina.email)
    with database.for_platform("set up", actor) as work:
        add_admin(work, mina.email, "Mina", PASSWORD)
    set_up(shop, own_ways=None)
    assert "You cannot sign in this way" in said(comes(browser(), shop, mina))
    with database.for_shop(shop.id, actor, read_only=True) as uow:
        assert uow.execute(select(identity_links)).all() == []


def test_somebody_who_works_elsewhere_is_not_taken_over(shop, new_shop, set_up, person, browser, works_here, superuser):
    set_up(shop)
    mina = person("mina")
    works_here(mina.email, at=new_shop("AE"))
    visitor = browser()
    assert "ask the owner for an invitation" in said(comes(visitor, shop, mina))
    assert not is_in(visitor)
    assert superuser.execute("SELECT count(*) FROM shop.users WHERE tenant_id = %s", (shop.id,)).fetchone() == (1,)


def test_the_same_answer_counts_once(shop, set_up, person, browser):
    set_up(shop)
    mina, visitor = person("mina"), browser()
    address = asked(visitor, shop)
    carried = visitor.client.cookies["sign-in"]
    back = mina.goes_to(address)
    assert visitor.get(back).status_code == 303
    thief = browser()
    thief.client.cookies.set("sign-in", carried)
    answer = thief.get(back)
    assert (answer.status_code, "Please begin again" in said(answer)) == (422, True)
    assert not is_in(thief)


def test_an_answer_belongs_to_the_browser_that_asked(shop, set_up, person, browser):
    set_up(shop)
    mina, visitor, other = person("mina"), browser(), browser()
    back = mina.goes_to(asked(visitor, shop))
    assert other.get(back).status_code == 422
    asked(other, shop)
    assert other.get(back).status_code == 422
    assert not is_in(other)


@pytest.mark.parametrize(
    "query", ["", "?state=&code=", "?state=x&code=x", "?code=x", "?error=access_denied&state=x", "?state=%00"]
)
def test_what_nobody_asked_for_is_no_answer(shop, set_up, browser, query):
    set_up(shop)
    visitor = browser()
    asked(visitor, shop)
    assert visitor.get(f"/sign-in/{shop.slug}/answer{query}").status_code in (400, 422)
    assert not is_in(visitor)


def test_a_carried_attempt_cannot_be_changed(shop, set_up, person, browser):
    set_up(shop)
    mina, visitor = person("mina"), browser()
    back = mina.goes_to(asked(visitor, shop))
    carried = visitor.client.cookies["sign-in"]
    for forged in (carried[:-4] + "AAA=", "AAAA", "", "é"):
        visitor.client.cookies.set("sign-in", forged.encode("ascii", "ignore").decode())
        assert visitor.get(back).status_code == 422
    assert not is_in(visitor)


def test_who_takes_too_long_begins_again(shop, set_up, person, browser, clock):
    set_up(shop)
    mina, visitor = person("mina"), browser()
    back = mina.goes_to(asked(visitor, shop))
    clock.advance(AWAY + timedelta(seconds=1))
    assert "Please begin again" in said(visitor.get(back))
    assert not is_in(visitor)


def test_an_answer_of_another_issuer_is_not_believed(shop, set_up, person, browser, entries):
    set_up(shop)
    mina, visitor = person("mina"), browser()
    back = mina.goes_to(asked(visitor, shop))
    assert "iss=" in back
    forged = back.split("iss=")[0] + "iss=https%3A%2F%2Fevil.example"
    assert "could not be believed" in said(visitor.get(forged))
    assert not is_in(visitor)
    assert entries("identity.sign_in")[-1].details["because"] == "another issuer"


def test_without_the_name_of_the_issuer_neither_where_it_promised_it(shop, set_up, person, browser):
    set_up(shop)
    mina, visitor = person("mina"), browser()
    back = mina.goes_to(asked(visitor, shop)).split("&iss=")[0]
    assert "could not be believed" in said(visitor.get(back))
    assert not is_in(visitor)


def test_a_stolen_code_is_no_use_in_another_sign_in(shop, set_up, person, browser, entries):
    """PKCE: the code belongs to the verifier of the sign-in in which it was asked for."""
    set_up(shop)
    victim, thief = browser(), browser()
    stolen = person("mina").goes_to(asked(victim, shop))
    own_state = parts(asked(thief, shop))["state"]
    mixed = stolen.replace(parts(stolen)["state"], own_state)
    assert "could not be believed" in said(thief.get(mixed))
    assert not is_in(thief)
    assert entries("identity.sign_in")[-1].details["because"] == "the code"


def test_only_where_an_owner_switched_it_on(shop, new_shop, set_up, browser, canaille):
    set_up(shop, is_on=None)
    for slug in (shop.slug, new_shop("AE").slug, "no-such-shop"):
        assert browser().get(f"/sign-in/{slug}").status_code == 404
        answer = browser().get(f"/sign-in/{slug}/go")
        assert answer.status_code == 404
        assert "This shop has no sign-in of its own" in said(answer)


def test_nobody_comes_into_a_closed_shop(shop, set_up, person, browser, superuser):
    set_up(shop)
    mina, visitor = person("mina"), browser()
    back = mina.goes_to(asked(visitor, shop))
    superuser.execute(
        "UPDATE platform.tenants SET state = 'pending_deletion', version = version + 1 WHERE id = %s", (shop.id,)
    )
    assert visitor.get(back).status_code == 404
    assert not is_in(visitor)


def test_a_plan_without_it_has_no_gate(new_shop, browser):
    bare = new_shop("AE", plan="bare")
    assert browser().get(f"/sign-in/{bare.slug}").status_code == 404


def test_it_is_tried_without_anybody_getting_in(shop, set_up, person, browser, superuser):
    owner = set_up(shop, is_on=None)
    mina = person("mina")
    answer = comes(owner, shop, mina, "try")
    assert answer.status_code == 200
    assert mina.email in answer.text
    assert "Nobody was signed in" in said(answer)
    assert superuser.execute("SELECT count(*) FROM platform.people WHERE email = %s", (mina.email,)).fetchone() == (0,)
    assert browser().get(f"/sign-in/{shop.slug}/go?purpose=try").status_code == 422


def test_the_way_on_stays_on_this_site(shop, set_up, person, browser):
    set_up(shop)
    for next_ in ("https://evil.example", "//evil.example", "/\\evil.example", "/platform/shops"):
        answer = comes(browser(), shop, person("mina"), next=next_)
        assert answer.headers["location"] == "/"


def test_passwords_can_be_closed_to_all_but_owners(shop, set_up, person, browser, works_here, signed_in_as):
    mina = f"mina-{new_id().hex}@gold.example"
    works_here(mina)
    omid = f"omid-{new_id().hex}@gold.example"
    works_here(omid, role="owner")
    owner = set_up(shop, own_ways=None)
    assert not is_in(signed_in_as(mina))
    assert is_in(signed_in_as(omid))
    at_home = browser()
    comes(at_home, shop, person("reza"))
    assert is_in(at_home)
    assert "your only way in" in said(at_home.post("/account/single-sign-on/end"))
    fields = {"issuer": "https://id.example.com", "client_id": "x", "secret": "y", "own_ways": "", "is_on": ""}
    assert owner.post("/settings/single-sign-on", **fields).status_code == 303
    assert is_in(signed_in_as(mina))


def test_closing_passwords_ends_what_they_opened(shop, set_up, person, browser, works_here, signed_in_as, new_shop):
    mina, omid = f"mina-{new_id().hex}@gold.example", f"omid-{new_id().hex}@gold.example"
    works_here(mina)
    works_here(omid, role="owner")
    set_up(shop)
    at_home, program, owner, elsewhere = signed_in_as(mina), browser(), signed_in_as(omid), browser()
    signed = program.send("POST", "/api/v1/tokens", {"email": mina, "password": PASSWORD})
    access = {"authorization": f"Bearer {signed.json()['access_token']}"}
    by_provider = browser()
    comes(by_provider, shop, person("reza"))
    works_here(f"nora-{shop.slug}@gold.example", at=new_shop("AE"))
    elsewhere.sign_in(f"nora-{shop.slug}@gold.example", PASSWORD)
    assert program.get("/api/v1/me", headers=access).status_code == 200
    assert [is_in(each) for each in (at_home, by_provider, owner, elsewhere)] == [True, True, True, True]
    set_up(shop, own_ways=None, client_id=parts(asked(browser(), shop))["client_id"])
    assert [is_in(each) for each in (at_home, by_provider, owner, elsewhere)] == [False, True, True, True]
    assert program.get("/api/v1/me", headers=access).status_code == 401
    # What has ended does not come back with the passwords.
    set_up(shop)
    assert not is_in(at_home)
    assert is_in(signed_in_as(mina))


def test_who_is_no_owner_any_more_comes_in_by_the_provider(shop, set_up, works_here, signed_in_as):
    omid = f"omid-{new_id().hex}@gold.example"
    user = works_here(omid, role="owner", name="Omid")
    owner, second = set_up(shop, own_ways=None), signed_in_as(omid)
    assert is_in(second)
    assert owner.post(f"/users/{user}", name="Omid", role="manager").status_code == 303
    assert not is_in(second)


def test_a_right_password_where_it_opens_nothing_leads_to_the_provider(shop, set_up, person, works_here, browser):
    """And there they come in, although they never linked anything: nobody but the provider says who works here."""
    mina = person("mina")
    user = works_here(mina.email)
    set_up(shop, own_ways=None)
    visitor = browser()
    wrong = visitor.post("/login", email=mina.email, password="not my password")
    assert (wrong.status_code, "do not belong together" in said(wrong)) == (422, True)
    answer = visitor.post("/login", email=mina.email, password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in/{shop.slug}")
    assert "lets its people in by its own provider alone" in said(visitor.get(f"/sign-in/{shop.slug}"))
    onward = visitor.post("/login", email=mina.email, password=PASSWORD, next="/branches?text=a&b").headers["location"]
    assert onward == f"/sign-in/{shop.slug}?next=/branches%3Ftext%3Da%26b"
    assert f"/sign-in/{shop.slug}/go?next=/branches%3Ftext%3Da%26b" in visitor.get(onward).text
    assert not is_in(visitor)
    assert comes(visitor, shop, mina).status_code == 303
    assert visitor.get("/api/v1/me").json()["id"] == str(user)


def test_an_address_alone_opens_no_owners_account_even_where_passwords_are_closed(
    shop, set_up, person, works_here, browser
):
    omid = person("omid")
    works_here(omid.email, role="owner")
    set_up(shop, own_ways=None)
    visitor = browser()
    assert "You have an account here already" in said(comes(visitor, shop, omid))
    assert not is_in(visitor)


def test_one_goes_on_to_a_shop_without_passwords_by_its_provider(
    shop, new_shop, set_up, works_here, signed_in_as, superuser
):
    mina = f"mina-{new_id().hex}@gold.example"
    home = new_shop("AE", name="Home")
    user = works_here(mina, at=home)
    superuser.execute(
        "INSERT INTO shop.users (tenant_id, id, name, role, since) VALUES (%s, %s, 'Mina', 'employee', now())",
        (shop.id, user),
    )
    set_up(shop, own_ways=None)
    visitor = signed_in_as(mina)
    assert str(shop.id) in visitor.get("/account/shops").text
    answer = visitor.post("/account/shops", shop=str(shop.id))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in/{shop.slug}")
    assert "by its own provider alone" in said(visitor.get(f"/sign-in/{shop.slug}"))
    assert visitor.get("/api/v1/me").json()["shop"] == "Home"


@pytest.fixture
def invited(set_up, shop, deliver_all):
    """The link in a letter to somebody who is asked to work here: `invited("mina@gold.example")`."""

    def ask(owner, email, role="employee"):
        assert owner.post("/users/invitations", name="Mina", email=email, role=role).status_code == 303
        deliver_all(shop)
        [link] = re.findall(r"https://gold\.example\.com(\S+)", POST.to(email)[-1].text)
        return link

    return ask


def test_who_accepts_an_invitation_to_a_shop_without_passwords_goes_on_to_its_provider(
    shop, set_up, person, browser, invited
):
    owner, mina, visitor = set_up(shop, own_ways=None), person("mina"), browser()
    link = invited(owner, mina.email)
    answer = visitor.post(f"{link}/account", name="Mina", password=PASSWORD, repeated=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in/{shop.slug}")
    assert not is_in(visitor)
    assert comes(visitor, shop, mina).status_code == 303
    assert is_in(visitor)
    assert mina.email in owner.get("/users").text


def test_an_owner_who_accepts_is_in_by_what_is_their_own(shop, set_up, browser, invited):
    owner, visitor = set_up(shop, own_ways=None), browser()
    link = invited(owner, f"omid-{new_id().hex}@gold.example", "owner")
    answer = visitor.post(f"{link}/account", name="Omid", password=PASSWORD, repeated=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert is_in(visitor)


def test_who_is_signed_in_and_accepts_goes_on_to_the_provider(
    shop, new_shop, set_up, works_here, signed_in_as, invited
):
    mina = f"mina-{new_id().hex}@gold.example"
    works_here(mina, at=new_shop("AE", name="Home"))
    owner, visitor = set_up(shop, own_ways=None), signed_in_as(mina)
    answer = visitor.post(invited(owner, mina))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in/{shop.slug}")
    assert mina in owner.get("/users").text
    assert visitor.get("/api/v1/me").json()["shop"] == "Home"


def test_who_came_in_by_a_provider_accepts_and_is_told_how_to_go_there(
    shop, new_shop, set_up, person, browser, invited
):
    other = new_shop("AE")
    owner, visitor, mina = set_up(shop), browser(), person("mina")
    set_up(other)
    comes(visitor, other, mina)
    answer = visitor.post(invited(owner, mina.email))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "sign in with what is your own" in said(visitor.get("/"))
    assert mina.email in owner.get("/users").text


def test_without_the_plugin_passwords_open_again(shop, set_up, works_here, signed_in_as, database, actor):
    mina = f"mina-{new_id().hex}@gold.example"
    works_here(mina)
    set_up(shop, own_ways=None)
    with database.for_shop(shop.id, actor) as uow:
        open_own_ways(uow, PluginDisabled("single_sign_on"))
    assert is_in(signed_in_as(mina))
    with database.for_shop(shop.id, actor) as uow:
        close_own_ways_again(uow, PluginEnabled("single_sign_on"))
    assert not is_in(signed_in_as(mina))


def test_the_secret_is_locked_and_never_shown(shop, set_up, superuser, entries):
    owner = set_up(shop)
    text = owner.get("/settings/single-sign-on").text
    assert SECRET not in text
    [kept] = superuser.execute("SELECT secret FROM shop.identity_providers WHERE tenant_id = %s", (shop.id,)).fetchone()
    assert SECRET.encode() not in kept
    trail = superuser.execute(
        "SELECT string_agg(after::text, ' ') FROM shop.audit_changes WHERE tenant_id = %s AND about = %s",
        (shop.id, identity_providers.name),
    ).fetchone()
    assert SECRET not in trail[0]
    assert "gold.example" in trail[0]


def test_what_was_told_to_one_provider_is_not_sent_to_another(shop, set_up):
    owner = set_up(shop)
    fields = {"issuer": "https://evil.example", "client_id": "x", "own_ways": "on", "is_on": "on"}
    answer = owner.post("/settings/single-sign-on", **fields)
    assert answer.status_code == 400
    assert "Please enter the secret" in said(answer)
    assert "evil.example" not in owner.get("/settings/single-sign-on").text


def test_newcomers_need_a_domain(shop, set_up, signed_in):
    owner = signed_in(shop, "owner")
    fields = {"issuer": "https://accounts.google.com", "client_id": "x", "secret": "y", "newcomers": "employee"}
    answer = owner.post("/settings/single-sign-on", **fields)
    assert answer.status_code == 422
    assert "everybody with an account at this provider" in said(answer)
    assert owner.post("/settings/single-sign-on", **{**fields, "newcomers": "owner"}).status_code == 400
    assert owner.post("/settings/single-sign-on", **{**fields, "domains": "not a domain"}).status_code == 400
    assert owner.post("/settings/single-sign-on", **{**fields, "issuer": "javascript:alert(1)"}).status_code == 400


def test_only_owners_set_it_up(shop, signed_in):
    manager = signed_in(shop, "manager")
    assert manager.get("/settings/single-sign-on").status_code == 403
    assert manager.post("/settings/single-sign-on", issuer="https://x.example", client_id="x").status_code == 403


def test_who_was_given_the_permission_still_chooses_no_provider(shop, works_here, signed_in_as, superuser):
    """Whoever runs the provider could come in as the manager."""
    reza = f"reza-{new_id().hex}@gold.example"
    works_here(reza, name="Reza")
    superuser.execute(
        "INSERT INTO shop.role_permissions (tenant_id, role, permission, allowed, set_by, set_at)"
        " VALUES (%s, 'employee', 'single_sign_on.configure', true, 'Omid', now())",
        (shop.id,),
    )
    visitor = signed_in_as(reza)
    fields = {"issuer": "https://id.example.com", "client_id": "x", "secret": "y", "is_on": "on"}
    answer = visitor.post("/settings/single-sign-on", **fields)
    assert (answer.status_code, "Only an owner decides" in said(answer)) == (422, True)


def test_what_a_provider_opened_ends_with_it(shop, new_shop, set_up, person, browser, database, actor):
    other = new_shop("AE")
    set_up(other)
    elsewhere, mina = browser(), person("mina")
    comes(elsewhere, other, person("nora"))

    def brought_in():
        owner, visitor = set_up(shop), browser()
        comes(visitor, shop, mina)
        assert is_in(visitor)
        return owner, visitor, parts(asked(browser(), shop))["client_id"]

    owner, visitor, client = brought_in()
    set_up(shop, client_id=client, title="Another name")
    assert is_in(visitor)
    set_up(shop)  # another client
    assert not is_in(visitor)
    _owner, visitor, client = brought_in()
    set_up(shop, client_id=client, is_on=None)
    assert not is_in(visitor)
    _owner, visitor, _client = brought_in()
    with database.for_shop(shop.id, actor) as uow:
        open_own_ways(uow, PluginDisabled("single_sign_on"))
    assert [is_in(each) for each in (visitor, owner, elsewhere)] == [False, True, True]


def test_the_plan_limits_newcomers_too(new_shop, set_up, person, browser):
    small = new_shop("AE", plan="small")
    set_up(small)
    assert comes(browser(), small, person("mina")).status_code == 303
    visitor = browser()
    assert comes(visitor, small, person("reza")).status_code == 422
    assert not is_in(visitor)


def test_the_gate_is_found_from_the_door(browser, shop, set_up):
    set_up(shop)
    visitor = browser()
    assert 'href="/sign-in"' in visitor.get("/login").text
    assert visitor.post("/sign-in", shop=shop.slug).headers["location"] == f"/sign-in/{shop.slug}"
    gate = visitor.get(f"/sign-in/{shop.slug}")
    assert shop.name in gate.text
    assert "Canaille" in gate.text
