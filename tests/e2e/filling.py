"""What a month of the demo does not leave behind, done through the forms: so that every page has something to show."""

from __future__ import annotations

import re

from tests.e2e.visitor import Visitor
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
    """A rule, a kept quote and an import."""
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
