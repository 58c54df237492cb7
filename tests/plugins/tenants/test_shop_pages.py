"""One shop on the platform's pages, and what its own people notice."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import select

from kernel.clock import SetClock
from kernel.ids import new_id
from kernel.limits import LimitReached
from kernel.tables import audit_entries, platform_audit_entries
from kernel.tenancy import Actor, Shop, system
from kernel.uow import Database
from plugins.branches import public as branches
from plugins.identity import public as identity
from plugins.tenants.jobs import end_trials_that_are_over, erase_what_is_due
from plugins.tenants.queries.standing import deletion_of
from tests.conftest import Statements
from tests.plugins.browser import Browser
from tests.plugins.identity.fakes import POST

SignedIn = Callable[..., Browser]


def deletion(ada: Browser, shop: Shop) -> None:
    answer = ada.post(f"/platform/shops/{shop.id}/deletion", because="They left", name=shop.name)
    assert answer.status_code == 303, answer.text


@pytest.mark.parametrize("tab", ["", "/users", "/subscription", "/plugins", "/activity"])
def test_a_tab_costs_the_same_for_one_and_for_three(
    ada: Browser, shop: Shop, signed_in: SignedIn, statements: Statements, tab: str
):
    signed_in(shop)
    ada.get(f"/platform/shops/{shop.id}{tab}")
    with statements.counted() as with_one:
        assert ada.get(f"/platform/shops/{shop.id}{tab}").status_code == 200
    for name in ("Reza", "Mina"):
        signed_in(shop, "manager", name)
        ada.post(f"/platform/shops/{shop.id}/limits", limit="users", number="9", because=name)
    ada.get(f"/platform/shops/{shop.id}{tab}")
    with statements.counted() as with_three:
        assert ada.get(f"/platform/shops/{shop.id}{tab}").status_code == 200
    assert len(with_one) == len(with_three)


def test_who_looks_at_a_shops_people_is_in_its_trail(ada: Browser, shop: Shop, signed_in: SignedIn):
    owner = signed_in(shop, name="Sara Noori")
    looked = "Looked at the shop’s people"
    before = owner.get("/audit").text.count(looked)
    assert "Sara Noori" in ada.get(f"/platform/shops/{shop.id}/users").text
    assert owner.get("/audit").text.count(looked) == before + 1
    assert looked in ada.get(f"/platform/shops/{shop.id}/activity").text


def test_what_becomes_of_a_shop_is_in_its_own_trail_under_the_admins_name_and_once_on_the_platforms_page(
    ada: Browser, shop: Shop, signed_in: SignedIn, database: Database, actor: Actor
):
    about = f"/platform/shops/{shop.id}"
    expected: list[tuple[str, str, str, object]] = []
    for path, fields, action, said in (
        ("/suspension", {"because": "Three invoices"}, "suspend", "Shop suspended"),
        ("/reactivation", {}, "reactivate", "Shop works again"),
        ("/deletion", {"because": "They left", "name": shop.name}, "schedule_deletion", "Shop to be deleted"),
        ("/deletion/cancel", {}, "cancel_deletion", "Shop kept after all"),
    ):
        assert ada.post(f"{about}{path}", **fields).status_code == 303
        # What cannot be done a second time is not told as done.
        assert ada.post(f"{about}{path}", **fields).status_code == 409
        expected.append((f"tenants.{action}", "done", "Ada", fields.get("because")))
        entry = audit_entries.c
        steps = select(entry.action, entry.outcome, entry.actor, entry.details["because"].astext)
        with database.for_shop(shop.id, actor, read_only=True) as uow:
            ours = steps.where(entry.action.in_([told for told, *_rest in expected])).order_by(entry.number)
            assert [tuple(row) for row in uow.execute(ours)] == expected
        assert ada.get(f"{about}/activity").text.count(said) == 1
    shown = signed_in(shop).get("/audit").text
    told = ("Shop kept after all", "Shop to be deleted", "Shop works again", "Shop suspended")
    places = [shown.index(f">{words}</a>") for words in told]
    assert places == sorted(places)


def test_what_an_admin_changes_in_a_shop_is_in_the_platforms_trail_too(
    ada: Browser, shop: Shop, database: Database, actor: Actor
):
    def told() -> list[tuple[str, dict[str, object]]]:
        entry = platform_audit_entries.c
        ours = select(entry.action, entry.details).where(entry.details["shop"].astext == str(shop.id))
        with database.for_platform("test", actor, read_only=True) as work:
            return [(row.action, row.details) for row in work.execute(ours.order_by(entry.number))]

    about, of_shop = f"/platform/shops/{shop.id}", {"shop": str(shop.id)}
    expected = []
    for path, fields, action, details in (
        ("/limits", {"limit": "users", "number": "9", "because": "A fair"}, "grant_limit", {"limit": "users"}),
        ("/plugins/labels/off", {"because": "Unused"}, "switch_off", {"plugin": "labels"}),
        ("/plugins/labels/on", {"because": "Used"}, "switch_on", {"plugin": "labels", "also": []}),
        ("/plan", {"plan": "bare"}, "put_on_plan", {"plan": "bare"}),
    ):
        answer = ada.post(about + path, **fields)
        assert answer.status_code == 303, answer.text
        expected.append((f"tenants.{action}", of_shop | details))
    override = re.search(rf"{about}/overrides/([0-9a-f-]+)/end", ada.get(f"{about}/subscription").text)
    assert override is not None
    assert ada.post(override[0]).status_code == 303
    expected.append(("tenants.end_override", of_shop | {"override": override[1]}))
    assert told() == expected
    # What is refused did not happen.
    assert ada.post(f"{about}/plan", plan="golden").status_code == 400
    assert told() == expected


def test_an_opened_shop_and_an_edited_one_are_in_the_platforms_trail(ada: Browser):
    slug = f"zarrin-{new_id().hex[-8:]}"
    email = f"sara-{new_id().hex[-8:]}@example.com"
    opened = ada.post(
        "/platform/shops", name="Zarrin", slug=slug, market="AE", plan="bare", owner_name="Sara", owner_email=email
    )
    assert opened.status_code == 303, opened.text
    assert "Shop opened" in newest_on_platform(ada)
    fields = {"name": "Zarrin", "slug": slug, "language": "fa", "zone": "Asia/Dubai", "calendar": "gregorian"}
    assert ada.post(f"{opened.headers['location']}/edit", **fields).status_code == 303
    assert "Shop edited" in newest_on_platform(ada)


def newest_on_platform(ada: Browser) -> str:
    number = re.search(r'href="(/platform/audit/\d+)"', ada.get("/platform/audit").text)
    assert number is not None
    return ada.get(number[1]).text


def test_the_way_into_somebodys_account_begins_beside_their_name(
    ada: Browser, shop: Shop, signed_in: SignedIn, database: Database, actor: Actor
):
    signed_in(shop, name="Sara Noori")
    signed_in(shop, "manager", "Reza")
    with database.for_shop(shop.id, actor) as uow:
        sara, reza = sorted(identity.users(uow), key=lambda user: user.name, reverse=True)
    shown = ada.get(f"/platform/shops/{shop.id}/users").text
    ways = {person.name: f"/platform/shops/{shop.id}/impersonation?user={person.id}" for person in (sara, reza)}
    assert ways.keys() == {"Sara Noori", "Reza"}
    assert all(f'href="{way}"' in shown for way in ways.values())
    chosen = ada.get(ways["Reza"]).text
    assert f'<option value="{reza.id}" selected>' in chosen
    assert f'<option value="{sara.id}" selected>' not in chosen


def test_nobody_is_acted_for_who_has_left_or_whose_shop_is_closed(
    ada: Browser, shop: Shop, signed_in: SignedIn, database: Database, actor: Actor
):
    owner = signed_in(shop, name="Sara Noori")
    signed_in(shop, "manager", "Reza")
    with database.for_shop(shop.id, actor) as uow:
        [reza] = [user for user in identity.users(uow) if user.name == "Reza"]
    assert owner.post(f"/users/{reza.id}/departure").status_code == 303
    assert f"impersonation?user={reza.id}" not in ada.get(f"/platform/shops/{shop.id}/users").text
    deletion(ada, shop)
    assert "impersonation?user=" not in ada.get(f"/platform/shops/{shop.id}/users").text


def test_what_nobody_switches_is_folded_away(ada: Browser, shop: Shop):
    shown = ada.get(f"/platform/shops/{shop.id}/plugins").text
    table, folded = shown.split("Part of every shop")
    assert "<li>Announcements</li>" in folded
    assert "Announcements" not in table.split("<table")[1]


def test_a_person_gets_a_letter_for_a_new_password_and_nobody_sees_one(
    ada: Browser, shop: Shop, new_shop: Callable[..., Shop], signed_in: SignedIn, database: Database, actor: Actor,
    deliver_all: Callable[..., int], superuser: psycopg.Connection[Any],
):  # fmt: skip
    signed_in(shop)
    with database.for_shop(shop.id, actor) as uow:
        [person] = identity.users(uow)
    assert ada.post(f"/platform/shops/{shop.id}/users/{person.id}/reset").status_code == 303
    letters = superuser.execute(
        "SELECT language FROM platform.letters WHERE person_id = (SELECT id FROM platform.people WHERE email = %s)",
        (person.email,),
    ).fetchall()
    assert letters == [(shop.language,)]
    elsewhere = new_shop()
    assert ada.post(f"/platform/shops/{elsewhere.id}/users/{person.id}/reset").status_code == 404
    shown = ada.get(f"/platform/shops/{shop.id}/users").text
    assert person.email in shown
    assert "password_hash" not in shown


def test_an_owner_who_has_not_come_in_is_sent_their_invitation_again(
    ada: Browser, shop: Shop, signed_in: SignedIn, database: Database, actor: Actor, clock: SetClock,
    deliver_all: Callable[..., int], admin_signs_in: Callable[[], Browser],
):  # fmt: skip
    email = f"sara-{new_id().hex}@example.com"
    with database.for_shop(shop.id, actor) as uow:
        lost = identity.invite_owner(uow, email, "Sara Noori")
    deliver_all(shop)
    [letter] = POST.to(email)
    assert "Sara Noori" in ada.get(f"/platform/shops/{shop.id}/users").text
    clock.advance(timedelta(days=30))
    ada = admin_signs_in()
    shown = ada.get(f"/platform/shops/{shop.id}/users").text
    assert "Expired" in shown
    again = f"/platform/shops/{shop.id}/invitations/{lost.id}/letter"
    assert f'action="{again}"' in shown
    assert ada.post(again).status_code == 303
    deliver_all(shop)
    assert [each.text == letter.text for each in POST.to(email)] == [True, False]
    [now] = invited(database, actor, shop)
    assert (now.id, now.email, now.has_expired(clock.now())) == (lost.id, email, False)
    # The shop and the platform are told.
    told = "Invitation of an owner sent again"
    assert told in newest_on_platform(ada)
    assert told in signed_in(shop).get("/audit").text


def invited(database: Database, actor: Actor, shop: Shop) -> list[identity.Invitation]:
    with database.for_shop(shop.id, actor, read_only=True) as uow:
        return identity.invited_owners(uow)


def test_nobody_is_asked_again_who_is_no_owner_or_in_or_whose_shop_closes(
    ada: Browser, shop: Shop, new_shop: Callable[..., Shop], signed_in: SignedIn, database: Database, actor: Actor,
    superuser: psycopg.Connection[Any],
):  # fmt: skip
    here = f"/platform/shops/{shop.id}"
    employee = f"reza-{new_id().hex}@example.com"
    asked = signed_in(shop).post("/users/invitations", email=employee, name="Reza", role="employee")
    assert asked.status_code == 303, asked.text
    [(reza,)] = superuser.execute("SELECT id FROM shop.invitations WHERE email = %s", (employee,)).fetchall()
    with database.for_shop(shop.id, actor) as uow:
        sara = identity.invite_owner(uow, f"sara-{new_id().hex}@example.com", "Sara Noori")
    shown = ada.get(f"{here}/users").text
    assert [f"{here}/invitations/{one}/letter" in shown for one in (sara.id, reza)] == [True, False]
    assert ada.post(f"{here}/invitations/{reza}/letter").status_code == 404
    assert ada.post(f"/platform/shops/{new_shop().id}/invitations/{sara.id}/letter").status_code == 404

    deletion(ada, shop)
    assert f"{here}/invitations/" not in ada.get(f"{here}/users").text
    refused = ada.post(f"{here}/invitations/{sara.id}/letter")
    assert (refused.status_code, "nobody can come in" in refused.text) == (409, True)
    assert ada.post(f"{here}/deletion/cancel").status_code == 303

    superuser.execute("UPDATE shop.invitations SET accepted_at = now() WHERE id = %s", (sara.id,))
    over = ada.post(f"{here}/invitations/{sara.id}/letter")
    assert (over.status_code, "accepted or withdrawn meanwhile" in over.text) == (410, True)
    assert "have not come in yet" not in ada.get(f"{here}/users").text
    assert "Invitation of an owner sent again" not in ada.get(f"{here}/activity").text


def test_a_shop_is_edited_and_its_market_stays_once_something_is_booked(
    ada: Browser, shop: Shop, database: Database, actor: Actor
):
    fields = {"name": "Zarrin", "slug": shop.slug, "language": "en", "zone": "Asia/Dubai", "calendar": "gregorian"}
    answer = ada.post(f"/platform/shops/{shop.id}/edit", **fields, market="AE", currency="AED")
    assert answer.status_code == 303, answer.text
    with database.for_shop(shop.id, actor) as uow:
        edited = uow.shop
        assert (edited.name, edited.market, edited.currency, edited.zone) == ("Zarrin", "AE", "AED", "Asia/Dubai")
        uow.next_number("sale")
    refused = ada.post(f"/platform/shops/{shop.id}/edit", **fields, market="IR", currency="IRT")
    assert (refused.status_code, "has booked something already" in refused.text) == (422, True)
    assert ada.post(f"/platform/shops/{shop.id}/edit", **fields).status_code == 303
    assert "Market and currency stay as they are" in ada.get(f"/platform/shops/{shop.id}/edit").text


def test_a_shops_new_address_is_nobody_elses(ada: Browser, shop: Shop, new_shop: Callable[..., Shop]):
    other = new_shop()
    fields = {"name": "Zarrin", "slug": other.slug, "language": "en", "zone": "Asia/Dubai", "calendar": "gregorian"}
    assert ada.post(f"/platform/shops/{shop.id}/edit", **fields).status_code == 409


# Plugins and plans


def test_what_a_plugin_brings_is_shown_before_it_is_switched_on(ada: Browser, new_shop: Callable[..., Shop]):
    shop = new_shop(plan="bare")
    page = ada.get(f"/platform/shops/{shop.id}/plugins/pos").text
    for brought in (
        "Till",
        "Permissions",
        "owners",
        "Comes along, because it is needed.",
        "Included in what the shop pays",
    ):
        assert brought in page, brought
    answer = ada.post(f"/platform/shops/{shop.id}/plugins/pos/on", because="They asked", until="2025-06-30")
    assert answer.status_code == 303
    on = ada.get(f"/platform/shops/{shop.id}/plugins").text
    assert "They asked" in on
    assert "Until the end of" in on


def test_what_needs_a_plugin_is_named_before_it_is_switched_off(ada: Browser, shop: Shop):
    page = ada.get(f"/platform/shops/{shop.id}/plugins/pricing").text
    assert "It is needed by" in page
    assert "Its data stays" in page
    assert 'name="because"' not in page
    assert ada.post(f"/platform/shops/{shop.id}/plugins/pricing/off").status_code == 422


def test_a_day_that_is_over_is_refused_with_what_was_typed(ada: Browser, shop: Shop):
    answer = ada.post(f"/platform/shops/{shop.id}/limits", limit="users", because="A fair", until="2025-06-01")
    assert answer.status_code == 400
    assert "not over in the shop yet" in answer.text
    assert 'value="A fair"' in answer.text


def test_another_plan_is_another(ada: Browser, new_shop: Callable[..., Shop]):
    shop = new_shop(plan="bare")
    choice = re.search(
        r'<select[^>]*name="plan".*?</select>', ada.get(f"/platform/shops/{shop.id}/subscription").text, re.S
    )
    assert choice is not None
    assert ('value="small"' in choice[0], 'value="bare"' in choice[0]) == (True, False)
    for query in ("", "?plan=bare"):
        page = ada.get(f"/platform/shops/{shop.id}/plan{query}").text
        assert ("on this plan already" in page, f'action="/platform/shops/{shop.id}/plan"' in page) == (True, False)
    assert f'action="/platform/shops/{shop.id}/plan"' in ada.get(f"/platform/shops/{shop.id}/plan?plan=small").text


def test_a_smaller_plan_says_what_is_over_and_takes_nothing(
    ada: Browser, shop: Shop, signed_in: SignedIn, database: Database, actor: Actor
):
    owner = signed_in(shop)
    for name in ("Reza", "Mina"):
        signed_in(shop, "manager", name)
    owner.post("/branches", code="BZR", name="Bazaar")
    preview = ada.get(f"/platform/shops/{shop.id}/plan?plan=small").text
    assert "More is used than this plan allows" in preview
    assert "More than your plan includes" not in owner.get("/").text
    assert ada.post(f"/platform/shops/{shop.id}/plan", plan="small").status_code == 303

    assert "There is more than your plan includes" in owner.get("/").text
    assert "Bazaar" in owner.get("/branches").text
    # What is there can be changed ...
    with database.for_shop(shop.id, actor) as uow:
        [bazaar] = [branch for branch in branches.branches(uow) if branch.code == "BZR"]
        people = identity.users(uow)
    assert len(people) == 3
    assert owner.post(f"/branches/{bazaar.id}", code="BZR", name="Great Bazaar").status_code == 303
    # ... and nothing is added, by whatever way.
    for path, fields in (
        ("/branches", {"code": "NEW", "name": "New"}),
        ("/users/invitations", {"email": "new@example.com", "name": "New", "role": "employee"}),
    ):
        refused = owner.post(path, **fields)
        assert (refused.status_code, "Your plan includes" in refused.text) == (422, True), path
    with pytest.raises(LimitReached), database.for_shop(shop.id, actor) as uow:
        identity.add_user(uow, identity.NewUserForm(name="New", email="new@example.com", role="employee"))


# States


def test_a_trial_is_told_in_time_and_ends_by_itself(
    ada: Browser, new_shop: Callable[..., Shop], signed_in: SignedIn, database: Database, clock: SetClock
):
    shop = new_shop(state="trial")
    owner = signed_in(shop)
    assert ada.post(f"/platform/shops/{shop.id}/trial", until="2025-06-20").status_code == 303
    assert "Your trial ends" not in owner.get("/").text
    clock.advance(timedelta(days=15))
    owner = signed_in(shop, name="Reza")
    assert "Your trial ends in <bdi>۳</bdi> days" in owner.get("/").text
    clock.advance(timedelta(days=4))
    with database.for_platform("test", system("scheduler")) as work:
        end_trials_that_are_over(work, clock.now())
    owner = signed_in(shop, name="Mina")
    assert owner.get("/branches").status_code == 200
    assert owner.post("/branches", code="BZR", name="Bazaar").status_code == 403


def test_who_works_in_a_shop_that_is_to_be_deleted_is_out_at_once_and_in_again_when_it_is_kept(
    ada: Browser, shop: Shop, signed_in: SignedIn
):
    owner = signed_in(shop)
    assert owner.get("/branches").status_code == 200
    deletion(ada, shop)
    assert owner.get("/branches").status_code in (302, 303, 401)
    assert "They left" in ada.get(f"/platform/shops/{shop.id}").text
    assert ada.post(f"/platform/shops/{shop.id}/deletion/cancel").status_code == 303
    assert signed_in(shop, name="Reza").get("/branches").status_code == 200


def test_the_name_has_to_be_typed(ada: Browser, shop: Shop):
    refused = ada.post(f"/platform/shops/{shop.id}/deletion", because="They left", name="something else")
    assert (refused.status_code, "so that no other is deleted" in refused.text) == (422, True)


def test_the_clock_erases_what_is_due_and_the_proof_can_be_read_and_kept(
    ada: Browser, admin_signs_in: Callable[[], Browser], new_shop: Callable[..., Shop], signed_in: SignedIn,
    database: Database, actor: Actor, clock: SetClock,
):  # fmt: skip
    shop = new_shop(name="Old Gold")
    signed_in(shop)
    deletion(ada, shop)
    assert "and erased then" in ada.get(f"/platform/shops/{shop.id}/proof").text
    with database.for_platform("test", actor) as work:
        planned = deletion_of(work, shop.id)
        assert planned is not None
    clock.at = planned.due_at
    # Other tests' shops may be due, too: whoever waits longest goes first.
    for _each in range(50):
        with database.for_platform("test", actor) as work:
            now = deletion_of(work, shop.id)
            if now is not None and now.erased_at is not None:
                break
            erase_what_is_due(work, clock.now(), database)
    ada = admin_signs_in()
    assert "shop.users" in ada.get(f"/platform/shops/{shop.id}/proof").text
    kept = ada.get(f"/platform/shops/{shop.id}/proof.txt")
    assert kept.headers["content-disposition"].startswith("attachment")
    assert "shop.users: 1 found, 1 erased, 0 left" in kept.text
    for tab in ("", "/subscription", "/activity"):
        assert ada.get(f"/platform/shops/{shop.id}{tab}").status_code == 200, tab


def test_who_changes_a_plan_that_another_has_just_changed_is_told_and_has_to_look_again(ada: Browser):
    """Nothing of the first is lost, also when the second presses once more."""
    name = f"plan-{new_id().hex[-8:]}"
    terms = {"currency": "USD", "cycle": "month", "price": "10"}
    assert ada.post("/platform/plans", **terms, name=name, title="Gold").status_code == 303
    (seen,) = re.findall(r'name="version" value="(\d+)"', ada.get(f"/platform/plans/{name}").text)
    assert ada.post(f"/platform/plans/{name}", **terms, title="First", version=seen).status_code == 303
    late = ada.post(f"/platform/plans/{name}", **terms, title="Second", version=seen)
    assert (late.status_code, "“First” was changed by somebody else meanwhile" in late.text) == (409, True)
    assert re.findall(r'name="version" value="(\d+)"', late.text) == [seen]
    assert 'value="First"' in ada.get(f"/platform/plans/{name}").text
