"""A label: what stands on it, and a run of them for the printer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kernel.i18n import N_
from plugins.labels.domain.layout import Layout
from plugins.shop.public import Picture

#: What one run of the printer may hold: eighty sheets of the smallest labels.
MOST_LABELS = 5_000
#: Pieces that are chosen at once.
MOST_PIECES = 1_000


class Shown(StrEnum):
    """What may stand on a label beside its price."""

    SHOP = "shop"
    LOGO = "logo"
    NAME = "name"
    SKU = "sku"
    KARAT = "karat"
    NET = "net"
    GROSS = "gross"
    STONES = "stones"
    BARS = "bars"
    QR = "qr"


class Price(StrEnum):
    NONE = "none"
    NOW = "now"
    MAKING = "making"


SHOWN = {
    Shown.SHOP: N_("Name of the shop"),
    Shown.LOGO: N_("Logo"),
    Shown.NAME: N_("Name of the piece"),
    Shown.SKU: N_("SKU"),
    Shown.KARAT: N_("Karat"),
    Shown.NET: N_("Net weight"),
    Shown.GROSS: N_("Gross weight"),
    Shown.STONES: N_("Stones"),
    Shown.BARS: N_("Barcode (Code 128)"),
    Shown.QR: N_("QR code"),
}
PRICES = {
    Price.NONE: N_("No price"),
    Price.NOW: N_("Price by today’s rate"),
    Price.MAKING: N_("Making charge"),
}


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on one, written out; what is empty is left out. `barcode` and `qr` are what a scanner reads."""

    shop: str = ""
    name: str = ""
    sku: str = ""
    facts: tuple[str, ...] = ()
    price: str = ""
    barcode: str = ""
    qr: str = ""


@dataclass(frozen=True, slots=True)
class LabelRun:
    """Labels in the order in which they are printed; the first stands at place `start` of its page."""

    language: str
    direction: str
    layout: Layout
    labels: tuple[Label, ...]
    at: datetime
    start: int = 1
    logo: Picture | None = None

    def first(self, count: int) -> LabelRun:
        """The beginning of the run, to have a look at it."""
        return replace(self, labels=self.labels[:count])
