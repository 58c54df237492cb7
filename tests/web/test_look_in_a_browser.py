"""The look in a real browser, under the real content policy: nothing overflows, htmx brings parts."""

import shutil
import threading
import time
from dataclasses import replace

import pytest
import uvicorn
from playwright.sync_api import expect, sync_playwright
from starlette.applications import Starlette
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route

from kernel import i18n
from kernel.errors import BadInput
from web import showcase
from web.bodies import read_form
from web.forms import Draft, Form, Line, WeightG, validate
from web.listing import Listing
from web.middleware import POLICY
from web.render import Look, formats, page, say

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class PieceForm(Form):
    name: Line
    gross: WeightG


def all_parts(request):
    language, draft = request.path_params["language"], request.path_params["draft"]
    currency = "IRT" if language == "fa" else "AED"
    with i18n.speaking(language):
        request.state.view = showcase.view(language, "Zarrin", "Sara", currency)
        request.state.draft = showcase.REFUSED if draft == "refused" else Draft()
        return page(request, "dev/ui.html", **showcase.context(formats(request), currency))


def listed(request):
    request.state.view = replace(showcase.view("en", "Zarrin", "Sara", "AED"), notices=())
    listing = Listing.of(request, sorts=("sku", "net"), filters=("text",)).counted(120)
    found = [f"{listing.filter('text')} {listing.sort} {listing.descending} {listing.page}"]
    return page(request, "list.html", block="list", listing=listing, found=found)


async def saved(request):
    request.state.view = replace(showcase.view("en", "Zarrin", "Sara", "AED"), notices=())
    if request.method == "POST":
        if request.headers.get("HX-Request"):
            assert request.headers["X-CSRF-Token"] == "token"
            return say(request, "The till is closed.", status=422)
        data = read_form(await request.body())
        try:
            form = validate(PieceForm, data)
        except BadInput as refused:
            request.state.draft = Draft(data, refused.fields)
        else:
            return RedirectResponse(f"/list?text={form.name}+{form.gross.mg}", 303)
    return page(request, "form.html", status=422 if request.method == "POST" else 200)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """The address of a little house of our own."""
    folder = tmp_path_factory.mktemp("templates")
    (folder / "list.html").write_text(
        '{% extends "frame.html" %}{% block title %}List{% endblock %}{% block content %}'
        '{% call ui.filters(listing) %}{{ ui.search("text", "Text", listing.filter("text")) }}'
        '{{ ui.select("category", "Category", [("ring", "Ring")], "", blank="All") }}{% endcall %}'
        '<div id="list">{% block list %}{% call ui.table("Found") %}<thead><tr>{{ ui.sort(listing, "sku", "SKU") }}'
        '{{ ui.sort(listing, "net", "Net", number=true) }}</tr></thead><tbody data-rows>{% for one in found %}'
        '<tr tabindex="-1"><td id="found">{{ one }}</td><td></td></tr>{% endfor %}</tbody>{% endcall %}'
        "{{ ui.pagination(listing) }}{% endblock %}</div>{% endblock %}"
    )
    (folder / "form.html").write_text(
        '{% extends "frame.html" %}{% block title %}Form{% endblock %}{% block content %}'
        '{% call ui.form("/form") %}{{ ui.field("name", "Name") }}{{ ui.weight("gross", "Gross") }}'
        '{{ ui.buttons("Save", key="F2") }}{% endcall %}'
        '<button id="try" hx-post="/form" hx-target="#kept">Try</button><div id="kept">as it was</div>{% endblock %}'
    )
    app = Starlette(
        routes=[
            Route("/ui/{language}/{draft}", all_parts),
            Route("/list", listed),
            Route("/form", saved, methods=["GET", "POST"]),
            Route("/preferences", lambda request: RedirectResponse("/list", 303), methods=["POST"]),
        ]
    )
    app.state.look = look = Look([folder])
    app.router.routes.append(Mount("/static", look.assets))

    async def guarded(scope, receive, send):
        async def with_policy(message):
            if message["type"] == "http.response.start":
                message["headers"].append((b"content-security-policy", POLICY.encode()))
            await send(message)

        await app(scope, receive, with_policy if scope["type"] == "http" else send)

    server = uvicorn.Server(uvicorn.Config(guarded, port=0, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(5)


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("no Chromium here: install it (Debian: apt-get install chromium) to look at pages in a browser")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def tab(browser, house):
    """A tab that fails the test when the page complains: a broken policy, a script error."""
    context = browser.new_context(base_url=house, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(5000)
    tab = context.new_page()
    complaints = []
    tab.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    yield tab
    context.close()
    # A refused form is answered 422, which browsers report on the console, too.
    assert [complaint for complaint in complaints if "422" not in complaint] == []


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("draft", ["new", "refused"])
def test_no_page_is_wider_than_its_window(tab, language, draft):
    tab.goto(f"/ui/{language}/{draft}")
    for width in (360, 600, 768, 899, 900, 1100, 1280, 1920, 2560):
        tab.set_viewport_size({"width": width, "height": 800})
        wider = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (width, wider) == (width, 0)


def test_the_side_bar_is_a_drawer_on_a_small_screen(tab):
    tab.goto("/ui/en/new")
    side = tab.get_by_role("navigation", name="Main menu")
    expect(side).to_be_visible()
    tab.set_viewport_size({"width": 600, "height": 800})
    expect(side).to_be_hidden()
    tab.get_by_role("button", name="Open the menu").click()
    expect(side).to_be_visible()
    tab.keyboard.press("Escape")
    expect(side).to_be_hidden()


def test_a_dialog_takes_the_keyboard_and_gives_it_back(tab):
    tab.goto("/ui/en/new")
    opener = tab.get_by_role("button", name="Void", exact=True)
    opener.click()
    dialog = tab.get_by_role("alertdialog", name="Void sale 2041?")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_look_changes_at_once(tab):
    tab.goto("/ui/en/new")
    tab.get_by_label("Menu of Sara").click()
    ground = "getComputedStyle(document.body).backgroundColor"
    assert tab.evaluate(ground) == "rgb(250, 248, 243)"
    tab.get_by_role("button", name="Dark").click()
    assert tab.evaluate(ground) == "rgb(18, 17, 13)"
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("button", name="Dark")).to_be_hidden()


def test_a_notice_can_be_dismissed(tab):
    tab.goto("/ui/en/new")
    toast = tab.get_by_text("The ring is in stock.")
    expect(toast).to_be_visible()
    tab.locator("[data-toast]").get_by_role("button", name="Close").click()
    expect(toast).to_have_count(0)


def test_the_sum_of_errors_has_the_focus_and_leads_to_the_fields(tab):
    tab.goto("/ui/en/refused")
    summary = tab.locator(".notice[data-focus]")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Gross weight").click()
    assert tab.evaluate("location.hash") == "#f-gross"


def test_a_list_is_asked_while_one_types_and_its_address_says_so(tab):
    tab.goto("/list")
    tab.evaluate("document.body.dataset.same = 'yes'")
    tab.get_by_label("Text").press_sequentially("ring")
    expect(tab.locator("#found")).to_have_text("ring sku False 1")
    tab.get_by_role("link", name="Net").click()
    expect(tab.locator("#found")).to_have_text("ring net False 1")
    tab.get_by_role("link", name="Next page").click()
    expect(tab.locator("#found")).to_have_text("ring net False 2")
    assert tab.url.endswith("/list?text=ring&sort=net&page=2")
    assert "category" not in tab.url
    assert tab.evaluate("document.body.dataset.same") == "yes"
    assert tab.locator("h1").count() == 1
    tab.reload()
    expect(tab.locator("#found")).to_have_text("ring net False 2")
    expect(tab.get_by_label("Text")).to_have_value("ring")


def test_going_back_shows_the_list_as_it_was(tab):
    tab.goto("/list")
    tab.get_by_role("link", name="Net").click()
    expect(tab.locator("#found")).to_have_text("net False 1")
    tab.go_back()
    expect(tab.locator("#found")).to_have_text("sku False 1")
    assert tab.locator("h1").count() == 1


def test_a_list_works_without_scripts(browser, house):
    context = browser.new_context(base_url=house, java_script_enabled=False)
    tab = context.new_page()
    tab.goto("/list")
    tab.get_by_label("Text").fill("ring")
    tab.get_by_role("button", name="Show").click()
    expect(tab.locator("#found")).to_have_text("ring sku False 1")
    tab.get_by_role("link", name="Net").click()
    expect(tab.locator("#found")).to_have_text("ring net False 1")
    context.close()


def test_a_refused_form_is_corrected_and_kept(tab):
    tab.goto("/form")
    tab.get_by_label("Name").fill("Ring")
    tab.keyboard.press("F2")
    expect(tab.locator("#f-gross-error")).to_have_text("Please fill this in.")
    expect(tab.get_by_label("Name")).to_have_value("Ring")
    tab.get_by_label("Gross").fill("۴٫۲۵۰")
    tab.keyboard.press("F2")
    expect(tab.locator("#found")).to_have_text("Ring 4250 sku False 1")


def test_a_refusal_to_htmx_is_said_and_changes_nothing(tab):
    tab.goto("/form")
    tab.locator("#try").click()
    expect(tab.get_by_text("The till is closed.")).to_be_visible()
    expect(tab.locator("#kept")).to_have_text("as it was")


def test_rows_are_walked_with_the_arrow_keys(tab):
    tab.goto("/ui/en/new")
    rows = tab.locator("[data-rows] > tr")
    rows.first.focus()
    tab.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    tab.keyboard.press("ArrowUp")
    expect(rows.first).to_be_focused()


def test_the_search_has_a_key(tab):
    tab.goto("/ui/en/new")
    tab.keyboard.press("Control+k")
    expect(tab.get_by_role("searchbox", name="Search", exact=True).first).to_be_focused()
