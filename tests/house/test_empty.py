"""Where there is nothing yet, a page says what it is for and offers the first thing to do, to those who may do it."""

from __future__ import annotations

import re

import pytest

from kernel.contributions import Scope
from tests.house.addresses import addresses


def empties(page: str) -> list[str]:
    """What stands in each empty state of a page, up to its end."""
    main = page.split("<main", 1)[-1].split("</main>", 1)[0]
    return [part.split('<div class="empty"', 1)[0] for part in main.split('<div class="empty"')[1:]]


@pytest.mark.parametrize("role", ["owner", "manager", "employee"])
def test_what_an_empty_page_offers_is_open_to_whom_it_is_offered(plugins, shop, signed_in, role, subtests):
    person = signed_in(shop, role, f"Sara {role}")
    for address in addresses(plugins, scope=Scope.SHOP, changes=False):
        if address.ids or address.route.is_api or (page := person.get(address.at({}))).status_code != 200:
            continue
        for empty in empties(page.text):
            with subtests.test(str(address)):
                assert re.search(r"<p>.{20,}?</p>|<p>[^<]{20,}", empty, re.DOTALL), "it does not say what it is for"
                first = re.findall(r'href="(/[^"#]*)"', empty)
                assert first or "<form" in page.text.split("<main", 1)[-1], "it offers nothing to do"
                for path in first:
                    assert person.get(path).status_code < 400, path
