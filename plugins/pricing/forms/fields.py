"""Types for fields that only pricing has."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema

from kernel import text
from kernel.errors import GoldsmithError
from kernel.i18n import _
from kernel.metal import Metal, WeightUnit
from kernel.money import RoundingMode
from plugins.pricing.domain.making import Making, read_making
from plugins.pricing.domain.terms import Component, Side, Supply
from web.forms import Line


def _one_of(kind: type[Any]) -> BeforeValidator:
    known = {each.value for each in kind}

    def read(typed: object) -> object:
        if isinstance(typed, str) and typed in known:
            return kind(typed)
        raise ValueError(_("Please choose one from the list."))

    return BeforeValidator(read)


MetalField = Annotated[Metal, _one_of(Metal)]
UnitField = Annotated[WeightUnit, _one_of(WeightUnit)]
SideField = Annotated[Side, _one_of(Side)]
ModeField = Annotated[RoundingMode, _one_of(RoundingMode)]
SupplyField = Annotated[Supply, _one_of(Supply)]
ComponentField = Annotated[Component, _one_of(Component)]
ShortLine = Annotated[Line, Field(max_length=80)]


def _making(typed: object) -> Making:
    if isinstance(typed, Making):
        return typed
    try:
        if isinstance(typed, str) and len(typed) <= 60:
            return read_making(text.line(typed))
    except GoldsmithError as broken:
        raise ValueError(str(broken)) from None
    except (ValueError, ArithmeticError):
        pass
    raise ValueError(_("Please write 18%, 500000/g, 2000000, 0.5g, 30 milyem or none."))


#: A making charge as people write it: `18%`, `500000/g`, `2000000`, `0.5g@750`, `30 milyem`, `none`.
MakingField = Annotated[
    Making,
    PlainValidator(_making),
    WithJsonSchema({"type": "string", "description": "a making charge", "examples": ["18%", "500000/g", "none"]}),
]
