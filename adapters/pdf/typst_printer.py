"""PDFs by Typst: no system libraries, our own fonts, the same bytes for the same document."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from plugins.pos.domain.receipt import Paper, Receipt

if TYPE_CHECKING:
    import typst

HERE = Path(__file__).parent
LAYOUTS = HERE / "layouts"


class TypstPrinter:
    """Receipts in the layouts of the folder beside this file; about 10 ms each.

    The libraries load with the first receipt: a process that prints none is 20 MB smaller.
    """

    @cached_property
    def _fonts(self) -> typst.Fonts:
        import typst

        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(HERE / "fonts")])

    def receipt(self, receipt: Receipt, paper: Paper) -> bytes:
        import typst

        content = asdict(receipt) | {"at": receipt.at.isoformat(), "paper": paper.value, "qr": _qr(receipt.code)}
        # A compiler for each document: one is not made for several threads at once.
        compiler = typst.Compiler(root=str(LAYOUTS), font_paths=self._fonts, ignore_system_fonts=True)
        pdf = compiler.compile(
            str(LAYOUTS / "receipt.typ"),
            format="pdf",
            # As data, so that no name of a piece or a customer is ever read as an instruction.
            sys_inputs={"receipt": json.dumps(content, ensure_ascii=False)},
            # Typst knows whole seconds only.
            timestamp=receipt.at.replace(microsecond=0),
        )
        assert isinstance(pdf, bytes)
        return pdf


def _qr(content: str) -> str:
    import segno

    drawn = io.BytesIO()
    segno.make(content, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False)
    return drawn.getvalue().decode()
