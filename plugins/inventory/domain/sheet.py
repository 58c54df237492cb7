"""A list of items as a file: which columns it has, how people write them, and how it is read and written as CSV.

The columns are the fields of the form for a new item; a file may name them in English, in Persian or by the field.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from kernel import sheets
from kernel.errors import BadInput
from kernel.i18n import N_, _
from kernel.text import is_blank, search_key

MOST_ROWS = 50_000

Words = Mapping[str, tuple[str, ...]]

_KINDS: Words = {"piece": ("تکی", "قطعه"), "counted": ("شمارشی", "تعدادی")}
_METALS: Words = {"gold": ("طلا",), "silver": ("نقره",), "platinum": ("پلاتین",), "palladium": ("پالادیوم",)}
_MAKINGS: Words = {
    "none": ("بدون اجرت", "ندارد"),
    "percent": ("per cent", "%", "درصد", "درصدی"),
    "per_gram": ("per gram", "گرمی", "هر گرم"),
    "per_piece": ("per piece", "fixed", "مقطوع", "ثابت"),
    "gold": ("in gold", "طلایی"),
    "milyem": ("میلیم",),
}
_YES_OR_NO: Words = {"yes": ("x", "1", "true", "بله", "بلی", "آری"), "no": ("0", "false", "خیر", "نه")}


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is the field of the form; `also` other headings it is known by; `words` what its values may be called."""

    name: str
    title: str
    also: tuple[str, ...]
    example: str = ""
    words: Words = field(default_factory=dict)


COLUMNS = (
    Column("sku", N_("SKU"), ("code", "کد", "کد کالا", "شناسه"), "R-1042"),
    Column("name", N_("Name"), ("piece", "item", "نام", "نام کالا", "شرح"), "Ring Toranj"),
    Column("kind", N_("Kind"), ("type", "نوع"), "piece", _KINDS),
    Column("category", N_("Category"), ("دسته", "گروه", "دسته بندی"), "Rings > Engraved"),
    Column("branch", N_("Branch"), ("شعبه", "کد شعبه")),
    Column("craftsmanship", N_("Craftsmanship"), ("ساخت", "نوع ساخت"), "handmade"),
    Column("metal", N_("Metal"), ("فلز", "جنس"), "gold", _METALS),
    Column("stamped", N_("Stamped fineness"), ("fineness", "karat", "purity", "عیار", "عیار حک شده"), "750"),
    Column("assayed", N_("Assayed fineness"), ("assay", "عیار آزمایش", "عیار ری گیری")),
    Column("gross", N_("Gross weight g"), ("gross", "gross weight", "weight", "وزن", "وزن کل", "وزن ناخالص"), "4.350"),
    Column("net", N_("Net weight g"), ("net", "net weight", "وزن خالص", "وزن طلا"), "4.250"),
    Column("making_kind", N_("Making charge by"), ("making kind", "نوع اجرت"), "percent", _MAKINGS),
    Column("making_value", N_("Making charge"), ("making", "wage", "ojrat", "اجرت"), "18"),
    Column("making_fineness", N_("Fineness of the making charge"), ("عیار اجرت",)),
    Column("wastage", N_("Wastage %"), ("wastage", "کسر", "درصد کسر")),
    Column("stone", N_("Stone"), ("stones", "نگین", "سنگ")),
    Column("stone_count", N_("Number of stones"), ("stone count", "تعداد نگین", "تعداد سنگ")),
    Column("stone_carats", N_("Carats"), ("carat", "قیراط")),
    Column("stone_value", N_("Value of the stones"), ("stone value", "ارزش نگین", "قیمت نگین")),
    Column("lab", N_("Lab"), ("آزمایشگاه",)),
    Column("certificate", N_("Certificate"), ("certificate number", "شناسنامه", "شماره شناسنامه")),
    Column("quantity", N_("Quantity"), ("qty", "count", "pieces", "تعداد", "موجودی"), "1"),
    Column("cost", N_("Cost of one"), ("cost", "cost price", "قیمت خرید", "بهای تمام شده"), "25000000"),
    Column("fixed_price", N_("Fixed price"), ("price", "قیمت", "قیمت ثابت")),
    Column("serial", N_("Serial number"), ("serial", "سریال", "شماره سریال")),
    Column("lot", N_("Lot"), ("lot number", "سری", "شماره سری")),
    Column("barcode", N_("Barcode"), ("بارکد",)),
    Column("hallmark", N_("Hallmark id"), ("hallmark", "huid", "شناسه حک", "کد حک")),
    Column("low_at", N_("Low at"), ("reorder level", "حداقل موجودی")),
    Column("investment", N_("Investment metal"), ("bullion", "سرمایه ای", "طلای سرمایه ای"), "", _YES_OR_NO),
)

REQUIRED = ("sku", "name")
_STONE = {
    "stone": "name", "stone_count": "count", "stone_carats": "carats", "stone_value": "value", "lab": "lab",
    "certificate": "certificate",
}  # fmt: skip
#: Problems with a stone come back under the names of the form.
FIELD_OF_STONE = {f"stones.0.{inner}": column for column, inner in _STONE.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """A filled line of the file; `number` is where an editor shows it."""

    number: int
    cells: Mapping[str, str]

    def fields(self) -> dict[str, object]:
        """As the form for a new item takes them; category and branch stay as they are written."""
        fields: dict[str, object] = {
            column.name: _meant(column, self.cells[column.name])
            for column in COLUMNS
            if column.name in self.cells and column.name not in _STONE
        }
        stone = {inner: self.cells[column] for column, inner in _STONE.items() if self.cells.get(column)}
        if stone:
            fields["stones"] = [stone]
        return fields


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that could be opened: the columns that were understood, and its lines."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]


def decode(content: bytes) -> str:
    """UTF-8, with or without its mark, and what Excel calls Unicode text. Raises BadInput for the field `file`."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise BadInput({"file": _("This is no UTF-8 text. In Excel, save it as “CSV UTF-8”.")}) from None
    if "\x00" in text:
        raise BadInput({"file": _("This is no text file. In Excel, save it as “CSV UTF-8”.")})
    return text


def read(text: str) -> Sheet:
    """Raises BadInput for the field `file` when there is nothing in it that could be items."""
    rows = _rows(text)
    _number, headings = next(rows, (0, []))
    columns = _columns(headings)
    missing = [_(column.title) for column in COLUMNS if column.name in REQUIRED and column.name not in columns]
    if missing:
        raise BadInput({"file": _("These columns are missing: {columns}.").format(columns=", ".join(missing))})
    lines: list[Line] = []
    for number, cells in rows:
        if len(lines) == MOST_ROWS:
            raise BadInput({"file": _("At most {count} rows in one file, please.").format(count=MOST_ROWS)})
        named = zip(columns, cells, strict=False)
        lines.append(Line(number, {column: sheets.unguarded(cell) for column, cell in named if column}))
    if not lines:
        raise BadInput({"file": _("There are no rows below the headings.")})
    return Sheet(tuple(filter(None, columns)), tuple(lines))


def unused_columns(beginning: str) -> list[str]:
    """The headings that say nothing to us: a person should see that their column was left out."""
    known = _headings()
    _number, headings = next(_rows(beginning), (0, []))
    return [heading.strip() for heading in headings if not is_blank(heading) and search_key(heading) not in known]


def write(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> str:
    """CSV for a spreadsheet, headings in the person's language."""
    return sheets.written([_(column.title) for column in columns], rows)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Filled rows with the number of the line on which they begin."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    begins = 1
    try:
        for row in reader:
            if not all(is_blank(cell) for cell in row):
                yield begins, row
            begins = reader.line_num + 1
    except csv.Error:
        raise BadInput({"file": _("Line {number} cannot be read as CSV.").format(number=reader.line_num)}) from None


def _delimiter(text: str) -> str:
    """What stands between the headings: a comma, the semicolon of countries with a decimal comma, or a tab."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)


def _columns(headings: Sequence[str]) -> list[str]:
    """Field per column, empty where the heading says nothing to us."""
    by_heading = _headings()
    fields: list[str] = []
    for heading in headings:
        found = by_heading.get(search_key(heading), "")
        if found and found in fields:
            raise BadInput({"file": _("The column “{column}” is there twice.").format(column=heading)})
        fields.append(found)
    return fields


def _headings() -> dict[str, str]:
    """Every heading that is understood, in the language at hand, too."""
    return {
        search_key(heading): column.name
        for column in COLUMNS
        for heading in (column.name, column.title, _(column.title), *column.also)
    }


def _meant(column: Column, cell: str) -> str:
    """The form's own word for what was written in Persian or in words of its own."""
    if not column.words or cell in column.words:
        return cell
    return _meanings(column.name).get(search_key(cell), cell)


@cache
def _meanings(name: str) -> dict[str, str]:
    words = next(column.words for column in COLUMNS if column.name == name)
    return {search_key(said): value for value, others in words.items() for said in (value.replace("_", " "), *others)}
