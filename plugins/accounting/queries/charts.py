"""The charts of accounts that ship with the product: `charts/*.toml`, one a market."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from plugins.accounting.domain.chart import AccountKind, Planned

FOLDER = Path(__file__).parent.parent / "charts"
#: For a market without a chart of its own.
GENERAL = "AE"


@lru_cache
def codes() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@lru_cache
def chart_for(market: str, language: str) -> tuple[Planned, ...]:
    """The accounts a new shop begins with, named in its language where the chart knows it, in English otherwise."""
    path = FOLDER / f"{market if market in codes() else GENERAL}.toml"
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["accounts"]
    return tuple(
        Planned(row["code"], row.get(language, row["en"]), AccountKind(row["kind"]), tuple(row.get("roles", ())))
        for row in rows
    )
