"""The look in a real browser, under the real content policy: nothing overflows, htmx brings parts."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.routing import Mount, Route

from kernel import i18n
from kernel.errors import BadInput
from tests.serving import serving
from web import showcase
from web.bodies import read_form
from web.forms import Draft, Form, Line, WeightG, validate
from web.listing import Listing
from web.middleware import POLICY
from web.render import Look, formats, page, say

pytestmark = pytest.mark.browser


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


def chosen(request):
    request.state.view = replace(showcase.view("fa", "Zarrin", "Sara", "IRT"), notices=())
    return page(request, "chosen.html", people=[("k", "نگار كريمي"), ("a", "آرش ۱۲۳"), ("b", "بابک ۴۵۶")])


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
        '<button id="try" hx-post="/form" hx-target="#stays">Try</button><div id="stays">as it was</div>{% endblock %}'
    )
    (folder / "chosen.html").write_text(
        '{% extends "plain.html" %}{% block title %}Chosen{% endblock %}{% block content %}'
        '<form action="/chosen">{{ ui.choose("who", "Who", people, "a") }}{{ ui.button("Send") }}</form>{% endblock %}'
    )
    app = Starlette(
        routes=[
            Route("/ui/{language}/{draft}", all_parts),
            Route("/dev/ui/people", showcase.answer_people),
            Route("/chosen", chosen),
            Route("/search", lambda request: HTMLResponse("")),
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
                # By the id the page knows that it is the house that answers, not something between (js/lost.js).
                message["headers"] += [(b"content-security-policy", POLICY.encode()), (b"x-request-id", b"1")]
            await send(message)

        await app(scope, receive, with_policy if scope["type"] == "http" else send)

    with serving(guarded) as address:
        yield address


@pytest.fixture
def browser(chromium):
    return chromium


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
    tab.locator("#toasts").get_by_role("button", name="Close").click()
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
    expect(tab.locator("#stays")).to_have_text("as it was")


def test_what_is_pressed_before_htmx_has_looked_at_it_loads_no_page(tab):
    tab.goto("/form")
    tab.evaluate("""() => {
      window.stayed = true;
      document.querySelector("#stays").innerHTML =
        '<form action="/form" method="post" hx-post="/form" hx-swap="none"><button id="now">Now</button></form>';
      document.querySelector("#now").click();
    }""")
    expect(tab.get_by_text("The till is closed.")).to_be_visible()
    assert tab.evaluate("window.stayed")


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
    expect(tab.locator("#palette").get_by_role("combobox")).to_be_focused()


def test_one_of_many_is_found_by_typing(tab):
    tab.goto("/chosen")
    who = tab.get_by_role("combobox", name="Who")
    expect(who).to_have_value("آرش ۱۲۳")
    who.click()
    expect(tab.get_by_role("option")).to_have_text(["نگار كريمي", "آرش ۱۲۳", "بابک ۴۵۶"])
    expect(tab.get_by_role("option", selected=True)).to_have_text("آرش ۱۲۳")
    for typed, found in (("کریمی", ["نگار كريمي"]), ("456", ["بابک ۴۵۶"]), ("ب ۴", ["بابک ۴۵۶"]), ("xyz", [])):
        who.fill(typed)
        expect(tab.get_by_role("option")).to_have_text(found)
    who.fill("")
    who.press("ArrowDown")  # from the one that is chosen
    who.press("Enter")
    expect(who).to_have_value("بابک ۴۵۶")
    expect(tab.get_by_role("listbox")).to_be_hidden()
    tab.get_by_role("button", name="Send").click()
    assert tab.url.endswith("/chosen?who=b")


def test_what_was_typed_and_not_chosen_is_not_kept(tab):
    tab.goto("/chosen")
    who = tab.get_by_role("combobox", name="Who")
    who.fill("بابک")
    who.press("Escape")
    who.press("Tab")
    expect(who).to_have_value("آرش ۱۲۳")
    who.fill("")
    who.press("Tab")
    tab.get_by_role("button", name="Send").click()
    tab.wait_for_url(re.compile(r"/chosen\?$"))  # nobody: a form that only asks leaves it out


def test_a_long_list_is_asked_from_its_source(tab):
    tab.goto("/ui/en/new")
    supplier = tab.get_by_role("combobox", name="Supplier")
    supplier.press_sequentially("0935")
    expect(tab.get_by_role("listbox").get_by_role("option")).to_have_count(1)
    supplier.press("Enter")
    expect(supplier).to_have_value("Omid Rahimi")
    assert tab.locator("[name=supplier]").input_value() == "omid"


def test_one_of_many_is_a_plain_list_without_scripts(browser, house):
    context = browser.new_context(base_url=house, java_script_enabled=False)
    tab = context.new_page()
    tab.goto("/chosen")
    tab.get_by_label("Who").select_option("b")
    tab.get_by_role("button", name="Send").click()
    assert tab.url.endswith("/chosen?who=b")
    context.close()


@pytest.mark.parametrize(("language", "forward"), [("en", "ArrowRight"), ("fa", "ArrowLeft")])
def test_tabs_of_a_page_are_walked_with_the_arrow_keys(tab, language, forward):
    tab.goto(f"/ui/{language}/new")
    tabs = tab.locator("#tabs").get_by_role("tab")
    panels = tab.locator(".panels__panel")
    tabs.first.focus()
    tab.keyboard.press(forward)
    expect(tabs.nth(1)).to_be_focused()
    expect(panels.nth(1)).to_be_visible()
    expect(panels.nth(0)).to_be_hidden()
    tab.keyboard.press("End")
    tab.keyboard.press(forward)
    expect(tabs.first).to_be_focused()


def test_without_scripts_all_panels_stand_on_the_page(browser, house):
    context = browser.new_context(base_url=house, java_script_enabled=False)
    tab = context.new_page()
    tab.goto("/ui/en/new")
    assert [panel.is_visible() for panel in tab.locator(".panels__panel").all()] == [True, True, True]
    context.close()


def test_an_icon_says_what_it_is_also_to_the_keyboard(tab):
    tab.goto("/ui/en/new")
    settings = tab.locator("#button").get_by_role("button", name="Settings")
    tab.locator("#button").get_by_role("link", name="Edit").focus()
    tab.keyboard.press("Tab")
    expect(settings).to_be_focused()
    expect(tab.locator(".tip")).to_have_text("Settings")
    tab.keyboard.press("Escape")
    expect(tab.locator(".tip")).to_be_hidden()
    settings.hover()
    expect(tab.locator(".tip")).to_be_visible()


def test_three_notices_are_seen_at_once_and_wait_while_pointed_at(tab):
    tab.clock.install()
    tab.goto("/ui/en/new")
    tab.evaluate("""() => {
        const stack = document.getElementById("toasts");
        for (let n = 0; n < 4; n++) stack.append(stack.firstElementChild.cloneNode(true));
    }""")
    toasts = tab.locator("#toasts [data-toast]")
    assert [toast.is_visible() for toast in toasts.all()] == [True, True, True, False, False]
    toasts.first.hover()
    tab.clock.run_for(20_000)
    expect(toasts).to_have_count(5)
    tab.mouse.move(0, 0)
    tab.clock.run_for(8_500)
    expect(toasts).to_have_count(2)
    tab.clock.run_for(8_500)
    expect(toasts).to_have_count(0)


def test_a_text_is_taken_along(tab):
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.goto("/ui/en/new")
    copy = tab.get_by_role("button", name="Copy the number")
    copy.click()
    expect(copy.get_by_role("status")).to_have_text("Copied")
    assert tab.evaluate("navigator.clipboard.readText()") == "RNG-1021"


def test_a_drawer_takes_the_keyboard_to_its_first_field(tab):
    tab.goto("/ui/en/new")
    tab.get_by_role("button", name="Drawer").click()
    expect(tab.get_by_label("Shelf")).to_be_focused()
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("button", name="Drawer")).to_be_focused()


PIXELS = """() => {
    const { width, height } = document.querySelector("#month canvas");
    const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(document.querySelector("#month canvas"), 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    const seen = new Set();
    for (let at = 0; at < data.length; at += 4) {
        if (data[at + 3] === 255) seen.add([data[at], data[at + 1], data[at + 2]].join());
    }
    return [...seen];
}"""


def test_a_chart_is_drawn_in_the_colours_of_the_theme(tab):
    tab.goto("/ui/en/new")
    light, dark = "154,115,16", "226,187,91"
    tab.wait_for_timeout(300)
    seen = tab.evaluate(PIXELS)
    assert (light in seen, dark in seen) == (True, False)
    tab.evaluate("document.documentElement.dataset.theme = 'dark'")
    tab.wait_for_timeout(300)
    seen = tab.evaluate(PIXELS)
    assert (light in seen, dark in seen) == (False, True)


def test_the_table_behind_a_chart_takes_its_place(tab):
    tab.goto("/ui/en/new")
    month = tab.locator("#month")
    expect(month.locator("canvas")).to_be_visible()
    expect(month.get_by_role("table")).to_be_hidden()
    month.locator("summary").press("Enter")
    expect(month.get_by_role("table")).to_be_visible()
    expect(month.locator("canvas")).to_be_hidden()


def test_chart_js_is_only_asked_for_where_a_chart_stands(tab):
    asked = []
    tab.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    tab.goto("/list", wait_until="networkidle")
    assert "charts.js" not in asked
    with tab.expect_request("**/charts.js"):
        tab.goto("/ui/en/new")


def test_the_name_of_a_chosen_file_is_read(tab):
    tab.goto("/ui/en/new")
    photo = tab.get_by_label("Photo")
    shown = tab.locator(".file__name")
    expect(shown).to_have_text("None chosen, or drop it here")
    photo.set_input_files({"name": "ring.png", "mimeType": "image/png", "buffer": b"1"})
    expect(shown).to_have_text("ring.png")
