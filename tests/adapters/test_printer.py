"""What every `Printer` does, shown on those there are."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from adapters.pdf.typst_printer import TypstPrinter
from plugins.pos.domain.receipt import Figure, Paper, Receipt, ReceiptLine

RING = ReceiptLine(
    "Ring",
    "R-1001",
    "4.250 g · 18K",
    (Figure("Metal", "1,045.93"), Figure("Making charge", "188.27"), Figure("VAT 5%", "61.71")),
    "1,295.91",
)
RECEIPT = Receipt(
    language="en",
    direction="ltr",
    title="Invoice",
    number="No. 1,204",
    at=datetime(2025, 6, 2, 9, 0, 1, 234567, tzinfo=UTC),
    shop="Dubai Gold",
    heading=("Gold Souk 12, Deira", "TRN 100234567800003"),
    facts=(Figure("Date", "2025-06-02 13:00"), Figure("Seller", "Sara")),
    lines=(RING,),
    taken_title="Old gold taken in",
    taken=(ReceiptLine("Old gold 21K", "", "3.100 g · tested 875", (), "−890.00"),),
    sums=(Figure("Goods", "1,295.91"), Figure("Old gold", "−890.00")),
    total=Figure("To pay", "AED 405.91"),
    settled=(Figure("Cash", "500.00"), Figure("Change", "94.09")),
    footing=("Thank you",),
    columns=("Piece", "Amount"),
    code="1204/01971f6e-3a8b-7c11-8000-000000000001",
)
IN_PERSIAN = replace(
    RECEIPT,
    language="fa",
    direction="rtl",
    title="فاکتور فروش",
    number="شمارهٔ ۱٬۲۰۴",
    shop="گالری طلای پارسه",
    lines=(replace(RING, name="انگشتر نگین‌دار", parts=(Figure("طلا", "۲۹٬۷۵۰٬۰۰۰"),), amount="۳۸٬۳۴۳٬۵۸۵"),),
    stamp="باطل شد",
)


@pytest.fixture(params=[TypstPrinter], scope="module")
def printer(request):
    return request.param()


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize("paper", Paper)
def test_everything_on_the_receipt_stands_on_the_paper(printer, paper):
    text = "".join(pages(printer.receipt(RECEIPT, paper)))
    wanted = [
        "Dubai Gold",
        "No. 1,204",
        "Ring",
        "R-1001",
        "1,045.93",
        "Old gold 21K",
        "AED 405.91",
        "94.09",
        "Thank you",
    ]
    assert [words for words in wanted if words not in text] == []


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("receipt", [RECEIPT, IN_PERSIAN], ids=["english", "persian"])
def test_the_same_receipt_is_the_same_file(printer, receipt, paper):
    assert printer.receipt(receipt, paper) == printer.receipt(receipt, paper)


def test_the_roll_is_80_mm_wide_and_as_long_as_it_takes(printer):
    short, long = (
        PdfReader(io.BytesIO(printer.receipt(replace(RECEIPT, lines=(RING,) * count), Paper.ROLL))).pages
        for count in (1, 60)
    )
    assert (len(short), len(long)) == (1, 1)
    assert round(float(long[0].mediabox.width) / 72 * 25.4) == 80
    assert long[0].mediabox.height > short[0].mediabox.height


def test_a_long_receipt_goes_over_several_sheets_and_repeats_its_number(printer):
    sheets = pages(printer.receipt(replace(RECEIPT, lines=(RING,) * 60), Paper.A4))
    assert len(sheets) > 2
    assert all("No. 1,204" in sheet for sheet in sheets)


def test_what_people_typed_is_never_an_instruction(printer):
    name = '#panic("no") *bold* $x$ \\ #include "/etc/passwd" "quoted" <b>'
    [text] = pages(printer.receipt(replace(RECEIPT, lines=(replace(RING, name=name),)), Paper.A4))
    assert '#panic("no") *bold* $x$' in text.replace("\n", " ")


def test_persian_is_set_in_a_font_that_joins_its_letters(printer):
    pdf = printer.receipt(IN_PERSIAN, Paper.A4)
    [sheet] = PdfReader(io.BytesIO(pdf)).pages
    resources: Any = sheet["/Resources"]
    fonts = {str(font.get_object()["/BaseFont"]).split("+")[-1] for font in resources["/Font"].values()}
    assert fonts == {"Vazirmatn-Regular", "Vazirmatn-Bold"}
