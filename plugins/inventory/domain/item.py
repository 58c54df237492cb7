"""An item: one piece, goods of one kind that are counted, or a lot of scrap; what it is made of and what it asks."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from kernel.errors import BadInput
from kernel.i18n import _
from kernel.metal import Fineness, FineWeight, Metal, Weight
from kernel.text import sort_key
from plugins.inventory.domain.words import words_of

#: Scrap that comes over the counter is numbered under this, so nothing else may be.
SCRAP_SKU = "SCRAP-"

#: How many of one thing a shop counts; `shop.move_stock()` holds the same number.
MOST_PIECES = 1_000_000


class Kind(StrEnum):
    PIECE = "piece"  #: one of its kind: there is one, or none
    COUNTED = "counted"  #: many alike, kept as a number
    SCRAP = "scrap"  #: old metal, bought to be melted


class MakingKind(StrEnum):
    """The forms of a making charge; pricing reads the same words."""

    NONE = "none"
    PERCENT = "percent"
    PER_GRAM = "per_gram"
    PER_PIECE = "per_piece"
    GOLD = "gold"
    MILYEM = "milyem"


@dataclass(frozen=True, slots=True)
class Making:
    """What the work costs: per cent of the metal's value, money per gram or piece, grams of metal, or milyem."""

    kind: MakingKind
    value: Decimal = Decimal(0)
    fineness: Fineness | None = None

    def __post_init__(self) -> None:
        decimals = {MakingKind.GOLD: 3, MakingKind.MILYEM: 1}.get(self.kind)
        if self.kind is MakingKind.NONE and self.value:
            raise BadInput({"making_value": _("Without a making charge there is no figure.")})
        if decimals is not None and self.value != round(self.value, decimals):
            raise BadInput({"making_value": _("Grams have at most three decimals, milyem one.")})
        most = {MakingKind.PERCENT: 10_000, MakingKind.MILYEM: 1_000}.get(self.kind)
        if most is not None and self.value > most:
            raise BadInput({"making_value": _("At most {most}, please.").format(most=most)})
        if self.fineness is not None and self.kind is not MakingKind.GOLD:
            raise BadInput({"making_fineness": _("Only a making charge in grams of metal has a fineness.")})


@dataclass(frozen=True, slots=True)
class Stone:
    """A stone, or several alike. `value` is of all of them, in minor units; `certificate` its number at `lab`."""

    name: str
    count: int = 1
    carats: Decimal | None = None
    value: int | None = None
    lab: str = ""
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the scale and the hallmark say. `net` is without stones and fittings."""

    metal: Metal | None
    stamped: Fineness | None
    assayed: Fineness | None
    gross: Weight
    net: Weight

    def __post_init__(self) -> None:
        wrong = {}
        if self.metal is None and (self.stamped or self.assayed):
            wrong["metal"] = _("Please choose the metal of this fineness.")
        if self.metal is not None and not (self.stamped or self.assayed):
            wrong["stamped"] = _("Metal has a fineness: please enter what is stamped.")
        if self.metal is not None and not self.gross:
            wrong["gross"] = _("Please weigh the piece.")
        elif self.net > self.gross:
            wrong["net"] = _("The metal cannot weigh more than the whole piece.")
        elif self.metal is not None and not self.net:
            wrong["net"] = _("A piece of metal weighs more than its stones.")
        if wrong:
            raise BadInput(wrong)

    @property
    def fineness(self) -> Fineness | None:
        """What it is sold as."""
        return self.stamped or self.assayed

    @property
    def fine(self) -> FineWeight:
        """The pure metal in one of them, as the books count it."""
        fineness = self.assayed or self.stamped
        return FineWeight(0) if fineness is None else self.net.at(fineness)


@dataclass(frozen=True, slots=True)
class Description:
    """What may be written anew at any time: it moves no stock. Without `making` the pricing rules decide.

    `investment`: bars and coins that are bought for their metal; the market says how fine they must be.
    """

    sku: str
    name: str
    category: UUID | None = None
    craftsmanship: str = ""
    making: Making | None = None
    wastage_percent: Decimal = Decimal(0)
    fixed_price: int | None = None
    serial: str = ""
    lot: str = ""
    barcode: str = ""
    hallmark: str = ""
    low_at: int | None = None
    stones: tuple[Stone, ...] = ()
    investment: bool = False

    @property
    def words(self) -> str:
        """What it is found by."""
        certificates = (stone.certificate for stone in self.stones)
        return words_of(self.name, self.sku, self.barcode, self.serial, self.lot, self.hallmark, *certificates)

    @property
    def sort_name(self) -> str:
        return sort_key(self.name)


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item as it is first written down, with what comes in with it: `cost` is of one, in minor units."""

    description: Description
    weighed: Weighed
    kind: Kind
    branch: UUID
    quantity: int = 1
    cost: int = 0

    def __post_init__(self) -> None:
        check_fits(self.kind, self.description)
        if self.kind is not Kind.COUNTED and self.quantity > 1:
            raise BadInput({"quantity": _("There is only one of a piece. Choose “counted” for many alike.")})


def check_fits(kind: Kind, description: Description) -> None:
    """Does an item of this kind allow what it is described as? Raises BadInput."""
    wrong = {}
    if kind is not Kind.SCRAP and description.sku.upper().startswith(SCRAP_SKU):
        wrong["sku"] = _("“{prefix}…” is kept for scrap metal.").format(prefix=SCRAP_SKU)
    if kind is not Kind.COUNTED and description.low_at is not None:
        wrong["low_at"] = _("Only counted goods can run low.")
    if wrong:
        raise BadInput(wrong)


@dataclass(frozen=True, slots=True)
class Item:
    """An item as it stands. `worth` is what all of them cost, `unit_cost` what the last one that came in did."""

    id: UUID
    kind: Kind
    branch: UUID
    description: Description
    weighed: Weighed
    on_hand: int
    worth: int
    unit_cost: int
    active: bool
    version: int

    @property
    def sku(self) -> str:
        return self.description.sku

    @property
    def name(self) -> str:
        return self.description.name

    @property
    def metal(self) -> str:
        """For events and books; empty for goods without metal."""
        return self.weighed.metal.value if self.weighed.metal else ""

    @property
    def cost(self) -> int:
        """What one of them cost, in minor units."""
        return self.worth // self.on_hand if self.on_hand else self.unit_cost
