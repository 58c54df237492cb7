"""What is typed about labels."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema

from kernel.errors import BadInput
from kernel.i18n import _
from plugins.labels.domain.label import MOST_PIECES, Price, Shown
from plugins.labels.domain.layout import A4, OWN, OWN_TITLE, Layout, Mm, Shape
from web.forms import CountField, Form, Line, Uuid, read_number

MOST_COPIES = 100
LONGEST_MM = 500


def _mm(typed: object) -> Decimal:
    length = read_number(typed, decimals=1, grouped=False)
    if not 0 <= length <= LONGEST_MM:
        raise ValueError(_("Millimetres from 0 to {most}, please.").format(most=LONGEST_MM))
    return length


def _each(sent: object) -> object:
    """`item=a` is a list of one, too."""
    return [sent] if isinstance(sent, str) else sent


MmField = Annotated[Decimal, PlainValidator(_mm), WithJsonSchema({"type": "string", "description": "millimetres"})]
Items = Annotated[tuple[Uuid, ...], BeforeValidator(_each), Field(max_length=MOST_PIECES)]
Fields = Annotated[tuple[Shown, ...], BeforeValidator(_each)]


class WantedQuery(Form):
    """Which pieces: `item=…&item=…`, or all that came in with a file: `file=…`."""

    item: Items = ()
    file: Uuid | None = None


class LabelsForm(Form):
    """Labels for these pieces. `stock` prints as many of each as there are instead of `copies`."""

    item: Items = ()
    layout: Line
    shown: Fields = ()
    price: Price = Price.NONE
    start: CountField = 1
    copies: Annotated[CountField, Field(le=MOST_COPIES)] = 1
    stock: bool = False

    @property
    def plain(self) -> dict[str, Any]:
        """As a job takes it along, to be validated again."""
        return self.model_dump(mode="json", exclude={"item"}) | {"item": [str(item) for item in self.item]}


class LayoutForm(Form):
    """A page measured by the shop itself."""

    page_width: MmField = A4[0]
    page_height: MmField = A4[1]
    width: MmField = Mm("63.5")
    height: MmField = Mm("33.9")
    columns: CountField = 3
    rows: CountField = 8
    left: MmField = Mm(0)
    top: MmField = Mm(0)
    gap_x: MmField = Mm(0)
    gap_y: MmField = Mm(0)
    shape: Shape = Shape.FLAT
    flag: MmField = Mm(0)

    def layout(self) -> Layout:
        """Raises BadInput where it does not fit its page."""
        measures: dict[str, Any] = self.model_dump()
        try:
            return Layout(OWN, OWN_TITLE, **measures)
        except BadInput as refused:
            raise BadInput({f"own.{field}": sentence for field, sentence in refused.fields.items()}) from None


class ChoicesForm(Form):
    """What the shop prints where nothing else is said."""

    layout: Line
    shown: Fields = ()
    price: Price = Price.NONE
    own: LayoutForm = LayoutForm()
