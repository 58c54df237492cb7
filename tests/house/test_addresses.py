"""Every address, from the route table: it opens for who may, and another shop's id is as good as none.

A new page is tried the day it appears.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from httpx import Response
from psycopg import Connection

from kernel.contributions import Scope
from kernel.ids import new_id
from kernel.plugins import Plugins
from kernel.tenancy import Shop
from tests.house.addresses import Address, addresses, everything, of_the_platform, said
from tests.house.conftest import Trader
from tests.house.typed import filled, pairs, put, send, spots
from tests.plugins.browser import Browser
from tests.rows import Superuser
from web.routing import NOTICE_COOKIE

# Opening


def test_every_page_opens_on_an_empty_shop(plugins: Plugins, shop: Shop, signed_in: Callable[..., Browser], subtests):
    owner = signed_in(shop)
    for address in addresses(plugins, scope=Scope.SHOP, changes=False):
        if not address.ids:
            with subtests.test(str(address)):
                assert_opens(owner, address, address.at({}))


def test_every_page_opens_on_a_shop_that_trades(plugins: Plugins, ours: Trader, clock, subtests):
    for address in addresses(plugins, scope=Scope.SHOP, changes=False):
        with subtests.test(str(address)):
            found = ours.belongings.of(ours.owner, address)
            assert found is not None, "nothing that this shop has opens here: let the trade of the tests have one"
            assert_opens(ours.owner, address, address.at(found))


def test_every_page_of_the_platform_opens(
    plugins: Plugins, ada: Browser, shop: Shop, a_fault: None, past_all_rules: Superuser, subtests
):
    for address in addresses(plugins, scope=Scope.PLATFORM, changes=False):
        with subtests.test(str(address)):
            assert_opens(ada, address, address.at(of_the_platform(past_all_rules, address, shop)))


def test_every_page_for_anybody_opens(plugins: Plugins, browser: Callable[[], Browser], subtests):
    for address in addresses(plugins, scope=Scope.PUBLIC, changes=False):
        with subtests.test(str(address)):
            if address.is_in_letters:
                made_up = address.at(dict.fromkeys(address.names, str(new_id())))
                assert browser().get(made_up).status_code in (404, 410)
            else:
                assert_opens(browser(), address, address.at({}))


def assert_opens(browser: Browser, address: Address, path: str) -> None:
    answers = [browser.get(path)]
    if address.route.query is not None:
        for sparingly in (False, True):
            asked = pairs(filled(address.route.query, sparingly=sparingly))
            answers.append(browser.client.get(path, params=asked))
    # Without its query an address may ask for one; with nonsense in it, too; one of both it takes.
    assert min(answer.status_code for answer in answers) < 400, [answer.text[-2000:] for answer in answers]
    assert max(answer.status_code for answer in answers) < 500, [answer.text[-2000:] for answer in answers]


@pytest.mark.parametrize("role", ["owner", "manager", "employee"])
def test_who_may_gets_in_and_who_may_not_is_told_so(plugins, ours, database, actor, signed_in, clock, role, subtests):
    somebody = signed_in(ours.shop, role)
    for address in addresses(plugins, scope=Scope.SHOP, changes=False):
        with subtests.test(str(address)):
            permission = address.route.permission
            may = permission is None or role in permission.roles
            path = address.at(ours.belongings.of(ours.owner, address) or {})
            status = somebody.get(path).status_code
            # What is open to everybody may be about what is one's own: that of another is not there.
            fine = (400, 404) if permission is None and address.ids else (400,)
            assert (status < 400 or status in fine) if may else status == 403


def test_nobody_who_is_not_signed_in_gets_further_than_the_door(plugins, ours, browser, clock, subtests):
    stranger = browser()
    for address in addresses(plugins):
        if address.route.scope is not Scope.PUBLIC:
            with subtests.test(str(address)):
                path = address.at(dict.fromkeys(address.ids, str(new_id())))
                answer = stranger.client.request(address.route.method, path)
                if address.route.is_api:
                    assert answer.status_code == 401
                else:
                    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/login")


def test_a_change_without_the_sessions_proof_is_refused(plugins, ours, clock, past_all_rules, subtests):
    before = everything(past_all_rules, ours.shop)
    for address in addresses(plugins, scope=Scope.SHOP, changes=True):
        with subtests.test(str(address)):
            path = address.at(ours.belongings.probably(address.ids))
            assert ours.owner.client.request(address.route.method, path).status_code == 403
    past_all_rules.rollback()
    assert everything(past_all_rules, ours.shop) == before


# Another shop's ids


def test_another_shops_id_is_answered_like_one_that_never_was(plugins, ours, theirs, clock, subtests):
    for address in addresses(plugins, scope=Scope.SHOP, changes=False):
        if address.ids:
            with subtests.test(str(address)):
                real = ours.belongings.of(ours.owner, address)
                assert real is not None, "nothing that this shop has opens here: let the trade of the tests have one"
                for name in address.ids:
                    own = theirs.belongings.of(theirs.owner, address) or {}
                    made_up = str(new_id())
                    foreign = theirs.owner.get(address.at(own | {name: real[name]}))
                    unknown = theirs.owner.get(address.at(own | {name: made_up}))
                    assert said(foreign, real[name]) == said(unknown, made_up)
                    assert foreign.status_code == 404


def test_another_shops_id_cannot_be_changed_and_is_answered_like_one_that_never_was(
    plugins, ours, theirs, clock, past_all_rules, subtests
):
    learn(plugins, ours, theirs)
    before = everything(past_all_rules, ours.shop)
    for address in addresses(plugins, scope=Scope.SHOP, changes=True):
        if address.ids:
            with subtests.test(str(address)):
                own, real = (one.belongings.probably(address.ids) for one in (theirs, ours))
                data = filled(address.route.form, theirs.belongings.likely_one) if address.route.form else {}
                for name in address.ids:
                    made_up = str(new_id())
                    foreign = send(theirs.owner, address.route, address.at(own | {name: real[name]}), data)
                    unknown = send(theirs.owner, address.route, address.at(own | {name: made_up}), data)
                    assert said(foreign, real[name]) == said(unknown, made_up)
                    assert 400 <= foreign.status_code < 500
    assert_untouched(past_all_rules, ours, before)


def test_another_shops_id_in_a_form_is_taken_for_one_that_never_was(
    plugins, ours, theirs, clock, past_all_rules, subtests
):
    learn(plugins, ours, theirs)
    before = everything(past_all_rules, ours.shop)
    for address in addresses(plugins, scope=Scope.SHOP):
        form = address.route.form or address.route.query
        if form is None or not any(spot.is_id for spot in spots(form)):
            continue
        with subtests.test(str(address)):
            path = address.at(theirs.belongings.probably(address.ids))
            data = filled(form, theirs.belongings.likely_one)
            for spot in (spot for spot in spots(form) if spot.is_id):
                for real in ours.belongings.likely(spot.name)[:3]:
                    made_up = str(new_id())
                    foreign, unknown = (
                        ask(theirs.owner, address, path, put(data, spot.path, one)) for one in (real, made_up)
                    )
                    assert said(foreign, real) == said(unknown, made_up), spot.path
                    assert foreign.status_code < 500
    assert_untouched(past_all_rules, ours, before)


def ask(browser: Browser, address: Address, path: str, data: dict[str, Any]) -> Response:
    browser.client.cookies.pop(NOTICE_COOKIE, None)  # what an earlier answer said is not part of this one
    if address.route.changes:
        return send(browser, address.route, path, data)
    answer: Response = browser.client.get(path, params=pairs(data))
    return answer


def learn(plugins: Plugins, *traders: Trader) -> None:
    """Which table an id in an address is of is seen where it can be read."""
    for trader in traders:
        for address in addresses(plugins, scope=Scope.SHOP, changes=False):
            if address.ids:
                trader.belongings.of(trader.owner, address)


def assert_untouched(connection: Connection[Any], trader: Trader, before: dict[str, str]) -> None:
    connection.rollback()
    assert everything(connection, trader.shop) == before
