"""The platform's pages, and what a shop's people notice of what is done there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kernel.clock import SetClock
from kernel.ids import new_id
from kernel.tenancy import Shop
from tests.conftest import Statements
from tests.plugins.browser import Browser
from tests.plugins.conftest import PASSWORD
from tests.plugins.tenants.test_shops import wanted

SignedIn = Callable[..., Browser]


def new_shop_fields(**changes: str) -> dict[str, str]:
    return wanted(plan="all", **changes).model_dump(exclude_none=True)


def test_a_shops_people_know_nothing_of_the_platform(signed_in: SignedIn, shop: Shop):
    owner = signed_in(shop)
    assert owner.get("/platform/shops").status_code == 404
    assert owner.get(f"/platform/shops/{shop.id}").status_code == 404
    assert owner.post("/platform/shops", **new_shop_fields()).status_code == 404
    assert owner.post(f"/platform/shops/{shop.id}/plugins/branches/off").status_code == 404
    assert owner.get("/branches").status_code == 200


def test_a_shop_is_opened_and_its_owner_is_asked_in(ada: Browser):
    fields = new_shop_fields(name="Noor Jewels", market="AE")
    answer = ada.post("/platform/shops", **fields)
    assert answer.status_code == 303
    shown = ada.get(answer.headers["location"])
    assert "Noor Jewels" in shown.text
    assert "Noor Jewels" in ada.get("/platform/shops").text
    people = ada.get(f"{answer.headers['location']}/users")
    assert "Nobody works here yet" in people.text
    assert PASSWORD not in people.text


def test_shops_are_asked_for_by_the_days_they_were_opened(ada: Browser, shop: Shop, clock: SetClock):
    today = clock.now().date().isoformat()

    def found(**asked: str) -> bool:
        answer = ada.get("/platform/shops", params={"text": shop.slug, **asked})
        assert answer.status_code == 200
        return f'href="/platform/shops/{shop.id}"' in answer.text

    assert found(since=today, until=today)
    assert found(period="today")
    assert found(until="not a day")
    assert not found(since="1999-01-01", until="1999-12-31")
    assert not found(period="last_year")
    assert 'type="date"' not in ada.get("/platform/shops").text


def test_a_refused_form_says_why_and_keeps_what_was_typed(ada: Browser):
    fields = new_shop_fields(name="Noor Jewels") | {"slug": "Not An Address", "plan": "golden", "zone": "Mars/Olympus"}
    answer = ada.post("/platform/shops", **fields)
    assert answer.status_code == 400
    assert 'value="Noor Jewels"' in answer.text
    assert "Small letters, digits and single hyphens only" in answer.text
    assert "Please enter a time zone" in answer.text
    fields = new_shop_fields() | {"plan": "golden"}
    answer = ada.post("/platform/shops", **fields)
    assert answer.status_code == 400
    assert "There is no such plan." in answer.text


def test_a_taken_address_is_said(ada: Browser, shop: Shop):
    answer = ada.post("/platform/shops", **new_shop_fields(slug=shop.slug))
    assert answer.status_code == 409
    assert "already has the short name" in answer.text


def test_the_list_is_searched_and_htmx_gets_only_the_list(ada: Browser, new_shop: Callable[..., Shop]):
    mark = new_id().hex[-8:]
    new_shop(name=f"Zarrin {mark}")
    new_shop(name="Another shop")
    page = ada.get(f"/platform/shops?text={mark}")
    assert f"Zarrin {mark}" in page.text
    assert "Another shop" not in page.text
    part = ada.get(f"/platform/shops?text={mark}", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert f"Zarrin {mark}" in part.text
    assert "<html" not in part.text
    assert "Nothing fits" in ada.get(f"/platform/shops?text={mark}&state=suspended").text


def test_the_list_costs_the_same_for_one_shop_and_for_three(
    ada: Browser, new_shop: Callable[..., Shop], statements: Statements
):
    mark = new_id().hex[-8:]
    new_shop(name=f"{mark} 1")
    with statements.counted() as for_one:
        ada.get(f"/platform/shops?text={mark}")
    new_shop(name=f"{mark} 2")
    new_shop(name=f"{mark} 3")
    with statements.counted() as for_three:
        ada.get(f"/platform/shops?text={mark}")
    assert len(for_one) == len(for_three)


def test_a_plugin_that_is_off_is_gone_with_the_next_request_and_its_data_stays(
    ada: Browser, signed_in: SignedIn, shop: Shop
):
    owner = signed_in(shop)
    owner.post("/branches", code="BZR", name="Bazaar")
    answer = ada.post(f"/platform/shops/{shop.id}/plugins/branches/off")
    if answer.status_code == 422:
        # Others of this installation stand on it; the sentence names them, and they go first.
        for plugin in needing(ada, shop):
            assert ada.post(f"/platform/shops/{shop.id}/plugins/{plugin}/off").status_code == 303
        answer = ada.post(f"/platform/shops/{shop.id}/plugins/branches/off")
    assert answer.status_code == 303
    assert owner.get("/branches").status_code == 404
    assert owner.get("/api/v1/branches").status_code == 404
    assert owner.post("/branches", code="NEW", name="New").status_code == 404
    assert 'href="/branches"' not in owner.get("/users").text
    ada.post(f"/platform/shops/{shop.id}/plugins/branches/on")
    assert "Bazaar" in owner.get("/branches").text


def needing(ada: Browser, shop: Shop) -> tuple[str, ...]:
    plugins = ada.client.app.state.house.plugins  # type: ignore[attr-defined]
    found: tuple[str, ...] = plugins.needing("branches", shop.plugins)
    return tuple(reversed(found))


def test_what_cannot_be_switched_off_is_said_on_the_page(ada: Browser, shop: Shop):
    assert ada.get(f"/platform/shops/{shop.id}/plugins/identity").status_code == 404
    assert ada.post(f"/platform/shops/{shop.id}/plugins/identity/off").status_code in (404, 422)
    assert "Part of every shop" in ada.get(f"/platform/shops/{shop.id}/plugins").text


def test_a_suspended_shop_can_be_read_and_not_changed(ada: Browser, signed_in: SignedIn, shop: Shop):
    owner = signed_in(shop)
    assert ada.post(f"/platform/shops/{shop.id}/suspension", because="Three invoices").status_code == 303
    assert "Three invoices" in ada.get(f"/platform/shops/{shop.id}").text
    assert owner.get("/branches").status_code == 200
    assert owner.post("/branches", code="BZR", name="Bazaar").status_code == 403
    ada.post(f"/platform/shops/{shop.id}/reactivation")
    assert owner.post("/branches", code="BZR", name="Bazaar").status_code == 303


def test_a_suspension_has_a_reason(ada: Browser, shop: Shop):
    assert ada.post(f"/platform/shops/{shop.id}/suspension").status_code == 400
    assert "Three invoices" not in ada.get(f"/platform/shops/{shop.id}").text


def test_another_plan_shows_its_limits(ada: Browser, shop: Shop):
    assert ada.post(f"/platform/shops/{shop.id}/plan", plan="small").status_code == 303
    assert "What the shop uses of its plan" in ada.get(f"/platform/shops/{shop.id}/subscription").text
    assert ada.post(f"/platform/shops/{shop.id}/plan", plan="golden").status_code == 400


@pytest.mark.parametrize("path", ["", "/users", "/subscription", "/plugins", "/activity", "/edit", "/suspension"])
@pytest.mark.parametrize("unknown", [pytest.param(str(new_id()), id="made up"), "nonsense"])
def test_an_unknown_shop_is_not_found(ada: Browser, path: str, unknown: str):
    assert ada.get(f"/platform/shops/{unknown}{path}").status_code == 404
