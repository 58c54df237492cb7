"""The API's description holds: whatever it allows to be sent is answered as it says, and nothing breaks.

Requests are made from the document by schemathesis, each operation for itself, on a shop that trades.
"""

from __future__ import annotations

import json
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

from kernel.plugins import Plugins
from tests.house.addresses import Address, addresses
from tests.house.conftest import Trader
from tests.plugins.browser import Browser
from web import openapi
from web.render import CSRF_HEADER

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


def test_what_it_allows_is_answered_as_it_says(described, plugins: Plugins, ours: Trader, clock, subtests):
    by_name = {f"{one.route.method} {one.route.path}": one for one in addresses(plugins)}
    for found in from_dict(described).get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        with subtests.test(f"{operation.method.upper()} {operation.path}"):
            _try(operation, ours, by_name[f"{operation.method.upper()} {operation.path}"])


def _try(operation: schemathesis.APIOperation[Any, Any, Any, Any], ours: Trader, address: Address) -> None:
    """Every other request is about something that is there."""
    real = ours.belongings.probably(address.ids)
    if not address.route.changes:
        real = ours.belongings.of(ours.owner, address) or real

    @given(operation.as_strategy(), st.booleans())
    @settings(max_examples=TRIES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def send(case: schemathesis.Case[Any], is_there: bool) -> None:
        if is_there:
            case.path_parameters.update(real)
        case.validate_response(_sent(ours.owner, case), checks=CHECKS)

    send()


def _sent(browser: Browser, case: schemathesis.Case[Any]) -> Any:
    assert browser.token is not None
    sent = case.as_transport_kwargs(base_url="http://localhost", headers={CSRF_HEADER: browser.token.csrf})
    sent.pop("cookies", None)
    return browser.client.request(**{name: value for name, value in sent.items() if value is not None})
