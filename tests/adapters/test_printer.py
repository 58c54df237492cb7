"""What printers of documents do, shown on those there are. Every document is also left as a picture for people to
look at, in `test-results/documents/`.
"""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from babel.messages.pofile import read_po
from PIL import Image, ImageChops, ImageFont
from pypdf import PdfReader

from adapters.pdf.typst_printer import HERE, TypstPrinter
from plugins.labels.domain.label import LabelRun
from plugins.labels.domain.layout import LAYOUTS, Layout, Mm, Shape
from plugins.pos.domain.receipt import Paper
from plugins.shop.domain.paper import Sheet
from tests.adapters.papers import (
    AT,
    BALANCE,
    BALANCE_IN_PERSIAN,
    CROWDED,
    IN_PERSIAN,
    RECEIPT,
    RING,
    TAG,
    TAG_IN_PERSIAN,
)

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "test-results" / "documents"
#: As fine as a label printer: scanners read what it prints.
PPI = 300

RECEIPTS = {"english": RECEIPT, "persian": IN_PERSIAN}
TAGS = {"english": ("en", "ltr", TAG), "persian": ("fa", "rtl", TAG_IN_PERSIAN)}


@pytest.fixture(params=[TypstPrinter], scope="module")
def printer(request):
    return request.param(PPI)


def texts(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def sizes(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of each page in millimetres."""
    boxes = [page.mediabox for page in PdfReader(io.BytesIO(pdf)).pages]
    return [(round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)) for box in boxes]


def kept(name: str, drawn: list[bytes]) -> list[Image.Image]:
    """The pages, also left for people to look at."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(drawn, start=1):
        (PICTURES / f"{name}-{number}.png").write_bytes(page)
    return [Image.open(io.BytesIO(page)).convert("RGB") for page in drawn]


def read(page: Image.Image) -> list[tuple[str, str]]:
    """What a scanner finds, by the kind of code."""
    kinds = {zxingcpp.BarcodeFormat.QRCode: "qr", zxingcpp.BarcodeFormat.Code128: "code128"}
    return sorted((kinds[found.format], found.text) for found in zxingcpp.read_barcodes(page) if found.format in kinds)


def margins_mm(page: Image.Image) -> tuple[float, float, float, float]:
    """How far from the left, upper, right and lower edge the ink keeps."""
    ink = ImageChops.difference(page, Image.new("RGB", page.size, "white")).getbbox()
    assert ink is not None, "nothing is printed"
    left, top, right, bottom = ink
    return tuple(round(px / PPI * 25.4, 1) for px in (left, top, page.width - right, page.height - bottom))  # type: ignore[return-value]


# Receipts


@pytest.mark.parametrize("paper", Paper)
def test_everything_on_the_receipt_stands_on_the_paper(printer, paper):
    text = "".join(texts(printer.receipt(RECEIPT, paper)))
    wanted = [
        "Dubai Gold", "Since 1962", "Gold Souk 12", "+971 4 555 01 22", "100234567800003", "Tax invoice", "No. 1204",
        "Fatima", "Ring", "R-1001", "246.10 per gram", "1,045.93", "Old gold 21K", "AED 405.91", "94.09", "Thank you",
        "Open daily",
    ]  # fmt: skip
    assert [words for words in wanted if words not in text] == []


@pytest.mark.parametrize("language", RECEIPTS)
@pytest.mark.parametrize(("paper", "margin"), [(Paper.ROLL, 3.5), (Paper.A4, 8)])
def test_a_receipt_can_be_scanned_and_nothing_is_cut_off(printer, paper, margin, language):
    [page] = kept(f"receipt-{paper}-{language}", printer.receipt_pictures(RECEIPTS[language], paper))
    assert read(page) == [("code128", "1204"), ("qr", "1204/01971f6e-3a8b-7c11-8000-000000000001")]
    assert min(margins_mm(page)) >= margin


@pytest.mark.parametrize(("paper", "margin"), [(Paper.ROLL, 3.5), (Paper.A4, 8)])
def test_long_names_large_amounts_a_stamp_and_two_copies_keep_inside_the_margins(printer, paper, margin):
    pages = kept(f"receipt-{paper}-crowded", printer.receipt_pictures(CROWDED, paper))
    assert len(pages) == 2
    assert min(min(margins_mm(page)) for page in pages) >= margin


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("receipt", [RECEIPT, IN_PERSIAN, CROWDED], ids=["english", "persian", "crowded"])
def test_the_same_receipt_is_the_same_file(printer, receipt, paper):
    assert printer.receipt(receipt, paper) == printer.receipt(receipt, paper)


def test_the_roll_is_80_mm_wide_and_as_long_as_it_takes(printer):
    [short] = sizes(printer.receipt(RECEIPT, Paper.ROLL))
    [long] = sizes(printer.receipt(replace(RECEIPT, lines=(RING,) * 60), Paper.ROLL))
    assert (short[0], long[0]) == (80, 80)
    assert long[1] > short[1]


def test_a_long_receipt_goes_over_several_sheets_and_repeats_its_number(printer):
    long = replace(RECEIPT, lines=(RING,) * 40)
    sheets = texts(printer.receipt(long, Paper.A4))
    assert len(sheets) > 2
    assert all("No. 1204" in sheet for sheet in sheets)
    kept("receipt-a4-long", printer.receipt_pictures(long, Paper.A4))


def test_without_a_logo_and_with_nothing_but_a_name_the_head_closes_up(printer):
    plain = replace(RECEIPT, letterhead=replace(RECEIPT.letterhead, logo=None, heading=(), rows=(), hours=()))
    [page] = kept("receipt-80mm-bare", printer.receipt_pictures(plain, Paper.ROLL))
    [full] = printer.receipt_pictures(RECEIPT, Paper.ROLL)
    assert page.height < Image.open(io.BytesIO(full)).height
    assert margins_mm(page)[1] < 8


def test_a_number_without_a_barcode_leaves_the_qr_alone(printer):
    [page] = kept("receipt-80mm-no-bars", printer.receipt_pictures(replace(RECEIPT, barcode=""), Paper.ROLL))
    assert [kind for kind, _text in read(page)] == ["qr"]


def test_what_people_typed_is_never_an_instruction(printer):
    name = '#panic("no") *bold* $x$ \\ #include "/etc/passwd" "quoted" <b>'
    [text] = texts(printer.receipt(replace(RECEIPT, lines=(replace(RING, name=name),)), Paper.A4))
    assert '#panic("no") *bold* $x$' in text.replace("\n", " ")
    tag = replace(TAG, name=name, sku=name, shop=name)
    printer.labels(LabelRun("en", "ltr", LAYOUTS[0], (tag,), AT))


def test_persian_is_set_in_a_font_that_joins_its_letters(printer):
    [sheet] = PdfReader(io.BytesIO(printer.receipt(IN_PERSIAN, Paper.A4))).pages
    resources: Any = sheet["/Resources"]
    fonts = {str(font.get_object()["/BaseFont"]).split("+")[-1] for font in resources["/Font"].values()}
    assert fonts == {"Vazirmatn-Regular", "Vazirmatn-Bold"}


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_the_fonts_have_every_letter_that_we_say_and_every_currency(weight):
    font = ImageFont.truetype(HERE / "fonts" / f"Vazirmatn-{weight}.ttf", 24)
    lacking = bytes(font.getmask("\uffff"))
    with (ROOT / "locale" / "fa" / "LC_MESSAGES" / "messages.po").open("rb") as catalogue:
        said = [(message.id, message.string) for message in read_po(catalogue) if message.id]
    ours = {letter for pair in said for texts in pair for text in _many(texts) for letter in text}
    letters = ours | set("₹₺€£$¥−–·×…“”«»۰۱۲۳۴۵۶۷۸۹٬٫٪٠١٢٣٤٥٦٧٨٩كىيةğışçöüéñß")
    seen = {letter for letter in letters if letter.isprintable() and not letter.isspace()}
    assert sorted(letter for letter in seen if bytes(font.getmask(letter)) == lacking) == []


def _many(texts: object) -> list[str]:
    return [texts] if isinstance(texts, str) else list(texts)  # type: ignore[call-overload]


# Sheets


@pytest.mark.parametrize(("sheet", "name"), [(BALANCE, "english"), (BALANCE_IN_PERSIAN, "persian")])
def test_a_document_of_tables_is_set_upright_or_across(printer, sheet, name):
    assert sizes(printer.sheet(sheet)) == [(210, 297)]
    assert sizes(printer.sheet(replace(sheet, is_wide=True))) == [(297, 210)]
    assert printer.sheet(sheet) == printer.sheet(sheet)
    [page] = kept(f"sheet-{name}", printer.sheet_pictures(sheet))
    assert min(margins_mm(page)) >= 8


def test_everything_in_the_tables_stands_on_the_paper(printer):
    [text] = texts(printer.sheet(BALANCE))
    wanted = ["Trial balance", "2025-06-30", "Dubai Gold", "Account", "1,295.91", "of it in the drawer", "Together",
              "AED 405.91", "All accounts"]  # fmt: skip
    assert [words for words in wanted if words not in text] == []


def test_an_empty_document_is_a_head_alone(printer):
    empty = Sheet("en", "ltr", "Nothing", AT, replace(RECEIPT.letterhead, logo=None))
    assert "Nothing" in texts(printer.sheet(empty))[0]


# Labels


def run(layout: Layout, language: str, labels: int = 2, start: int = 1) -> LabelRun:
    code, direction, tag = TAGS[language]
    return LabelRun(code, direction, layout, (tag,) * labels, AT, start)


@pytest.mark.parametrize("language", TAGS)
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_every_label_can_be_scanned(printer, layout, language):
    pages = kept(f"labels-{layout.name}-{language}", printer.label_pictures(run(layout, language)))
    # On a tag there is room for one code.
    codes = [("qr", "R-1001")] if layout.shape is not Shape.FLAT else [("code128", "R-1001"), ("qr", "R-1001")]
    found = [code for page in pages for code in read(page)]
    assert sorted(found) == sorted(codes * 2)


@pytest.mark.parametrize("layout", LAYOUTS[:2], ids=lambda layout: layout.name)
def test_a_tag_without_qr_carries_the_bars(printer, layout):
    alone = LabelRun("en", "ltr", layout, (replace(TAG, qr="", sku="", shop=""),), AT)
    [page] = kept(f"labels-{layout.name}-bars", printer.label_pictures(alone))
    assert read(page) == [("code128", "R-1001")]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_page_of_labels_is_as_large_as_what_lies_in_the_printer(printer, layout):
    assert sizes(printer.labels(run(layout, "english", 1))) == [(round(layout.page_width), round(layout.page_height))]


@pytest.mark.parametrize(("direction", "ink_at"), [("ltr", "left"), ("rtl", "right")])
def test_a_used_sheet_is_filled_from_its_first_free_place_as_one_reads(printer, direction, ink_at):
    layout = next(each for each in LAYOUTS if each.name == "a4-3x8")
    begun = LabelRun("en", direction, layout, (TAG,) * 2, AT, start=24)
    first, second = (margins_mm(page) for page in kept(f"labels-used-{direction}", printer.label_pictures(begun)))
    # The 24th place is the last one of its sheet; the 25th label is the first one of the next.
    sides = {"left": 0, "right": 2}
    other = {"left": 2, "right": 0}
    assert first[1] > 240
    assert first[other[ink_at]] < 12
    assert second[1] < 18
    assert second[sides[ink_at]] < 12


def test_what_is_too_long_for_a_label_is_set_smaller_or_cut_and_never_over_its_neighbour(printer):
    layout = next(each for each in LAYOUTS if each.name == "50x25")
    long = replace(TAG, name="Solitaire ring with a name as long as a poem " * 3, price="AED 123,456,789,012.00")
    [page] = kept("labels-long", printer.label_pictures(LabelRun("en", "ltr", layout, (long,), AT)))
    assert min(margins_mm(page)) >= 0.8
    assert len(read(page)) == 2


def test_what_code_128_cannot_say_is_said_by_the_qr_alone(printer):
    layout = next(each for each in LAYOUTS if each.name == "60x40")
    persian = replace(TAG, sku="انگشتر-۱", barcode="انگشتر-۱", qr="انگشتر-۱")
    [page] = kept("labels-persian-sku", printer.label_pictures(LabelRun("fa", "rtl", layout, (persian,), AT)))
    assert read(page) == [("qr", "انگشتر-۱")]


def test_a_thousand_labels_are_one_file(printer):
    layout = next(each for each in LAYOUTS if each.name == "a4-5x13")
    labels = tuple(replace(TAG, sku=f"R-{n:05}", barcode=f"R-{n:05}", qr=f"R-{n:05}") for n in range(1_000))
    assert len(sizes(printer.labels(LabelRun("en", "ltr", layout, labels, AT)))) == layout.pages(1_000) == 16


def test_measures_of_its_own(printer):
    own = Layout("own", "Own", Mm(100), Mm(60), Mm(40), Mm(20), 2, 2, Mm(5), Mm(5), Mm(10), Mm(10))
    [page] = kept("labels-own", printer.label_pictures(LabelRun("en", "ltr", own, (TAG,) * 4, AT)))
    assert len(read(page)) == 8
