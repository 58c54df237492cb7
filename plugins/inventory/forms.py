"""What is typed about the stock, and what a line of a file says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainValidator, TypeAdapter, ValidationError, WithJsonSchema
from pydantic.fields import FieldInfo

from kernel.errors import BadInput
from kernel.karats import karat_of
from kernel.metal import Metal, Weight
from kernel.text import is_blank
from plugins.inventory.domain.bulk import MOST_AT_ONCE
from plugins.inventory.domain.item import Description, Kind, Making, MakingKind, NewItem, Stone, Weighed
from plugins.inventory.domain.reasons import Reason
from plugins.inventory.domain.search import State, Wanted, sold_as
from web.cursors import PageQuery
from web.fields import AmountField
from web.forms import (
    AmountOrZero,
    Code,
    CountField,
    CountOrZero,
    FinenessField,
    Form,
    Line,
    Paragraph,
    Percent,
    UploadField,
    Uuid,
    WeightG,
    WeightOrZeroG,
    to_money,
    validate,
)

Name = Annotated[Line, Field(max_length=120)]
Label = Annotated[Line, Field(max_length=60)]
Note = Annotated[Paragraph, Field(max_length=500)]


class StoneForm(Form):
    name: Label
    count: CountField = 1
    carats: AmountField | None = None
    value: AmountOrZero | None = None
    lab: Label = ""
    certificate: Code = ""


class DescriptionForm(Form):
    """What may be written anew at any time. A blank `making_kind` leaves the making charge to the pricing rules."""

    sku: Code
    name: Name
    category: Uuid | None = None
    craftsmanship: Label = ""
    making_kind: MakingKind | None = None
    making_value: AmountOrZero = Decimal(0)
    making_fineness: FinenessField | None = None
    wastage: Percent = Decimal(0)
    fixed_price: AmountOrZero | None = None
    serial: Code = ""
    lot: Code = ""
    barcode: Code = ""
    hallmark: Code = ""
    low_at: CountOrZero | None = None
    investment: bool = False
    stones: Annotated[tuple[StoneForm, ...], Field(max_length=50)] = ()

    def description(self, currency: str) -> Description:
        """Raises BadInput with every field that does not fit the others."""
        problems = Problems()
        with problems.noted():
            making = self._making()
        with problems.noted():
            fixed_price = _minor(self.fixed_price, currency, "fixed_price")
        stones = []
        for place, stone in enumerate(self.stones):
            with problems.noted():
                value = _minor(stone.value, currency, f"stones.{place}.value")
                stones.append(Stone(stone.name, stone.count, stone.carats, value, stone.lab, stone.certificate))
        problems.refuse()
        return Description(
            sku=self.sku,
            name=self.name,
            category=self.category,
            craftsmanship=self.craftsmanship,
            making=making,
            wastage_percent=self.wastage,
            fixed_price=fixed_price,
            serial=self.serial,
            lot=self.lot,
            barcode=self.barcode,
            hallmark=self.hallmark,
            low_at=self.low_at,
            stones=tuple(stones),
            investment=self.investment,
        )

    def _making(self) -> Making | None:
        if self.making_kind is None:
            return None
        return Making(self.making_kind, self.making_value, self.making_fineness)


class EditForm(DescriptionForm):
    version: CountField
    active: bool = False


class ItemForm(DescriptionForm):
    """A new item, with what comes in of it. A blank `net` means that all of it is metal."""

    kind: Literal[Kind.PIECE, Kind.COUNTED] = Kind.PIECE
    branch: Uuid
    metal: Metal | None = None
    stamped: FinenessField | None = None
    assayed: FinenessField | None = None
    gross: WeightOrZeroG = Weight(0)
    net: WeightOrZeroG | None = None
    quantity: CountOrZero = 1
    cost: AmountOrZero = Decimal(0)

    def new_item(self, currency: str) -> NewItem:
        """Raises BadInput with every field that does not fit the others."""
        problems = Problems()
        with problems.noted():
            description = self.description(currency)
        with problems.noted():
            net = self.gross if self.net is None else self.net
            weighed = Weighed(self.metal, self.stamped, self.assayed, self.gross, net)
        with problems.noted():
            cost = _minor(self.cost, currency, "cost") or 0
        problems.refuse()
        return NewItem(description, weighed, self.kind, self.branch, self.quantity, cost)


class ReceiveForm(Form):
    """`cost` is of one."""

    quantity: CountField = 1
    cost: AmountOrZero = Decimal(0)
    note: Note = ""

    def cost_of_one(self, currency: str) -> int:
        return _minor(self.cost, currency, "cost") or 0


class AdjustForm(Form):
    reason: Literal[Reason.LOST, Reason.STOLEN, Reason.BROKEN, Reason.GIVEN_AWAY, Reason.FOUND]
    quantity: CountField = 1
    note: Note = ""


class WeighForm(Form):
    """What the scale, the assay and the invoice say now. `cost` is of all that are in stock: of the `seen` that were
    there when it was written."""

    stamped: FinenessField | None = None
    assayed: FinenessField | None = None
    gross: WeightG
    net: WeightOrZeroG | None = None
    cost: AmountOrZero
    seen: CountOrZero
    note: Note

    def weighed(self, metal: Metal | None) -> Weighed:
        return Weighed(metal, self.stamped, self.assayed, self.gross, self.gross if self.net is None else self.net)

    def worth(self, currency: str) -> int:
        return _minor(self.cost, currency, "cost") or 0


class CategoryForm(Form):
    name: Label
    parent: Uuid | None = None


def _each(sent: object) -> object:
    """`item=a` is a list of one, too."""
    return [sent] if isinstance(sent, str) else sent


class BulkForm(Form):
    """Items that were ticked in the list, or all that its `query` finds; and what is done with them.

    `onward` is a page of the stock that takes them as `?item=…&item=…`.
    """

    item: Annotated[tuple[Uuid, ...], BeforeValidator(_each), Field(max_length=MOST_AT_ONCE)] = ()
    everything: bool = False
    query: Annotated[str, Field(pattern=r"^[!-~]*$", max_length=2000)] = ""
    do: Literal["categorise", "uncategorise", "activate", "deactivate", "export"] | None = None
    category: Uuid | None = None
    onward: Annotated[str, Field(pattern=r"^/inventory/[a-z-]+$")] | None = None


class ManyForm(Form):
    """Items by id, and what is done with them; `category` where they are put into one."""

    items: Annotated[tuple[Uuid, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]
    do: Literal["categorise", "uncategorise", "activate", "deactivate"]
    category: Uuid | None = None


class FileForm(Form):
    file: UploadField
    branch: Uuid


def _finenesses(typed: object) -> tuple[int, ...]:
    """`750` is just that; `22K` is every fineness that is sold as 22 karat."""
    fineness = validate(_OneFineness, {"fineness": typed}).fineness
    karat = karat_of(fineness) if any(mark.isalpha() for mark in str(typed)) else None
    return (fineness.tenths,) if karat is None else sold_as(karat)


def _or_value_error(typed: object) -> tuple[int, ...]:
    try:
        return _finenesses(typed)
    except BadInput as refused:
        raise ValueError(refused.fields["fineness"]) from None


class _OneFineness(Form):
    fineness: FinenessField


FinenessFilter = Annotated[
    tuple[int, ...],
    PlainValidator(_or_value_error),
    WithJsonSchema({"type": "string", "description": "parts per thousand, or a karat such as 18K"}),
]


class Filters(Form):
    """What narrows a list of items."""

    text: Line = ""
    category: Uuid | None = None
    branch: Uuid | None = None
    metal: Metal | None = None
    fineness: FinenessFilter = ()
    lightest: WeightG | None = None
    heaviest: WeightG | None = None
    state: State = State.IN_STOCK

    @property
    def wanted(self) -> Wanted:
        return Wanted(
            self.text,
            self.category,
            self.branch,
            self.metal,
            self.fineness,
            self.lightest,
            self.heaviest,
            self.state,
        )


class ItemQuery(Filters, PageQuery):
    """Which items, and which page of them."""


def wanted_by(filters: Mapping[str, str]) -> Wanted:
    """From the address of a list; what it says that cannot be meant is left out, so that an old link shows a list."""
    try:
        return validate(Filters, filters).wanted
    except BadInput as odd:
        return validate(Filters, {name: value for name, value in filters.items() if name not in odd.fields}).wanted


class LineReader:
    """Reads the lines of a file by the rules of the form for a new item.

    A file repeats itself: what a column said once is not read again. A line with a mistake is read by the form itself,
    which names everything that is wrong with it.
    """

    def __init__(self, currency: str) -> None:
        self._currency = currency
        self._known: dict[tuple[str, str], Any] = {}

    def read(self, fields: Mapping[str, Any]) -> NewItem:
        """The item of a line, by field of the form. Raises BadInput."""
        try:
            form = self._quickly(fields)
        except ValidationError:
            form = validate(ItemForm, fields)
        return form.new_item(self._currency)

    def _quickly(self, fields: Mapping[str, Any]) -> ItemForm:
        values = {name: self._value(name, typed) for name, typed in fields.items() if name != "stones"}
        stones = [
            StoneForm.model_construct(
                **_filled({name: self._value(f"stone {name}", typed) for name, typed in one.items()})
            )
            for one in fields.get("stones", ())
        ]
        filled = _filled(values)
        if not {"sku", "name", "branch"} <= filled.keys():
            return validate(ItemForm, fields)
        return ItemForm.model_construct(**filled, stones=tuple(stones))

    def _value(self, name: str, typed: Any) -> Any:
        if not isinstance(typed, str):
            return typed
        known = self._known.get((name, typed), _UNKNOWN)
        if known is _UNKNOWN:
            known = None if is_blank(typed) else _adapters()[name].validate_python(typed)
            if name not in _UNLIKE:
                self._known[name, typed] = known
        return known


_UNKNOWN = object()
#: Columns that hardly say the same twice.
_UNLIKE = frozenset({"sku", "name", "barcode", "serial", "hallmark", "stone certificate"})


@cache
def _adapters() -> dict[str, TypeAdapter[Any]]:
    """How each field of the form alone is read."""
    of_item = {name: _adapter(info) for name, info in ItemForm.model_fields.items()}
    return of_item | {f"stone {name}": _adapter(info) for name, info in StoneForm.model_fields.items()}


def _adapter(field: FieldInfo) -> TypeAdapter[Any]:
    alone: Any = Annotated[field.annotation, field]
    return TypeAdapter(alone)


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


class Problems:
    """Every field that is wrong, gathered over several checks."""

    def __init__(self) -> None:
        self._fields: dict[str, str] = {}

    @contextmanager
    def noted(self) -> Iterator[None]:
        try:
            yield
        except BadInput as refused:
            self._fields.update(refused.fields)

    def refuse(self) -> None:
        if self._fields:
            raise BadInput(self._fields)


def _minor(amount: Decimal | None, currency: str, path: str) -> int | None:
    return None if amount is None else to_money(amount, currency, path).amount
