"""Codes that scanners read, as SVG: one path each, for the printer to set as large as it likes."""

from __future__ import annotations

import io
from itertools import groupby

#: Scanners want this much white before and after the bars, in modules.
QUIET = 10


def qr(content: str) -> str:
    import segno

    drawn = io.BytesIO()
    segno.make(content, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False)
    return drawn.getvalue().decode()


def code128(content: str) -> tuple[str, int]:
    """The bars, and how many modules wide they are. Nothing for what Code 128 has no signs for."""
    if not content or not content.isascii() or not content.isprintable():
        return "", 0
    from barcode.codex import Code128

    modules = Code128(content).build()[0]
    path, at = [], 0
    for bit, run in groupby(modules):
        wide = len(list(run))
        if bit == "1":
            path.append(f"M{at} 0h{wide}v1h-{wide}z")
        at += wide
    box = f'width="{at}" height="1" viewBox="0 0 {at} 1" preserveAspectRatio="none"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}><path d="{"".join(path)}"/></svg>', at
