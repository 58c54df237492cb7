"""How a shop's labels look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from kernel.contributions import Setting
from kernel.i18n import N_
from plugins.labels.domain.label import PRICES, Price, Shown
from plugins.labels.domain.layout import LAYOUTS, OWN, OWN_TITLE, Layout, Mm, Shape

LAYOUT = Setting("labels.layout", N_("Labels"), N_("What lies in the printer."), "a4-3x8", str)
SHOWN_FIELDS = Setting(
    "labels.shown",
    N_("What stands on a label"),
    N_("On a jewellery tag there is room for one code: the QR code, where both are chosen."),
    [Shown.SHOP, Shown.NAME, Shown.SKU, Shown.KARAT, Shown.NET, Shown.BARS, Shown.QR],
    str,
)
PRICE = Setting(
    "labels.price",
    N_("Price on labels"),
    N_("A price by today’s rate is right today: where rates move, the making charge lasts longer."),
    Price.NONE,
    str,
    choices=tuple((price.value, title) for price, title in PRICES.items()),
)
#: A layout measured by the shop itself, as `freeze_layout` writes it.
OWN_LAYOUT = Setting("labels.own_layout", N_("Own measures"), N_("Millimetres, measured on the sheet."), None, str)

CHOICES = [LAYOUT, SHOWN_FIELDS, PRICE, OWN_LAYOUT]

_MEASURES = ("page_width", "page_height", "width", "height", "left", "top", "gap_x", "gap_y", "flag")


def freeze_layout(layout: Layout) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Mm) else value for name, value in asdict(layout).items()}


def thaw_layout(record: Mapping[str, Any]) -> Layout:
    measures: dict[str, Any] = {name: Mm(record[name]) for name in _MEASURES}
    return Layout(
        OWN, OWN_TITLE, **measures, columns=record["columns"], rows=record["rows"], shape=Shape(record["shape"])
    )


def layouts(own: Mapping[str, Any] | None) -> dict[str, Layout]:
    """Those that everybody has, and the shop's own."""
    found = {layout.name: layout for layout in LAYOUTS}
    return found | ({OWN: thaw_layout(own)} if own else {})
