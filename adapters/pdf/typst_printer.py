"""Documents by Typst: no system libraries, our own fonts, the same bytes for the same document."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from adapters.pdf.codes import code128, qr
from plugins.labels.domain.label import Label, LabelRun
from plugins.pos.domain.receipt import Paper, Receipt
from plugins.shop.domain.logo import Picture
from plugins.shop.domain.paper import Sheet

if TYPE_CHECKING:
    import typst

HERE = Path(__file__).parent
LAYOUTS = HERE / "layouts"

MANY_LABELS = 100

Layout = Literal["receipt", "sheet", "labels"]
#: What a layout is given, as JSON can hold it.
Content = dict[str, Any]


class TypstPrinter:
    """Every document in the layouts of the folder beside this file; about 10 ms each.

    The libraries load with the first document: a process that prints none is 20 MB smaller.
    """

    def __init__(self, ppi: float = 144) -> None:
        """`ppi` is how fine its pictures are; a PDF is as fine as its printer."""
        self._ppi = ppi

    def receipt(self, receipt: Receipt, paper: Paper) -> bytes:
        return self._pdf("receipt", _receipt(receipt, paper), receipt.at)

    def receipt_pictures(self, receipt: Receipt, paper: Paper) -> list[bytes]:
        return self._pictures("receipt", _receipt(receipt, paper))

    def sheet(self, sheet: Sheet) -> bytes:
        return self._pdf("sheet", _plain(sheet, sheet.letterhead.logo), sheet.at)

    def sheet_pictures(self, sheet: Sheet) -> list[bytes]:
        return self._pictures("sheet", _plain(sheet, sheet.letterhead.logo))

    def labels(self, run: LabelRun) -> bytes:
        pdf = self._pdf("labels", _labels(run), run.at)
        if len(run.labels) > MANY_LABELS:
            self._forget()
        return pdf

    def label_pictures(self, run: LabelRun) -> list[bytes]:
        return self._pictures("labels", _labels(run))

    def _pdf(self, layout: Layout, content: Content, at: datetime) -> bytes:
        # Typst knows whole seconds only.
        pdf = self._set(layout, content).compile(format="pdf", timestamp=at.replace(microsecond=0))
        assert isinstance(pdf, bytes)
        return pdf

    def _pictures(self, layout: Layout, content: Content) -> list[bytes]:
        pages = self._set(layout, content).compile(format="png", ppi=self._ppi)
        return [pages] if isinstance(pages, bytes) else list(pages or ())

    def _set(self, layout: Layout, content: Content) -> typst.Compiler:
        """A compiler of its own for each document: one is not made for several threads at once."""
        import typst

        # As data, so that no name of a piece or a customer is ever read as an instruction.
        files: Any = {"content.json": json.dumps(content, ensure_ascii=False).encode()}
        files |= {"main.typ": self._layouts[layout], "base.typ": self._layouts["base"]}
        return typst.Compiler(files, font_paths=self._fonts, ignore_system_fonts=True)

    def _forget(self) -> None:
        """Typst remembers its last ten documents, and a thousand labels are 70 MB: ten empty ones take their place."""
        import typst

        for _document in range(11):
            typst.Compiler({"main.typ": b""}, font_paths=self._fonts, ignore_system_fonts=True).compile()  # type: ignore[type-var]

    @cached_property
    def _layouts(self) -> Mapping[str, bytes]:
        return {file.stem: file.read_bytes() for file in LAYOUTS.glob("*.typ")}

    @cached_property
    def _fonts(self) -> typst.Fonts:
        import typst

        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(HERE / "fonts")])


def _receipt(receipt: Receipt, paper: Paper) -> Content:
    plain = _plain(receipt, receipt.letterhead.logo)
    return plain | {"paper": paper.value, "qr": qr(receipt.code), **_bars(receipt.barcode)}


def _labels(run: LabelRun) -> Content:
    # Copies of a label are the same drawing, made once.
    drawn = {label: _drawn(label) for label in set(run.labels)}
    return _plain(replace(run, labels=()), run.logo) | {"labels": [drawn[label] for label in run.labels]}


def _drawn(label: Label) -> Content:
    return asdict(label) | {"qr": qr(label.qr) if label.qr else "", **_bars(label.barcode)}


def _bars(content: str) -> Content:
    drawn, modules = code128(content)
    return {"bars": drawn, "modules": modules}


def _plain(document: Any, logo: Picture | None) -> Content:
    """A document as JSON can hold it."""
    plain: Content = json.loads(json.dumps(asdict(document), default=_text))
    return plain | {"logo": _embedded(logo) if logo else None}


def _text(value: object) -> str:
    """A moment or a measure as text; the bytes of a logo go another way."""
    return "" if isinstance(value, bytes) else str(value)


def _embedded(picture: Picture) -> Content:
    """The picture within an SVG: what is handed to Typst beside its layouts is text."""
    size = f'width="{picture.width}" height="{picture.height}"'
    data = f"data:{picture.media_type};base64,{b64encode(picture.content).decode()}"
    image = f'<image {size} href="{data}"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{image}</svg>'
    return {"svg": svg, "width": picture.width, "height": picture.height}
