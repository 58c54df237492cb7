"""The API's description holds: whatever it allows to be sent is answered as it says, and nothing breaks.

Requests are made from the document by schemathesis, each operation for itself, on a shop that trades.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.openapi import from_dict
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.applications import Starlette

from kernel.contributions import Scope
from kernel.plugins import Plugins
from kernel.tenancy import Actor
from kernel.uow import Database
from plugins.identity.actions.next_stage import REQUIRE_SECOND_FACTOR
from tests.house.addresses import Address, addresses
from tests.house.conftest import Trader
from tests.plugins.programs.conftest import Program
from web import openapi
from web.api_pages import said

TRIES = 12
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def described(plugins: Plugins) -> dict[str, Any]:
    return openapi.document(plugins, session_cookie="goldsmith")


def test_it_is_served_to_anybody_and_always_the_same(described, browser):
    answer = browser().get(openapi.ADDRESS)
    assert (answer.status_code, answer.json()) == (200, json.loads(json.dumps(described)))


def test_every_address_of_the_api_is_in_it(described, plugins):
    there = {(method.upper(), path) for path, methods in described["paths"].items() for method in methods}
    assert there == {
        (address.route.method, address.route.path) for address in addresses(plugins) if address.route.is_api
    }


def test_every_operation_says_what_it_does_and_has_a_name_of_its_own(described):
    operations = [one for methods in described["paths"].values() for one in methods.values()]
    assert [one["operationId"] for one in operations if not one["summary"].endswith((".", "?"))] == []
    assert len({one["operationId"] for one in operations}) == len(operations)


def test_a_refusal_is_what_it_says_a_refusal_is(described, signed_in, shop):
    said = described["components"]["schemas"]["Problem"]
    owner = signed_in(shop).client
    for refused in (owner.get(f"/api/v1/sales/{shop.id}"), owner.post("/api/v1/sales", json={})):
        assert set(said["required"]) <= refused.json().keys() <= said["properties"].keys()


def test_its_names_are_not_those_of_our_files(described):
    assert [name for name in described["components"]["schemas"] if "__" in name] == []


def test_the_page_shows_every_operation(described, browser, signed_in, shop):
    for page in (browser().get("/api").text, signed_in(shop).get("/api").text):
        assert all(path in page for path in described["paths"])


def test_what_is_true_of_all_is_said_of_all(described):
    """Who may, how often, what to send again, and what comes back when not."""
    for path, methods in described["paths"].items():
        for method, one in methods.items():
            name = f"{method} {path}"
            answers, is_public = one["responses"], one.get("security") == []
            keyed = {"$ref": "#/components/parameters/IdempotencyKey"} in one["parameters"]
            assert keyed == (method != "get" and not is_public), name
            assert all("RateLimit" in answer["headers"] for answer in answers.values()), name
            assert "Retry-After" in answers["429"]["headers"], name
            assert is_public or "WWW-Authenticate" in answers["401"]["headers"], name
            refused = [answer for status, answer in answers.items() if status >= "400"]
            assert all(list(answer["content"]) == [openapi.PROBLEM] for answer in refused), name
    assert described["security"] == [{"bearer": []}, {"session": []}]


def test_no_page_and_no_number_of_rows_is_asked_for(described):
    asked = {
        parameter["name"]
        for methods in described["paths"].values()
        for one in methods.values()
        for parameter in one["parameters"]
        if "name" in parameter
    }
    assert {"after", "limit"} <= asked
    assert not asked & {"page", "offset", "skip"}


def test_backticks_are_code_on_the_page(browser):
    assert "`" not in browser().get("/api").text
    assert str(said("ask `<a>` & wait")) == "ask <code>&lt;a&gt;</code> &amp; wait"


@pytest.fixture
def program(app: Starlette, ours: Trader, database: Database, actor: Actor) -> Callable[[], Program]:
    """A program that works for the owner of the shop that trades, and has just signed in."""

    def signed_in() -> Program:
        # One of the requests that were tried may have asked it of everybody.
        with database.for_shop(ours.shop.id, actor) as uow:
            uow.choose(REQUIRE_SECOND_FACTOR, False)
        one = Program(app)
        one.sign_in(ours.email)
        return one

    return signed_in


def test_what_it_allows_is_answered_as_it_says(
    described, plugins: Plugins, ours: Trader, program: Callable[[], Program], clock, subtests
):
    by_name = {f"{one.route.method} {one.route.path}": one for one in addresses(plugins)}
    for found in from_dict(described).get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        name = f"{operation.method.upper()} {operation.path}"
        with subtests.test(name):
            bearer = program()
            _try(operation, ours, bearer, by_name[name])
            assert bearer.get().status_code == (401 if name == "DELETE /api/v1/tokens" else 200)


def _try(
    operation: schemathesis.APIOperation[Any, Any, Any, Any], ours: Trader, program: Program, address: Address
) -> None:
    """Every other request is about something that is there."""
    # Whoever ends their own sessions is out: that is tried with ids that are nobody's.
    real = {} if address.route.path.endswith("/sessions/end") else ours.belongings.probably(address.ids)
    if not address.route.changes:
        real = ours.belongings.of(ours.owner, address) or real

    @given(operation.as_strategy(), st.booleans())
    @settings(max_examples=TRIES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def send(case: schemathesis.Case[Any], is_there: bool) -> None:
        if is_there:
            case.path_parameters.update(real)
        case.validate_response(_sent(program, case, address), checks=CHECKS)

    send()


def _sent(program: Program, case: schemathesis.Case[Any], address: Address) -> Any:
    shown = {} if address.route.scope is Scope.PUBLIC else {"Authorization": f"Bearer {program.access}"}
    sent = case.as_transport_kwargs(base_url="http://localhost", headers=shown)
    sent.pop("cookies", None)
    return program.browser.client.request(**{name: value for name, value in sent.items() if value is not None})
