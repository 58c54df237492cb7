"""What `/dev/ui` shows: every part of the look, with rows such as a shop has. For those who build pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import jinja2
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from kernel.contributions import Entry, SavedView
from kernel.i18n import N_, _, speaking
from kernel.metal import Fineness, Weight
from kernel.money import Money
from web.charts import Chart, Series
from web.choosing import Choice, offered
from web.formats import Formats
from web.forms import Draft
from web.listing import Listing
from web.period import DAYS, Period
from web.render import HERE, Notice, View
from web.view import showing, shown_now


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table, written out in Python: the template only places it."""

    sku: str
    name: str
    karat: str
    net: str
    price: str
    state: str
    kind: str
    sign: str


@dataclass(frozen=True, slots=True)
class Specimen:
    """A few lines of a template, shown as what they make and as what they are."""

    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter of the catalogue: `templates/dev/parts/<name>.html`, cut at its `{#- titles -#}`."""

    name: str
    title: str
    layout: str = "stack"

    @property
    def specimens(self) -> Iterator[Specimen]:
        text = (HERE / "dev" / "parts" / f"{self.name}.html").read_text(encoding="utf-8")
        cuts = re.split(r"^\{#- (.+) -#\}\n", text, flags=re.MULTILINE)[1:]
        return (Specimen(title, source.strip()) for title, source in zip(cuts[::2], cuts[1::2], strict=True))


PARTS = (
    Part("colours", N_("Colours and type")),
    Part("button", N_("Buttons"), "row"),
    Part("field", N_("Fields"), "stack narrow"),
    Part("form", N_("Form"), "stack narrow"),
    Part("table", N_("Tables")),
    Part("tabs", N_("Tabs and steps")),
    Part("figures", N_("Figures")),
    Part("chart", N_("Charts")),
    Part("notice", N_("Notices")),
    Part("waiting", N_("Waiting and empty")),
    Part("box", N_("Cards and dialogs")),
)


@jinja2.pass_context
def _drawn(context: Context, specimen: Specimen) -> Markup:
    """What the lines of a specimen make. The refused one has a draft of its own, so that its neighbours stay new."""
    template = context.environment.from_string(specimen.source)
    if not specimen.title.startswith("Refused"):
        return Markup(template.render(context.get_all()))  # noqa: S704
    with showing(shown_now().view, draft=_wrong()):
        # Here it is only looked at: it takes no focus from the page.
        return Markup(template.render(context.get_all()).replace(" data-focus", ""))  # noqa: S704


_PIECES = (
    (N_("Ring with turquoise"), 4210, 7500, 1_248_000, "in stock"),
    (N_("Chain, 45 cm"), 12480, 7500, 3_279_210, "in stock"),
    (N_("Bangle, engraved"), 23050, 9167, 9_876_543, "reserved"),
    (N_("Coin, full"), 8133, 9000, 2_410_000, "low"),
    (N_("Pendant, tree of life"), 2905, 5850, 612_450, "sold"),
    (N_("Earrings, pair"), 3100, 7050, 890_010, "in stock"),
)
_STATES = {
    "in stock": (N_("In stock"), "ok", "check"),
    "reserved": (N_("Reserved"), "info", "clock"),
    "low": (N_("Low"), "warn", "triangle-alert"),
    "sold": (N_("Sold"), "", "circle-x"),
}

NAVIGATION = (
    Entry(N_("Today"), "/", "layout-dashboard", None),
    Entry(N_("Till"), "/pos", "shopping-cart", None),
    Entry(N_("Stock"), "/dev/ui", "gem", None),
    Entry(N_("Customers"), "/customers", "users", None),
    Entry(N_("Orders"), "/orders", "clipboard-list", None),
    Entry(N_("Buying"), "/buying", "truck", None),
    Entry(N_("Books"), "/books", "book-open", None),
    Entry(N_("Reports"), "/reports", "chart-column", None),
    Entry(N_("Settings"), "/settings", "settings", None),
)


def view(language: str, shop: str, person: str, currency: str, **more: object) -> View:
    """A person to show the page to, where there is no request: tests and screenshots."""
    return View(
        language=language, shop=shop, person=person, currency=currency, navigation=NAVIGATION,
        menu=(Entry(N_("My account"), "/me", "user-cog", None),), path="/dev/ui", csrf="token",
        unread=3, search="/search", bell="/bell",
        preferences="/preferences", sign_out="/logout",
        notices=(Notice(_("The ring is in stock.")),), **more,  # type: ignore[arg-type]
    )  # fmt: skip


def context(show: Formats, currency: str, count: int = 6) -> dict[str, Any]:
    """What the template `dev/ui.html` needs."""
    return {
        "rows": [_row(show, currency, number) for number in range(count)],
        "listing": Listing(
            path="/dev/ui", sorts=("sku", "name", "net", "price"), sort="net", descending=True, page=5,
            filters={"text": "ring"}, total=842, more=True, keeper="/views",
            views=(
                SavedView(UUID(int=1), _("In the window"), "state=in", is_default=True),
                SavedView(UUID(int=2), _("Rings, the heaviest first"), "text=ring&sort=-net"),
            ),
        ),
        "period": Period(DAYS, (show.now - timedelta(days=7)).date(), show.now.date()),
        "parts": PARTS,
        "drawn": _drawn,
        "people": [(one.value, f"{one.words}, {one.detail}") for one in people("")],
        "kinds": [("ring", _("Ring")), ("chain", _("Chain")), ("coin", _("Coin"))],
        "price": Money(3_792_40, currency),
        "loss": Money(-8_900_00, currency),
        "gross": Weight(4250),
        "fineness": Fineness(7500),
        "odd": Fineness(7050),
        "wage": Decimal("18.5"),
        "moment": show.now - timedelta(minutes=5),
        "sales": _sales(show, currency),
        "metals": _metals(show, currency),
    }  # fmt: skip


def people(text: str) -> list[Choice]:
    """What `/dev/ui/people` answers to the field that asks for people."""
    known = (
        Choice("sara", _("Sara Ahmadi"), "0912 345 6789"),
        Choice("omid", _("Omid Rahimi"), "0935 111 2233"),
        Choice("neda", _("Neda Karimi"), "0919 808 7766"),
        Choice("reza", _("Reza Moradi"), "0910 555 4433"),
    )
    return [one for one in known if text.casefold() in f"{one.words} {one.detail}".casefold()]


def answer_people(request: Request) -> Response:
    with speaking(request.cookies.get("language", "en")):
        return offered(people(request.query_params.get("text", "")))


def _wrong() -> Draft:
    """A draft for the specimen of refused fields."""
    return Draft(
        {"wrong_name": "", "wrong_gross": "4,250", "wrong_kind": ""},
        {
            "wrong_name": _("Please fill this in."),
            "wrong_gross": _("Please use a point for decimals, as in 4.250."),
            "wrong_kind": _("Please choose one from the list."),
            "wrong_agreed": _("Please answer with yes or no."),
        },
    )


REFUSED = Draft(
    {"name": "", "gross": "4,250", "price": "12.345", "kind": "chain", "fineness": "18", "note": "kept", "due": "soon"},
    {
        "name": "Please fill this in.",
        "gross": "Please use a point for decimals, as in 4.250.",
        "fineness": "Please write 18K for karat, or parts per thousand, as in 750.",
        "agreed": "Please answer with yes or no.",
    },
)


def _row(show: Formats, currency: str, number: int) -> Row:
    name, mg, tenths, price, state = _PIECES[number % len(_PIECES)]
    words, kind, sign = _STATES[state]
    return Row(
        sku=f"RNG-{1021 + number * 7}",
        name=_(name),
        karat=show.karat(Fineness(tenths)),
        net=show.grams(Weight(mg)),
        price=show.amount(Money(price, currency)),
        state=_(words),
        kind=kind,
        sign=sign,
    )


_TAKEN = (
    41, 38, 52, None, 47, 61, 58, 49, 66, 71, 63, None, 74, 69, 82,
    78, 70, 88, None, 91, 84, 97, 93, 102, 99, None, 108, 96, 113, 121,
)  # fmt: skip
_GIVEN = (
    18, 22, 0, None, 31, 12, 0, 44, 17, 9, 25, None, 38, 14, 0,
    29, 41, 16, None, 22, 35, 8, 19, 27, 30, None, 12, 33, 21, 17,
)  # fmt: skip


def _sales(show: Formats, currency: str) -> Chart:
    """A month of sales, one line for what was sold and one for what was bought back."""
    days = [show.now.date() - timedelta(days=back) for back in range(len(_TAKEN) - 1, -1, -1)]

    labels = tuple(show.date(day) for day in days)
    lines = (_money(_("Sold"), _TAKEN, show, currency), _money(_("Bought back"), _GIVEN, show, currency))
    return Chart("line", labels, lines, show.unit(currency), _("Day"))


def _metals(show: Formats, currency: str) -> Chart:
    """Bars beside each other, as many as a chart may have."""
    quarters = ((420, 515, 610), (310, 290, 350), (120, 180, 95), (60, 45, 80))
    names = (_("Rings"), _("Chains"), _("Coins"), _("Stones"))
    bars = tuple(_money(name, values, show, currency) for name, values in zip(names, quarters, strict=True))
    labels = tuple(show.karat(Fineness(tenths)) for tenths in (7500, 8750, 9999))
    return Chart("bar", labels, bars, show.unit(currency))


def _money(name: str, amounts: tuple[int | None, ...], show: Formats, currency: str) -> Series:
    money = [None if one is None else Money(one * 100_000, currency) for one in amounts]
    shown = tuple("—" if one is None else show.amount(one) for one in money)
    return Series(name, tuple(None if one is None else one.decimal for one in money), shown)
