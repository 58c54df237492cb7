"""Who did what: found, read, taken along; each shop its own, the platform none of theirs."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.config import HOUSE
from kernel.contributions import Scope
from kernel.ids import new_id
from kernel.jobs import job_of
from plugins.audit.domain import words
from plugins.identity.public import everybody


def numbers(answer):
    """The entries a list shows, in its order."""
    return [int(number) for number in re.findall(r'<a href="(?:/platform)?/audit/(\d+)">', answer.text)]


@pytest.fixture
def owner(signed_in, shop):
    return signed_in(shop)


def test_the_newest_stands_first_with_who_and_where(owner, change):
    first, second = change("first"), change("second")
    answer = owner.get("/audit")
    assert numbers(answer)[:2] == [second, first]
    assert "192.0.2.7" in answer.text
    assert "Shop changed" in answer.text
    assert "changed" in answer.text


def test_an_entry_shows_each_field_before_and_after(owner, change):
    change("first")
    answer = owner.get(f"/audit/{change('second')}")
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))
    assert "value first second" in said
    assert "r-1" in said


def test_what_is_hidden_stays_hidden(ada, owner, database, actor):
    answer = ada.get("/platform/audit?about=people")
    texts = [ada.get(f"/platform/audit/{number}").text for number in numbers(answer)[:3]]
    assert any("password_hash" in text for text in texts)
    assert all("argon2" not in text for text in texts)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("text=Reza", ["reza"]),
        ("text=198.51.100.9", ["far"]),
        ("text=%DB%B1%DB%B9%DB%B8.51.100.9", ["far"]),
        ("action=pos.void_sale", ["void"]),
        ("outcome=refused", []),
        ("about=settings&row=trial.other", ["other"]),
        ("about=logos", []),
    ],
)
def test_it_is_searched_and_filtered(owner, change, actor, query, found):
    made = {
        "reza": change("a", by=replace(actor, id=new_id(), name="Reza")),
        "far": change("b", address="198.51.100.9"),
        "void": change("c", action="pos.void_sale"),
        "other": change("d", name="trial.other"),
    }
    assert numbers(owner.get(f"/audit?{query}")) == [made[name] for name in found]


def test_it_is_asked_for_a_person_also_where_somebody_tried_to_be_them(owner, change, actor):
    reza = replace(actor, id=new_id(), name="Reza")
    of_reza = change("a", by=reza)
    as_reza = change("b", by=replace(actor, subject_id=reza.id, subject="Reza"))
    change("c")
    assert numbers(owner.get(f"/audit?person={reza.id}")) == [as_reza, of_reza]


def offered_deeds(page):
    (choice,) = re.findall(r'<select[^>]*name="action".*?</select>', page.text, re.DOTALL)
    return dict(re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)', choice))


def test_what_has_the_same_words_is_offered_once_and_found_together(owner, change):
    deeds = offered_deeds(owner.get("/audit"))
    assert len(deeds) == len(set(deeds.values()))
    [sent] = [action for action, said in deeds.items() if said == "Audit trail exported"]
    made = [change(n, action=action) for n, action in enumerate(words.called_alike(sent))]
    assert len(made) == 2
    assert numbers(owner.get(f"/audit?action={sent}")) == made[::-1]


def test_the_platform_is_offered_no_deeds_of_a_shop(ada, owner):
    deeds, of_shop = offered_deeds(ada.get("/platform/audit")), offered_deeds(owner.get("/audit"))
    assert {"tenants.open_shop", "identity.sign_in", "tenants.suspend"} <= deeds.keys()
    assert {"pos.complete_sale", "inventory.add_category", "shop.change_logo"} & deeds.keys() == set()
    assert {"pos.complete_sale", "shop.change_logo"} <= of_shop.keys()


def test_it_is_asked_for_days(signed_in, shop, change, clock):
    long_ago = change("long ago")
    clock.advance(timedelta(days=3))
    today, owner = change("today"), signed_in(shop)
    shown = numbers(owner.get("/audit?period=today"))
    assert today in shown
    assert long_ago not in shown


def test_fifty_stand_on_a_page_and_the_next_goes_on_by_number(owner, change):
    made = [change(n) for n in range(60)]
    first = owner.get("/audit?about=settings&row=trial.note")
    assert numbers(first) == made[:-51:-1]
    [older] = re.findall(r'href="(/audit\?[^"]*before=\d+)"', first.text)
    change("meanwhile")
    assert numbers(owner.get(older.replace("&amp;", "&"))) == made[9::-1]


def test_a_page_sends_the_same_number_of_statements_whatever_it_shows(owner, change, statements):
    counted = []
    change("first")
    owner.get("/audit")
    for _round in range(2):
        with statements.counted() as sent:
            owner.get("/audit?about=settings&row=trial.note")
        counted.append(len(sent))
        change("second")
        change("third")
    assert counted[0] == counted[1]


def test_it_goes_into_a_file_that_says_all_of_it(owner, change):
    change("first")
    number = change("second")
    answer = owner.get("/audit/export?about=settings&row=trial.note")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [int(row["Number"]) for row in rows] == [number, number - 1]
    assert (rows[0]["Name of it"], rows[0]["Before"], rows[0]["After"]) == (
        "shop.change_shop", '{"value": "first"}', '{"value": "second"}',
    )  # fmt: skip


def test_that_somebody_took_a_list_along_is_in_the_trail(owner, entries):
    owner.get("/users/export?text=Sara")
    [entry] = entries("identity.export_users")
    assert (entry.outcome, entry.actor, entry.details["asked"]) == ("done", "Sara", "text=Sara")


@pytest.mark.parametrize("role", ["manager", "employee"])
def test_only_the_owner_sees_it_at_first(signed_in, shop, role):
    somebody = signed_in(shop, role)
    assert [somebody.get(path).status_code for path in ("/audit", "/audit/1", "/audit/export")] == [403] * 3


def test_no_shop_sees_anothers(signed_in, new_shop, change):
    number = change("first")
    other = signed_in(new_shop(), name="Omid")
    assert "trial.note" not in other.get("/audit").text
    assert numbers(other.get("/audit?about=settings&row=trial.note")) == []
    assert "trial.note" not in other.get(f"/audit/{number}").text


def test_the_platform_sees_its_own_trail_and_no_shops(ada, change, owner):
    change("first")
    assert owner.get("/platform/audit").status_code == 404
    assert ada.get("/platform/audit").status_code == 200
    assert numbers(ada.get("/platform/audit?about=settings")) == []
    assert ada.get("/audit").status_code == 404


def test_a_number_that_nobody_has_is_not_there(owner, ada):
    assert (owner.get("/audit/999999").status_code, ada.get("/platform/audit/999999").status_code) == (404, 404)


def test_what_one_may_do_in_a_shop_has_words(plugins):
    """A page that changes something is called in the trail as people call it, or by its plugin."""
    named = {f"{given.plugin}.{given.value.name}" for given in plugins.given("routes")}
    # What is recorded, or done by the clock, is named where that happens.
    others = [file for file in HOUSE.glob("plugins/**/*.py") if file.name != "words.py"]
    written = {name for file in others for name in re.findall(r'"([a-z_]+\.[a-z_]+)"', file.read_text("utf-8"))}
    assert set(words.ACTIONS) - named - written == set()
    for given in plugins.given("routes"):
        if given.value.changes and given.value.scope is not Scope.PUBLIC:
            assert words.action_words(plugins, f"{given.plugin}.{given.value.name}") != "Other change"


def test_jobs_and_commands_have_words_too(plugins):
    job = job_of(plugins.given("jobs")[0].value)
    assert words.action_words(plugins, job.name) == job.title
    assert words.action_words(plugins, "goldsmith demo") == "Other change"


def test_every_table_in_the_trail_has_words(superuser):
    found = superuser.execute(
        "SELECT DISTINCT c.relname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid"
        " WHERE t.tgname = 'audit_insert'"
    ).fetchall()
    assert {name for (name,) in found} == set(words.TABLES)


def test_the_page_of_a_person_leads_to_what_they_did(owner, signed_in, shop, database, actor):
    with database.for_shop(shop.id, actor, read_only=True) as uow:
        [sara] = everybody(uow)
    assert f'href="/audit?person={sara.id}"' in owner.get(f"/users/{sara.id}/activity").text
    assert "/audit?" not in signed_in(shop, "manager", "Reza").get(f"/users/{sara.id}").text
