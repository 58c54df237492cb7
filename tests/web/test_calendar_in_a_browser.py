"""The calendar of a field for a day: it counts as the kernel does, and is worked by keyboard as WAI-ARIA asks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import expect
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from kernel import calendars, i18n
from kernel.calendars import Calendar
from tests.serving import serving
from web import showcase
from web.middleware import POLICY
from web.render import Look, page

pytestmark = pytest.mark.browser

GREGORIAN, JALALI = Calendar
ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "web" / "front" / "js" / "days.js"
TODAY = datetime(2026, 11, 21, 9, tzinfo=UTC)  # Saturday, 30 Aban 1405


def field(request):
    language = request.path_params["language"]
    view = showcase.view(language, "Zarrin", "Sara", "AED", now=TODAY)
    if language == "fa":
        view = replace(view, calendar=JALALI, week_begins=5)
    with i18n.speaking(language):
        request.state.view = replace(view, notices=())
        return page(request, "field.html", due=date(2026, 11, 19), first=date(2026, 11, 3), last=date(2026, 12, 24))


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("templates")
    (folder / "field.html").write_text(
        '{% extends "plain.html" %}{% block title %}Field{% endblock %}{% block content %}'
        '{{ ui.date_field("due", "Due", due) }}{{ ui.date_field("within", "Within", first=first, last=last) }}'
        "{% endblock %}"
    )
    app = Starlette(routes=[Route("/{language}", field)])
    app.state.look = look = Look([folder])
    app.router.routes.append(Mount("/static", look.assets))

    async def guarded(scope, receive, send):
        async def with_policy(message):
            if message["type"] == "http.response.start":
                message["headers"].append((b"content-security-policy", POLICY.encode()))
            await send(message)

        await app(scope, receive, with_policy if scope["type"] == "http" else send)

    with serving(guarded) as address:
        yield address


@pytest.fixture
def tab(chromium):
    i18n.add_locale_dir(ROOT / "locale")
    tab = chromium.new_page()
    tab.faults = []
    tab.on("pageerror", lambda fault: tab.faults.append(str(fault)))
    tab.on("console", lambda said: tab.faults.append(said.text) if said.type in ("error", "warning") else None)
    yield tab
    assert tab.faults == []
    tab.close()


@pytest.fixture(scope="module")
def counts(chromium):
    """Ask days.js: `counts("parts(0, 'jalali')")`."""
    tab = chromium.new_page()
    module = SOURCE.read_text().replace("export ", "")
    yield lambda asked, given=None: tab.evaluate(f"(given) => {{ {module}; return {asked}; }}", given)
    tab.close()


def number(day):
    return (day - date(1970, 1, 1)).days


def test_every_jalali_day_from_1300_to_1500_is_the_day_the_kernel_says(counts):
    first, last = calendars.day_of(1300, 1, 1, JALALI), calendars.day_of(1500, 12, 29, JALALI)
    days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    asked = "given.map((day) => [...parts(day, 'jalali'), dayOf(...parts(day, 'jalali'), 'jalali')])"
    found = counts(asked, [number(day) for day in days])
    assert found == [[*calendars.parts(day, JALALI), number(day)] for day in days]


def test_months_have_the_length_the_kernel_says_and_a_day_that_is_none_is_refused(counts):
    for calendar, years in ((JALALI, range(1300, 1501)), (GREGORIAN, range(1921, 2121))):
        firsts = [calendars.day_of(year, month, 1, calendar) for year in years for month in range(1, 13)]
        lengths = [(after - before).days for before, after in pairwise(firsts)]
        months = [[year, month] for year in years for month in range(1, 13)][:-1]
        asked = f"given.map(([year, month]) => monthLength(year, month, '{calendar}'))"
        assert counts(asked, months) == lengths
        asked = f"given.map(([year, month], place) => dayOf(year, month, {lengths}[place] + 1, '{calendar}'))"
        assert set(counts(asked, months)) == {None}


def test_months_are_turned_as_the_kernel_adds_them(counts):
    days = [calendars.day_of(1403, 12, 30, JALALI), calendars.day_of(1405, 6, 31, JALALI), date(2024, 2, 29)]
    for calendar in Calendar:
        for months in (-12, -1, 1, 6, 7, 12, 25):
            found = counts(
                f"given.map((day) => monthsLater(day, {months}, '{calendar}'))", [number(day) for day in days]
            )
            assert found == [number(calendars.months_later(day, months, calendar)) for day in days]


TYPED = [
    "1405/08/30", "۱۴۰۵/۸/۳۰", "١٤٠٥-٠٨-٣٠", "1405.8.30", " 1405/8/30 ", "2026-11-21", "2026/11/21", "۲۰۲۶.۱۱.۲۱",
    "1405/12/30", "1403/12/30", "1405/7/31", "1405/13/1", "1405/0/1", "1405/1/0", "1405/8-30", "05/8/30", "30/8/1405",
    "1405/8", "", "tomorrow", "2025-02-29", "2024-02-29", "14055/8/30", "1405/008/30", "۱۴۰۵/۸", "1405 8 30",
]  # fmt: skip


@pytest.mark.parametrize("calendar", Calendar)
def test_what_is_typed_is_read_as_the_server_reads_it(counts, calendar):
    def read(typed):
        try:
            return number(calendars.read_date(typed, calendar))
        except ValueError:
            return None

    assert counts(f"given.map((typed) => read(typed, '{calendar}'))", TYPED) == [read(typed) for typed in TYPED]


def test_what_is_chosen_is_written_as_the_server_writes_it(counts):
    for calendar in Calendar:
        for language in ("en", "fa"):
            for day in (date(2026, 3, 21), date(2026, 11, 9)):
                found = counts(f"written({number(day)}, '{calendar}', '{language}')")
                assert found == calendars.date_text(day, calendar, language)


def opened(tab, house, language="en", name="due"):
    tab.goto(f"{house}/{language}")
    tab.locator(f".dated:has([name={name}]) .dated__open").click()
    return tab.locator(f".dated:has([name={name}]) dialog")


def focused(tab):
    return tab.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent")


def walked(tab, *keys):
    """Where the focus stands after each key."""
    stood = []
    for key in keys:
        tab.keyboard.press(key)
        tab.wait_for_timeout(30)
        stood.append(focused(tab))
    return stood


def test_the_calendar_opens_on_the_day_that_is_typed_and_escape_gives_the_focus_back(tab, house):
    dialog = opened(tab, house)
    expect(dialog.locator("h2")).to_have_text("November 2026")
    expect(dialog.locator("[aria-selected=true]")).to_have_text("19")
    expect(dialog.locator("[aria-current=date]")).to_have_text("21")
    assert dialog.locator("th").all_text_contents() == ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
    assert focused(tab) == "19 November 2026"
    tab.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    assert focused(tab) == "Due: choose a day"
    expect(tab.locator("[name=due]")).to_have_value("2026-11-19")


def test_keys_walk_the_days(tab, house):
    opened(tab, house)
    assert walked(tab, "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "Home", "End", "PageDown", "PageUp") == [
        "20 November 2026", "27 November 2026", "26 November 2026", "19 November 2026",
        "16 November 2026", "22 November 2026", "22 December 2026", "22 November 2026",
    ]  # fmt: skip
    assert walked(tab, "Shift+PageDown", "Shift+PageUp") == ["22 November 2027", "22 November 2026"]
    tab.keyboard.press("Enter")
    expect(tab.locator("[name=due]")).to_have_value("2026-11-22")
    assert focused(tab) == "Due: choose a day"


def test_in_persian_the_calendar_is_jalali_begins_on_saturday_and_arrows_are_mirrored(tab, house):
    dialog = opened(tab, house, "fa")
    expect(dialog.locator("h2")).to_have_text("آبان ۱۴۰۵")
    assert dialog.locator("th").all_text_contents() == ["ش", "ی", "د", "س", "چ", "پ", "ج"]
    assert focused(tab) == "۲۸ آبان ۱۴۰۵"  # a Thursday
    assert walked(tab, "ArrowLeft", "ArrowRight", "ArrowRight", "Home", "End", "PageDown") == [
        "۲۹ آبان ۱۴۰۵", "۲۸ آبان ۱۴۰۵", "۲۷ آبان ۱۴۰۵", "۲۳ آبان ۱۴۰۵", "۲۹ آبان ۱۴۰۵", "۲۹ آذر ۱۴۰۵",
    ]  # fmt: skip
    tab.keyboard.press(" ")
    expect(tab.locator("[name=due]")).to_have_value("۱۴۰۵/۰۹/۲۹")


def test_a_day_outside_of_what_may_be_chosen_is_barred(tab, house):
    dialog = opened(tab, house, name="within")
    expect(dialog.locator("[aria-current=date]")).to_have_attribute("tabindex", "0")
    barred = dialog.locator("[aria-disabled=true]")
    assert barred.all_text_contents() == ["1", "2"]
    barred.first.click(force=True)
    expect(dialog).to_be_visible()
    dialog.get_by_text("Today").click()
    expect(tab.locator("[name=within]")).to_have_value("2026-11-21")


def test_a_day_can_be_typed_cleared_and_opened_from_the_field(tab, house):
    tab.goto(f"{house}/en")
    due = tab.locator("[name=due]")
    due.fill("2025/1/5")
    due.press("Alt+ArrowDown")
    dialog = tab.locator(".dated:has([name=due]) dialog")
    expect(dialog.locator("[aria-selected=true]")).to_have_attribute("aria-label", "5 January 2025")
    dialog.get_by_text("Clear").click()
    expect(due).to_have_value("")


def test_the_calendar_stays_on_the_screen(tab, house):
    for language, size in (("en", 1440), ("fa", 1440), ("fa", 360)):
        tab.set_viewport_size({"width": size, "height": 700})
        box = opened(tab, house, language).bounding_box()
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= size
        assert box["y"] + box["height"] <= 700
