"""Every page of every plugin in both languages, by day and by night, from a phone to a wall.

A new page is looked at the day it appears.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import ElementHandle, Page, ViewportSize

from kernel.contributions import Scope
from tests.e2e.axe import violations
from tests.e2e.tab import Tab

#: Kept for people to look at; the folder is ignored.
PICTURES = Path(__file__).resolve().parents[2] / "test-results" / "screenshots"

DESK = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=360, height=740)
WALL = ViewportSize(width=2560, height=1440)

WHO = {Scope.SHOP: "owner", Scope.PLATFORM: "admin", Scope.PUBLIC: None}

#: What opens something: a dialog, a menu, a fold, a list to choose from.
OPENERS = "[data-opens], [popovertarget], [aria-haspopup], details:not([open]) > summary, main [role=combobox]"

#: What it opened, by how it is tied to it.
OPENED = """(opener) => {
  const byId = (name) => document.getElementById(opener.getAttribute(name) ?? "");
  const found = opener.closest("summary") ? opener.parentElement
    : byId("data-opens") ?? byId("popovertarget") ?? byId("aria-controls") ?? document.querySelector("dialog[open]");
  return found?.checkVisibility() && found.matches("details:not([open])") === false ? found : null;
}"""

#: Every stop of the keyboard: its ring, or that of what it is drawn as (the words beside a hidden radio button).
UNSEEN = """() => {
  const stops = document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']");
  const isRinged = (one) => {
    const looks = getComputedStyle(one);
    return looks.outlineStyle !== "none" && parseFloat(looks.outlineWidth) >= 2;
  };
  const unseen = [];
  for (const stop of stops) {
    if (stop.disabled || stop.type === "hidden" || stop.tabIndex < 0 || !stop.checkVisibility()) continue;
    stop.focus({focusVisible: true, preventScroll: true});
    if (document.activeElement !== stop) continue;
    const around = [stop, stop.nextElementSibling, stop.parentElement, stop.parentElement.parentElement];
    if (!around.some((one) => one && isRinged(one))) unseen.push(stop.outerHTML.slice(0, 120));
  }
  document.activeElement.blur();
  return unseen;
}"""

#: The first form of the page that cannot be sent empty.
EMPTY = """() => [...document.querySelectorAll("main form[method=post]:not([hx-post], [data-confirms])")].find((form) =>
  form.checkVisibility() && [...form.elements].some((one) => one.required && !one.value && one.type !== "radio"))"""


@dataclass(frozen=True, slots=True)
class Tried:
    """What was opened before: around the page by any test with this language and role, on the page by this test."""

    around: set[str]
    here: set[str] = field(default_factory=set)

    @classmethod
    def anew(cls, language: str, role: str | None) -> Tried:
        return cls(_AROUND[language, role])


_AROUND: defaultdict[tuple[str, str | None], set[str]] = defaultdict(set)


@pytest.mark.parametrize("scope", list(Scope), ids=lambda scope: scope.value)
def test_every_page_is_fit_to_be_seen(each_plugin, scope, language, pages, open_tab, subtests):
    """No violation of any impact in axe, nothing wider than its window, and no complaint of the browser."""
    found = [address for address in pages.of(each_plugin) if address.route.scope is scope]
    if not found:
        return
    with open_tab(language, WHO[scope], axe=True) as tab:
        tried = Tried.anew(language, WHO[scope])
        for address in found:
            with subtests.test(str(address)):
                path = pages.path(address, language)
                if path is not None:
                    tab.page.goto(path)
                    place = re.sub(r"[^a-z]+", "-", address.route.path.strip("/") or "today").strip("-")
                    name = f"{language}/{each_plugin}-{place}"
                    wrong = [*flaws(tab, name, tried), *sent_empty(tab, name), *tab.told()]
                    assert not wrong, "\n".join(wrong)


#: What belongs to no plugin, and who finds it: a page that is not there, one that is forbidden, the catalogue.
OTHERS = [("/nothing-here", "owner", 404), ("/users/new", "employee", 403), ("/dev/ui", "owner", 200)]


@pytest.mark.parametrize(("path", "role", "status"), OTHERS)
def test_what_belongs_to_no_plugin_is_fit_to_be_seen(path, role, status, language, open_tab):
    with open_tab(language, role, axe=True) as tab:
        tab.expected = {status}
        tab.page.goto(path)
        wrong = [*flaws(tab, f"{language}/house{path.replace('/', '-')}", Tried.anew(language, role))]
        assert not wrong, "\n".join(wrong)


def flaws(tab: Tab, name: str, tried: Tried) -> Iterator[str]:
    page = tab.page
    yield from by_day_and_by_night(page, name)
    for opener in openers(page, tried):
        yield from over_the_page(page, opener, name)
    page.keyboard.press("Tab")
    yield from (f"focus is not seen: {stop}" for stop in page.evaluate(UNSEEN))
    for size in (PHONE, WALL):
        page.set_viewport_size(size)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wider > 0:
            yield f"{wider} px wider than {size['width']}: {widest(page)}"
        if size == PHONE:
            picture(page, f"{name}-{size['width']}")
        # The side bar is a drawer on a phone.
        for opener in openers(page, tried):
            yield from over_the_page(page, opener, f"{name}-{size['width']}")
    page.set_viewport_size(DESK)


def sent_empty(tab: Tab, name: str) -> Iterator[str]:
    """A form with nothing in it comes back with what is wrong beside each field."""
    form = tab.page.evaluate_handle(EMPTY).as_element()
    if form is None:
        return
    tab.expected |= {400, 409, 422}
    with tab.page.expect_navigation():
        form.evaluate("form => form.requestSubmit()")
    yield from (f"sent empty: {found}" for found in by_day_and_by_night(tab.page, f"{name}--refused"))
    tab.expected = set()


def by_day_and_by_night(page: Page, name: str, within: ElementHandle | None = None) -> Iterator[str]:
    page.emulate_media(color_scheme="light")
    yield from (f"axe: {found}" for found in violations(page, within))
    picture(page, f"{name}-light")
    page.emulate_media(color_scheme="dark")
    yield from (f"axe, dark: {found}" for found in violations(page, within, only_colour=True))
    if within is None:
        picture(page, f"{name}-dark")
    page.emulate_media(color_scheme="light")


# What opens over the page


def openers(page: Page, tried: Tried) -> list[ElementHandle]:
    """Everything that opens something, and was not tried before."""
    found = []
    for opener in page.query_selector_all(OPENERS):
        known = tried.here if opener.evaluate("one => one.closest('main') !== null") else tried.around
        looks = re.sub(r"[0-9a-f-]{20,}|\d+", "…", opener.evaluate("one => one.outerHTML"))
        if looks not in known and opener.is_visible():
            known.add(looks)
            found.append(opener)
    return found


def over_the_page(page: Page, opener: ElementHandle, name: str) -> Iterator[str]:
    what = opener.evaluate("one => one.getAttribute('aria-label') || one.textContent.trim() || one.id")
    opener.click()
    for _try in range(20):
        opened = opener.evaluate_handle(OPENED).as_element()
        if opened:
            break
        page.wait_for_timeout(50)
    else:
        yield f"{what!r} opens nothing"
        return
    slug = re.sub(r"\W+", "-", what).strip("-").lower()[:30]
    # Only what opened: the page below it is half covered, which is no flaw of it.
    yield from (f"{what!r} open: {found}" for found in by_day_and_by_night(page, f"{name}--{slug}", opened))
    page.keyboard.press("Escape")
    page.evaluate("document.querySelectorAll('details[open]').forEach((one) => { one.open = false; })")
    if page.query_selector("dialog[open], :popover-open") is not None:
        yield f"Escape does not close {what!r}"


# Sizes


def widest(page: Page) -> str:
    """Who sticks out."""
    found: str = page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          const out = [...document.body.querySelectorAll("*")].filter((one) => {
            const box = one.getBoundingClientRect();
            return box.width && (box.right > width + 1 || box.left < -1);
          });
          return out.slice(-3).map((one) => `${one.tagName.toLowerCase()}.${one.className}`).join(", ");
        }"""
    )
    return found


def picture(page: Page, name: str) -> None:
    at = PICTURES / f"{name}.png"
    at.parent.mkdir(parents=True, exist_ok=True)
    # What sticks to an edge is drawn a frame after the window got another size.
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.screenshot(path=at, full_page=True, caret="initial")
