"""What a month of the demo does not leave behind, done through the forms: so that every page has something to show."""

from __future__ import annotations

import re

from adapters.embedded.processes import wait_until
from tests.e2e.visitor import Visitor
from tests.plugins.announcements.conftest import fields as announced
from web.render import CSRF_FIELD

#: A file with one good row and one that is not.
FILES = {
    "en": "SKU,Name,Karat,Net weight g,Making charge by,Making charge\n"
    "CG-9001,Ring Safa,21K,3.150,percent,12\nCG-9002,Bangle Noor,21K,a lot,percent,12\n",
    "fa": "کد,نام,عیار,وزن خالص,نوع اجرت,اجرت\n"
    "TH-9001,انگشتر ترمه,۷۵۰,۳٫۱۵۰,درصد,۱۸\nTH-9002,النگوی تراش,۷۵۰,زیاد,درصد,۱۸\n",
}
RULES = {"en": "Handmade pieces", "fa": "کارهای دست‌ساز"}
CRAFTS = {"en": "handmade", "fa": "دست‌ساز"}


def fill(owner: Visitor, language: str) -> None:
    """A rule, a kept quote, an import, and hundreds of labels, which a worker prints."""
    branch = re.findall(r'<option value="([0-9a-f-]{36})"', owner.get("/inventory/imports").text)[0]
    sent = [
        owner.post("/pricing/rules", name=RULES[language], craftsmanship=CRAFTS[language], making="18%"),
        owner.post(
            "/pricing/quotes",
            **{"lines[0][fineness]": "750", "lines[0][weight]": "4.250", "lines[0][making]": "18%"},
        ),
        owner.client.post(
            "/inventory/imports",
            data={CSRF_FIELD: owner.token.csrf if owner.token else "", "branch": branch},
            files={"file": ("pieces.csv", FILES[language].encode())},
        ),
    ]
    assert [answer.status_code for answer in sent] == [303, 303, 303]
    print_labels(owner)


def announce(admin: Visitor) -> None:
    """Something that shops could be told; published, it would stand on the pages of all other tests."""
    assert admin.post("/platform/announcements", **announced()).status_code == 303


def print_labels(owner: Visitor) -> None:
    pieces = re.findall(r'href="/inventory/([0-9a-f-]{36})"', owner.get("/inventory").text)[:3]
    many = {f"item[{place}]": piece for place, piece in enumerate(pieces)}
    begun = owner.post("/inventory/labels/pdf", layout="a4-3x8", copies="100", **many)
    work = begun.headers["location"]
    assert wait_until(lambda: "/inventory/labels/files/" in owner.get(work).text, seconds=30), owner.get(work).text
