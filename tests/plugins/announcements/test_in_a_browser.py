"""What a shop is told in a real browser: read and acknowledged with and without scripts, and nothing that axe minds."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from plugins.announcements import queries
from tests.e2e.axe import violations
from tests.e2e.tab import AXE
from tests.plugins.pos.test_till_in_a_browser import address, tab_of

__all__ = ["address", "tab_of"]

pytestmark = pytest.mark.browser


@pytest.fixture
def told(announce, new_shop):
    """A shop that is told two things; both stand with it."""
    shop = new_shop("AE", name="Dubai Gold")
    warning = announce(shop, severity="warning", title_en="Prices change", ends_day="2025-07-01")
    critical = announce(shop, severity="critical", title_en="Close your tills tonight")
    return SimpleNamespace(shop=shop, warning=warning, critical=critical)


def seen(database, announcement, actor):
    with database.for_platform("read", actor, read_only=True) as work:
        found = queries.reach(work, [announcement])[announcement.id]
    return found.seen, found.acknowledged


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_minds_nothing_of_it(told, tab_of, address, language, width):
    with tab_of(told) as tab:
        tab.set_viewport_size({"width": width, "height": 900})
        tab.context.add_cookies([{"name": "language", "value": language, "url": address}])
        for path in ("/announcements", "/"):
            tab.goto(path)
            tab.evaluate(AXE)
            assert violations(tab) == []
            assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scripts", [True, False])
def test_it_is_acknowledged_from_wherever_one_is(told, tab_of, database, actor, scripts):
    with tab_of(told, scripts=scripts) as tab:
        tab.goto("/branches")
        band = tab.locator(".band", has_text="Close your tills tonight")
        expect(band).to_be_visible()
        band.get_by_role("button", name="Got it").click()
        expect(band).to_have_count(0)
        assert tab.url.endswith("/branches")
        assert seen(database, told.critical, actor) == (1, 1)


def test_who_reads_the_page_has_seen_what_is_on_it(told, tab_of, database, actor):
    with tab_of(told) as tab:
        with tab.expect_response(lambda answer: answer.url.endswith("/announcements/seen")):
            tab.goto("/announcements")
        assert seen(database, told.warning, actor) == (1, 0)
        tab.goto("/")
        expect(tab.locator(".notice", has_text="Prices change")).to_have_count(0)


def test_without_scripts_a_button_says_so(told, tab_of, database, actor):
    with tab_of(told, scripts=False) as tab:
        tab.goto("/announcements")
        assert seen(database, told.warning, actor) == (0, 0)
        tab.get_by_role("button", name="I have seen all of them").click()
        assert seen(database, told.warning, actor) == (1, 0)
        expect(tab.get_by_role("button", name="I have seen all of them")).to_have_count(0)
