"""What the shop's labels usually look like."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from starlette.requests import Request
from starlette.responses import Response

from kernel.i18n import N_, _, speaking
from kernel.metal import Weight
from kernel.money import Money
from kernel.uow import UnitOfWork
from plugins.labels.actions.choose import choose
from plugins.labels.domain.choices import LAYOUT, OWN_LAYOUT, PRICE, SHOWN_FIELDS, thaw_layout
from plugins.labels.domain.label import Label, LabelRun, Price, Shown
from plugins.labels.domain.layout import LAYOUTS, OWN, OWN_TITLE, Layout, Shape
from plugins.labels.forms import ChoicesForm, LayoutForm
from plugins.labels.pages.printing import choices, pictures
from plugins.labels.pages.written import in_the_shops_words
from plugins.labels.permissions import CHOOSE_LABELS
from plugins.labels.ports import LabelPrinter
from plugins.shop import public as shop
from web.formats import Formats, direction
from web.render import page
from web.routing import get, post, redirect

SHAPES = {
    Shape.FLAT: N_("Flat label"),
    Shape.RAT_TAIL: N_("Jewellery tag, tail at the end"),
    Shape.DUMBBELL: N_("Jewellery tag, tail in the middle"),
}


@get("/settings/labels", permission=CHOOSE_LABELS)
def show_choices(request: Request, uow: UnitOfWork, printer: LabelPrinter) -> Response:
    own = uow.setting(OWN_LAYOUT)
    chosen = ChoicesForm(
        layout=uow.setting(LAYOUT),
        shown=tuple(map(Shown, uow.setting(SHOWN_FIELDS))),
        price=Price(uow.setting(PRICE)),
        own=_measured(thaw_layout(own)) if own else LayoutForm(),
    )
    known = choices(uow)
    return page(
        request,
        "labels/settings.html",
        form=chosen,
        sections=shop.sections(uow),
        shapes=[(shape.value, _(title)) for shape, title in SHAPES.items()],
        pictures=_example(uow, chosen, printer),
        **known | {"layouts": [each for each in known["layouts"] if each[0] != OWN] + [(OWN, _(OWN_TITLE))]},
    )


@post("/settings/labels/preview", form=ChoicesForm, permission=CHOOSE_LABELS, again=show_choices)
def preview_choices(request: Request, uow: UnitOfWork, form: ChoicesForm, printer: LabelPrinter) -> Response:
    return page(request, "labels/_example.html", pictures=_example(uow, form, printer))


@post("/settings/labels", form=ChoicesForm, permission=CHOOSE_LABELS, again=show_choices)
def change_choices(request: Request, uow: UnitOfWork, form: ChoicesForm) -> Response:
    choose(uow, form)
    return redirect("/settings/labels", say=_("Saved."))


def _measured(layout: Layout) -> LayoutForm:
    return LayoutForm(**{name: getattr(layout, name) for name in LayoutForm.model_fields})


def _example(uow: UnitOfWork, form: ChoicesForm, printer: LabelPrinter) -> list[str]:
    """One label of this kind, alone on its page. Raises BadInput for measures that do not fit."""
    layout = (
        form.own.layout()
        if form.layout == OWN
        else next((each for each in LAYOUTS if each.name == form.layout), LAYOUTS[0])
    )
    alone = replace(
        layout, page_width=layout.width, page_height=layout.height, columns=1, rows=1, left=Decimal(0), top=Decimal(0)
    )
    show = in_the_shops_words(uow)
    with speaking(show.language):
        head = shop.letterhead(uow, show.language)
        label = _ring(form, head.name, show, uow.shop.currency)
    run = LabelRun(
        show.language,
        direction(show.language),
        alone,
        (label,),
        uow.now,
        logo=head.logo if Shown.LOGO in form.shown else None,
    )
    return pictures(run, printer)


def _ring(form: ChoicesForm, name: str, show: Formats, currency: str) -> Label:
    facts = {
        Shown.KARAT: show.digits(_("{karat}K").format(karat=18)),
        Shown.NET: show.weight(Weight.grams("4.250")),
        Shown.GROSS: _("gross {weight}").format(weight=show.weight(Weight.grams("4.600"))),
        Shown.STONES: _("{name} {carats} ct").format(name=_("Diamond"), carats=show.number(Decimal("0.45"))),
    }
    prices = {
        Price.NONE: "",
        Price.NOW: show.money(Money.of(Decimal(38_343_000), currency)),
        Price.MAKING: _("Making {charge}").format(charge=show.percent(18)),
    }
    return Label(
        shop=name if Shown.SHOP in form.shown else "",
        name=_("Ring") if Shown.NAME in form.shown else "",
        sku="R-1001" if Shown.SKU in form.shown else "",
        facts=tuple(fact for field, fact in facts.items() if field in form.shown),
        price=prices[form.price],
        barcode="R-1001" if Shown.BARS in form.shown else "",
        qr="R-1001" if Shown.QR in form.shown else "",
    )
