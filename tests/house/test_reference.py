"""The reference pages say what the code says."""

from __future__ import annotations

import re

from adapters.config import HOUSE
from adapters.container import all_plugins
from adapters.reference import pages

FOLDER = HOUSE / "docs" / "reference"


def test_every_generated_page_is_what_the_code_says():
    stale = [name for name, page in pages(all_plugins()).items() if _kept(name) != page]
    assert stale == [], "run `./run goldsmith docs`"


def test_every_link_between_documents_leads_somewhere():
    broken = []
    for page in [*HOUSE.glob("*.md"), *(HOUSE / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(HOUSE)}: {target}")
    assert broken == []


def _kept(name: str) -> str:
    file = FOLDER / name
    return file.read_text(encoding="utf-8") if file.exists() else ""
