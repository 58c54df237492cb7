"""Documents to be set in tests: plain ones, and those that a shop finds hard to print."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

from PIL import Image, ImageDraw

from plugins.labels.domain.label import Label
from plugins.pos.domain.receipt import Receipt, ReceiptLine
from plugins.shop.domain.logo import Picture
from plugins.shop.domain.paper import Column, Figure, Kind, Letterhead, Row, Sheet, Table

AT = datetime(2025, 6, 2, 9, 0, 1, 234567, tzinfo=UTC)


def logo(width: int, height: int) -> Picture:
    drawn = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    side = min(width, height)
    ImageDraw.Draw(drawn).ellipse((4, 4, side - 4, side - 4), outline=(120, 90, 10, 255), width=max(4, side // 20))
    ImageDraw.Draw(drawn).rectangle((0, height * 2 // 5, width, height * 3 // 5), fill=(60, 50, 30, 255))
    written = io.BytesIO()
    drawn.save(written, "PNG")
    return Picture("image/png", width, height, written.getvalue())


SQUARE, WIDE = logo(400, 400), logo(1600, 160)

RING = ReceiptLine(
    "Ring",
    "R-1001",
    "18K · 4.250\xa0g · 246.10 per gram",
    (Figure("Metal", "1,045.93"), Figure("Making charge", "188.27"), Figure("VAT 5%", "61.71")),
    "1,295.91",
)
RECEIPT = Receipt(
    language="en",
    direction="ltr",
    title="Tax invoice",
    number="No. 1204",
    at=AT,
    letterhead=Letterhead(
        "Dubai Gold",
        ("Since 1962",),
        ("Gold Souk 12, Deira", "Phone \u2066+971 4 555 01 22\u2069", "Tax number \u2066100234567800003\u2069"),
        ("Open daily 10–22",),
        SQUARE,
    ),
    facts=(Figure("Date", "2025-06-02 13:00"), Figure("Seller", "Sara"), Figure("Customer", "Fatima Al Mansoori")),
    lines=(RING,),
    taken_title="Old gold taken in",
    taken=(ReceiptLine("Old gold 21K", "", "3.100 g · tested 875", (), "−890.00"),),
    sums=(Figure("Goods", "1,295.91"), Figure("Old gold", "−890.00")),
    total=Figure("To pay", "AED 405.91"),
    settled=(Figure("Cash", "500.00"), Figure("Change", "94.09")),
    footing=("Thank you",),
    columns=("Piece", "Amount"),
    code="1204/01971f6e-3a8b-7c11-8000-000000000001",
    barcode="1204",
)
IN_PERSIAN = replace(
    RECEIPT,
    language="fa",
    direction="rtl",
    title="فاکتور فروش",
    number="شمارهٔ ۱۲۰۴",
    letterhead=Letterhead(
        "گالری طلای پارسه",
        ("از سال ۱۳۴۲",),
        ("تهران، بازار بزرگ، پاساژ زرگرها، پلاک ۱۲", "تلفن \u2066۰۲۱-۵۵۶۲۰۱۲۲\u2069"),
        ("شنبه تا پنجشنبه ۱۰ تا ۲۱",),
        WIDE,
    ),
    facts=(Figure("تاریخ", "۱۴۰۴/۰۳/۱۲ ۱۲:۳۰"), Figure("مشتری", "مریم احمدی")),
    lines=(
        ReceiptLine(
            "انگشتر نگین‌دار",
            "R-1001",
            "۱۸ عیار · ۴٫۲۵۰\xa0گرم · ۷٬۰۰۰٬۰۰۰ هر گرم",
            (Figure("طلا", "۲۹٬۷۵۰٬۰۰۰"), Figure("اجرت", "۵٬۳۵۵٬۰۰۰"), Figure("مالیات ۱۰٪", "۷۸۱٬۲۳۵")),
            "۱۲۳٬۴۵۶٬۷۸۹٬۰۱۲",
        ),
    ),
    taken_title="طلای کهنه",
    taken=(ReceiptLine("طلای کهنه ۱۸ عیار", "", "۶٫۱۲۰ گرم · محک ۷۵۰", (), "\u200e−۴۲٬۲۶۸٬۸۰۰"),),
    sums=(Figure("کالا", "۱۲۳٬۴۵۶٬۷۸۹٬۰۱۲"), Figure("طلای کهنه", "\u200e−۴۲٬۲۶۸٬۸۰۰")),
    total=Figure("جمع کل", "۱۲۳٬۴۱۴٬۵۲۰٬۲۱۲\xa0تومان"),
    settled=(Figure("کارت", "۱۲۳٬۴۱۴٬۵۲۰٬۲۱۲"),),
    footing=("تعویض تا ۷ روز با ارائهٔ فاکتور.",),
    columns=("کالا", "مبلغ"),
)
#: Names and figures that are longer than anybody thought of when the paper was cut.
CROWDED = replace(
    IN_PERSIAN,
    letterhead=replace(
        IN_PERSIAN.letterhead, name="بنگاه بزرگ طلا و جواهر و ساعت برادران زرین‌کوب اصفهانی به‌جز شعبهٔ تبریز"
    ),
    lines=(replace(IN_PERSIAN.lines[0], name="سرویس کامل عروس با گردنبند و گوشواره و دستبند و انگشتر طرح شکوفهٔ گیلاس"),)
    * 3,
    stamp="باطل شد",
    copies=("نسخهٔ مشتری", "نسخهٔ فروشگاه"),
)

TAG = Label("Dubai Gold", "Solitaire ring", "R-1001", ("18K", "4.250 g"), "AED 1,295.91", "R-1001", "R-1001")
TAG_IN_PERSIAN = Label(
    "گالری طلای پارسه", "انگشتر نگین‌دار", "R-1001", ("۱۸ عیار", "۴٫۲۵۰ گرم"), "۳۸٬۳۴۳٬۵۸۵ تومان", "R-1001", "R-1001"
)

BALANCE = Sheet(
    language="en",
    direction="ltr",
    title="Trial balance",
    at=AT,
    letterhead=RECEIPT.letterhead,
    subtitle="2025-06-01 – 2025-06-30",
    facts=(Figure("Printed", "2025-06-02 13:00"), Figure("By", "Sara")),
    tables=(
        Table(
            (Column("Account"), Column("Name", is_wide=True), Column("Debit", is_number=True), Column("Credit", True)),
            (
                Row(("1000", "Cash", "1,295.91", "")),
                Row(("", "of it in the drawer of the first till", "500.00", ""), Kind.PART),
                Row(("", "Together", "1,295.91", "1,295.91"), Kind.SUM),
            ),
            groups=(("", 2), ("AED", 2)),
        ),
    ),
    sums=(Figure("Goods", "1,295.91"), Figure("To pay", "AED 405.91")),
    notes=("All accounts that moved.",),
)
BALANCE_IN_PERSIAN = replace(
    BALANCE,
    language="fa",
    direction="rtl",
    title="تراز آزمایشی",
    letterhead=IN_PERSIAN.letterhead,
    subtitle="۱۴۰۴/۰۳/۰۱ تا ۱۴۰۴/۰۳/۳۱",
    facts=(Figure("چاپ", "۱۴۰۴/۰۳/۱۲ ۱۲:۳۰"),),
    tables=(
        Table(
            (Column("حساب"), Column("نام", is_wide=True), Column("بدهکار", is_number=True), Column("بستانکار", True)),
            (
                Row(("۱۰۰۰", "صندوق", "۱۲۳٬۴۵۶٬۷۸۹٬۰۱۲", "")),
                Row(("", "جمع", "۱۲۳٬۴۵۶٬۷۸۹٬۰۱۲", "۱۲۳٬۴۵۶٬۷۸۹٬۰۱۲"), Kind.SUM),
            ),
            groups=(("", 2), ("تومان", 2)),
        ),
    ),
    sums=(Figure("کالا", "۱۲۳٬۴۵۶"), Figure("جمع کل", "۱۲۳٬۴۵۶ تومان")),
    notes=("همهٔ حساب‌هایی که گردش داشتند.",),
)
