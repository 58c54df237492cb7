"""What labels are printed on: sheets of them, a printer for single ones, and jewellers' tags. Sizes in millimetres."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from kernel.errors import BadInput
from kernel.i18n import N_, _

Mm = Decimal

NONE = Mm(0)
A4 = (Mm(210), Mm(297))
SMALLEST, LARGEST = Mm(8), Mm(300)
MOST_ON_A_SHEET = 300


class Shape(StrEnum):
    """How a label is used."""

    FLAT = "flat"
    #: Two flags that are folded against each other; the rest of the label is the tail that goes through the ring.
    RAT_TAIL = "rat_tail"
    #: Two flags with the tail between them.
    DUMBBELL = "dumbbell"


@dataclass(frozen=True, slots=True)
class Layout:
    """A page with its labels. A printer for single labels has pages of one label."""

    name: str
    title: str
    page_width: Mm
    page_height: Mm
    width: Mm
    height: Mm
    columns: int = 1
    rows: int = 1
    left: Mm = NONE
    top: Mm = NONE
    gap_x: Mm = NONE
    gap_y: Mm = NONE
    shape: Shape = Shape.FLAT
    #: The width of each flag of a tag.
    flag: Mm = NONE

    def __post_init__(self) -> None:
        wrong = {}
        if not (SMALLEST <= self.width <= LARGEST and SMALLEST <= self.height <= LARGEST):
            wrong["width"] = _("A label is between {least} and {most} mm wide and high.").format(
                least=SMALLEST, most=LARGEST
            )
        if self.left + self.columns * self.width + (self.columns - 1) * self.gap_x > self.page_width:
            wrong["columns"] = _("So many labels do not fit beside each other on this page.")
        if self.top + self.rows * self.height + (self.rows - 1) * self.gap_y > self.page_height:
            wrong["rows"] = _("So many labels do not fit below each other on this page.")
        if self.on_a_page > MOST_ON_A_SHEET:
            wrong["columns"] = _("At most {most} labels on a page, please.").format(most=MOST_ON_A_SHEET)
        if wrong:
            raise BadInput(wrong)

    @property
    def on_a_page(self) -> int:
        return self.columns * self.rows

    @property
    def is_sheet(self) -> bool:
        return self.on_a_page > 1

    def pages(self, labels: int, start: int = 1) -> int:
        """How many pages so many labels take, when the first goes to place `start` of a sheet used before."""
        return -(-(labels + start - 1) // self.on_a_page)


def _sheet(name: str, title: str, columns: int, rows: int, width: str, height: str, gap_x: str = "0") -> Layout:
    """Labels in the middle of A4, as their makers cut them."""
    wide, high, gap = Mm(width), Mm(height), Mm(gap_x)
    left = (A4[0] - columns * wide - (columns - 1) * gap) / 2
    top = (A4[1] - rows * high) / 2
    return Layout(name, title, *A4, wide, high, columns, rows, left, top, gap)


def _single(name: str, title: str, width: str, height: str) -> Layout:
    return Layout(name, title, Mm(width), Mm(height), Mm(width), Mm(height))


def _tag(name: str, title: str, shape: Shape, width: str, height: str, flag: str) -> Layout:
    return Layout(name, title, Mm(width), Mm(height), Mm(width), Mm(height), shape=shape, flag=Mm(flag))


LAYOUTS = (
    _tag("rat-tail", N_("Jewellery tag, 68 × 10 mm, tail at the end"), Shape.RAT_TAIL, "68", "10", "22"),
    _tag("dumbbell", N_("Jewellery tag, 68 × 10 mm, tail in the middle"), Shape.DUMBBELL, "68", "10", "22"),
    _single("50x25", N_("Single label, 50 × 25 mm"), "50", "25"),
    _single("60x40", N_("Single label, 60 × 40 mm"), "60", "40"),
    _sheet("a4-3x8", N_("A4 sheet, 3 × 8 labels of 63.5 × 33.9 mm"), 3, 8, "63.5", "33.9", "2.5"),
    _sheet("a4-5x13", N_("A4 sheet, 5 × 13 labels of 38.1 × 21.2 mm"), 5, 13, "38.1", "21.2", "2.5"),
)
OWN = "own"
OWN_TITLE = N_("Own measures")
