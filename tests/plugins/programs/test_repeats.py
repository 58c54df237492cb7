"""A change that is sent twice with one key is made once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from psycopg import Connection

from kernel.clock import SetClock
from kernel.tenancy import Actor, Shop
from kernel.uow import Database
from plugins.programs import queries
from plugins.programs.actions import keep_answer
from plugins.programs.jobs import forget_answers
from tests.plugins.programs.conftest import Program

RULES = "/api/v1/pricing/rules"
RULE: dict[str, Any] = {"name": "Rings", "markup_percent": "5"}


@pytest.fixture
def rules(shop: Shop, superuser: Connection[Any]) -> Callable[[], int]:
    """How many there are."""

    def count() -> int:
        asked = "SELECT count(*) FROM shop.pricing_rules WHERE tenant_id = %s"
        [(found,)] = superuser.execute(asked, (shop.id,)).fetchall()
        return int(found)

    return count


def test_the_same_again_is_answered_the_same_and_not_done_again(owners: Program, rules):
    before = rules()
    first, again = (owners.send("POST", RULES, key="rings-1", **RULE) for _each in range(2))
    assert (first.status_code, first.json()["name"]) == (201, "Rings")
    assert (again.status_code, again.json()) == (201, first.json())
    assert [answer.headers.get("Idempotency-Replayed") for answer in (first, again)] == [None, "true"]
    assert rules() == before + 1


def test_without_a_key_it_is_done_each_time(owners: Program, rules):
    before = rules()
    assert [owners.send("POST", RULES, **RULE).status_code for _each in range(2)] == [201, 409]  # the name is taken
    assert rules() == before + 1


def test_a_key_is_for_one_content_and_one_address(owners: Program, rules):
    owners.send("POST", RULES, key='"rings"', **RULE)
    before = rules()
    others = [
        owners.send("POST", RULES, key="rings", **{**RULE, "name": "Chains"}),
        owners.send("POST", "/api/v1/pricing/rates", key="rings", **RULE),
    ]
    said = "urn:goldsmith:problem:key_used_otherwise"
    assert [(answer.status_code, answer.json()["type"]) for answer in others] == [(409, said)] * 2
    assert rules() == before


def test_a_key_is_each_persons_own(owners: Program, employ, app, rules):
    other = Program(app)
    other.sign_in(employ("owner"))
    before = rules()
    made = [
        one.send("POST", RULES, key="rings", name=name, markup_percent="5").json()["name"]
        for one, name in ((owners, "Rings"), (other, "Chains"))
    ]
    assert (made, rules()) == (["Rings", "Chains"], before + 2)


def test_what_was_refused_is_tried_again(owners: Program, rules):
    before = rules()
    assert owners.send("POST", RULES, key="rings", name="").status_code == 400
    assert owners.send("POST", RULES, key="rings", **RULE).status_code == 201
    assert rules() == before + 1


def test_who_may_no_more_is_not_answered_from_memory(program: Program, owners: Program, employ, app, signed_in, shop):
    owner = signed_in(shop)
    manager = Program(app)
    manager.sign_in(employ("manager"))
    assert manager.send("POST", RULES, key="rings", **RULE).status_code == 201
    owner.post("/users/roles", **{"shown[]": "pricing.edit_rules"})
    manager.take(manager.refresh())
    assert manager.send("POST", RULES, key="rings", **RULE).status_code == 403


def test_of_two_at_once_one_is_made(owners: Program, rules):
    before = rules()
    with ThreadPoolExecutor(6) as many:
        answers = list(many.map(lambda _each: owners.send("POST", RULES, key="rings", **RULE), range(6)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.text for answer in answers if answer.status_code == 201}) == 1
    assert {answer.headers["Retry-After"] for answer in answers if answer.status_code == 409} <= {"1"}
    assert rules() == before + 1


def test_while_it_is_made_the_same_is_told_to_wait(owners: Program, shop, superuser, rules):
    me = owners.get().json()["id"]
    before = rules()
    with superuser.transaction():
        superuser.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"{shop.id} {me} rings",))
        waits = owners.send("POST", RULES, key="rings", **RULE)
    said = "urn:goldsmith:problem:under_way"
    assert (waits.status_code, waits.json()["type"], waits.headers["Retry-After"]) == (409, said, "1")
    assert rules() == before


def test_who_looked_too_early_does_nothing_twice(owners: Program, rules, monkeypatch):
    owners.send("POST", RULES, key="rings", **RULE)
    before = rules()
    monkeypatch.setattr(queries, "answer", lambda _uow, _key: queries.Answered(True, None, 0, None))
    assert owners.send("POST", RULES, key="rings", **RULE).status_code == 409
    assert rules() == before


def test_a_long_answer_is_not_kept_but_done_once(owners: Program, rules, monkeypatch):
    monkeypatch.setattr(keep_answer, "BODY_BYTES_MAX", 10)
    before = rules()
    answers = [owners.send("POST", RULES, key="rings", **RULE) for _each in range(2)]
    assert [answer.status_code for answer in answers] == [201, 409]
    assert answers[1].json()["type"] == "urn:goldsmith:problem:done_before"
    assert rules() == before + 1


@pytest.mark.parametrize("key", ["two words", "x" * 201, "é"])
def test_a_key_is_a_word(owners: Program, rules, key: str):
    before = rules()
    headers = {"Authorization": f"Bearer {owners.access}", "Idempotency-Key": key.encode()}
    answer = owners.browser.client.post(RULES, json=RULE, headers=headers)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["Idempotency-Key"])
    assert rules() == before


def test_it_is_forgotten_after_a_day(owners: Program, clock: SetClock, database: Database, shop: Shop, actor: Actor):
    owners.send("POST", RULES, key="rings", **RULE)
    for hours, replayed in ((23, ("true", 201)), (24, (None, 409))):
        clock.advance(timedelta(hours=hours))
        with database.for_shop(shop.id, actor) as uow:
            forget_answers(uow)
        owners.take(owners.refresh())
        answer = owners.send("POST", RULES, key="rings", **RULE)
        assert (answer.headers.get("Idempotency-Replayed"), answer.status_code) == replayed


def test_who_sends_no_key_pays_nothing(owners: Program, statements):
    owners.send("POST", RULES, **RULE)
    with statements.counted() as without:
        owners.send("POST", RULES, **{**RULE, "name": "Chains"})
    with statements.counted() as with_key:
        owners.send("POST", RULES, key="rings", **{**RULE, "name": "Bangles"})
    assert len(with_key) - len(without) == 2
