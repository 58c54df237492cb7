"""What stands on paper: the shop's head, and documents made of tables. Words and figures, ready to be set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from plugins.shop.domain.logo import Picture


@dataclass(frozen=True, slots=True)
class Figure:
    """A name and what stands beside it."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The head of every document of a shop, in the language of the document; `hours` stand at its end."""

    name: str
    heading: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()
    logo: Picture | None = None


class Kind(StrEnum):
    """What a row of a table is."""

    PLAIN = "plain"
    PART = "part"  #: belongs to the row above
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    is_number: bool = False
    #: The one that gets the room that is left.
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[str, ...]
    kind: Kind = Kind.PLAIN


@dataclass(frozen=True, slots=True)
class Table:
    """`groups` are titles over several columns: (title, how many)."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""
    groups: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document on A4: facts, tables and sums below the shop's head."""

    language: str
    direction: str
    title: str
    at: datetime
    letterhead: Letterhead
    subtitle: str = ""
    facts: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    sums: tuple[Figure, ...] = ()
    notes: tuple[str, ...] = ()
    is_wide: bool = False
