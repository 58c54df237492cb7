"""Forms: what was sent becomes a checked, frozen value, or a sentence for each field that cannot be taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from kernel import text
from kernel.digits import shown
from kernel.errors import BadInput
from kernel.i18n import N_, _, language
from kernel.typed import to_money
from web.bodies import Data, Rows, Upload, nested, path_of, read_form, read_json
from web.fields import (
    AmountField,
    AmountOrZero,
    Code,
    CountField,
    CountOrZero,
    DateField,
    Email,
    FinenessField,
    Line,
    Markup,
    Paragraph,
    Percent,
    RateField,
    SignedAmount,
    SignedCount,
    SignedWeightG,
    Slug,
    UploadField,
    Uuid,
    WeightG,
    WeightOrZeroG,
    Zone,
    read_number,
)

__all__ = [
    "NO_DRAFT", "AmountField", "AmountOrZero", "Code", "CountField", "CountOrZero", "Data", "DateField", "Draft",
    "Email", "FinenessField", "Form", "Line", "Markup", "Paragraph", "Percent", "RateField", "SignedAmount",
    "SignedCount", "SignedWeightG", "Slug", "Upload", "UploadField", "Uuid", "WeightG", "WeightOrZeroG", "Zone",
    "nested", "read_form", "read_json", "read_number", "to_money", "validate",
]  # fmt: skip


class Form(BaseModel):
    """The base of every form: frozen; what it does not name is ignored; blank fields count as not sent."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


FormT = TypeVar("FormT", bound=BaseModel)


def validate(form_class: type[FormT], data: Mapping[str, object]) -> FormT:
    """The form that `data` fills. Raises BadInput with a sentence per field, by its path (`lines.0.weight`)."""
    filled = _without_blanks(data)
    try:
        return form_class.model_validate(filled)
    except ValidationError as refused:
        fields: dict[str, str] = {}
        for error in refused.errors(include_url=False, include_input=False):
            fields.setdefault(_path(error["loc"], filled), _sentence(error))
        raise BadInput(fields) from None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person typed into a form that was refused, shown again with what to correct."""

    data: Mapping[str, object] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.errors)

    def value(self, name: str, otherwise: Any) -> Any:
        """What was typed into the field of this name; `otherwise` where nothing was submitted yet."""
        if not self.errors:
            return otherwise
        here: object = self.data
        for step in path_of(name).split("."):
            here = _below(here, step)
        return "" if here is None else here

    def text(self, name: str) -> str:
        """What was typed, where it is one line of text; whatever else was sent under the name counts as nothing."""
        typed = self.value(name, "")
        return typed if isinstance(typed, str) else ""

    def ticked(self, name: str, value: str, otherwise: bool) -> bool:
        """Was the box of this name and value ticked?"""
        typed = self.value(name, value if otherwise else "")
        return value in typed if isinstance(typed, list) else typed == value

    def error(self, name: str) -> str:
        return self.errors.get(path_of(name), "")


NO_DRAFT = Draft()


def _below(here: object, step: str) -> object:
    if isinstance(here, Rows):
        return here[here.numbers.index(int(step))] if step.isdecimal() and int(step) in here.numbers else None
    if isinstance(here, list):
        return here[int(step)] if step.isdecimal() and int(step) < len(here) else None
    return here.get(step) if isinstance(here, Mapping) else None


def _without_blanks(value: Any) -> Any:
    """Browsers send every field of a form, also the empty ones; those count as not sent, and rows without any go."""
    if isinstance(value, Mapping):
        kept = ((name, _without_blanks(below)) for name, below in value.items())
        return {name: below for name, below in kept if not _is_blank(below)}
    if isinstance(value, Rows):
        rows = zip(value.numbers, map(_without_blanks, value), strict=True)
        return Rows({number: row for number, row in rows if not _is_blank(row) and row != {}})
    if isinstance(value, list):
        return [_without_blanks(one) for one in value if not _is_blank(one)]
    return value


def _is_blank(value: object) -> bool:
    if isinstance(value, Upload):
        return not value.name and not value.content
    return value is None or (isinstance(value, str) and text.is_blank(value))


def _path(location: tuple[int | str, ...], data: object) -> str:
    """The field an error is about, as its form names it: rows by their own numbers, without pydantic's inner names."""
    path: list[str] = []
    here = data
    for step in location:
        if isinstance(here, Rows) and isinstance(step, int):
            path.append(str(here.numbers[step]))
            here = here[step]
        elif isinstance(here, list) and isinstance(step, int):
            path.append(str(step))
            here = here[step] if step < len(here) else None
        elif isinstance(here, Mapping) and (step in here or step == location[-1]):
            path.append(str(step))
            here = here.get(step)
    return ".".join(path)


_MISSING = N_("Please fill this in.")
_NUMBER = N_("Please enter a number.")
_TEXT = N_("Please enter text.")
_DATE = N_("Please enter a date.")
_TIME = N_("Please enter a time.")
_CHOICE = N_("Please choose one from the list.")
_YES_OR_NO = N_("Please answer with yes or no.")
_LIST = N_("Please enter a list.")
_TOO_LARGE = N_("This number is too large.")
_ADDRESS = N_("Please enter a web address.")

#: A sentence for each of pydantic's reasons that a form can run into; `_("This cannot be used.")` for the rest.
_SENTENCES = {
    "missing": _MISSING, "none_required": N_("Please leave this empty."),
    "extra_forbidden": N_("This is not asked for."),
    "value_error": "{error}", "assertion_error": "{error}",
    "string_type": _TEXT, "string_unicode": _TEXT,
    "string_pattern_mismatch": N_("This is not written as it should be."),
    "string_not_ascii": N_("Please use Latin letters."),
    "string_too_short": N_("At least {min_length} characters, please."),
    "string_too_long": N_("At most {max_length} characters, please."),
    "bytes_type": _TEXT, "bytes_too_short": N_("This is too short."), "bytes_too_long": N_("This is too long."),
    "too_short": N_("At least {min_length}, please."), "too_long": N_("At most {max_length}, please."),
    "greater_than": N_("More than {gt}, please."), "greater_than_equal": N_("At least {ge}, please."),
    "less_than": N_("Less than {lt}, please."), "less_than_equal": N_("At most {le}, please."),
    "multiple_of": N_("Please enter a multiple of {multiple_of}."), "finite_number": _NUMBER,
    "int_type": _NUMBER, "int_parsing": N_("Please enter a whole number."), "int_parsing_size": _TOO_LARGE,
    "int_from_float": N_("Please enter a whole number."), "float_type": _NUMBER, "float_parsing": _NUMBER,
    "decimal_type": _NUMBER, "decimal_parsing": _NUMBER, "decimal_max_digits": _TOO_LARGE,
    "decimal_max_places": N_("At most {decimal_places} decimals, please."), "decimal_whole_digits": _TOO_LARGE,
    "fraction_type": _NUMBER, "fraction_parsing": _NUMBER,
    "bool_type": _YES_OR_NO, "bool_parsing": _YES_OR_NO,
    "enum": _CHOICE, "literal_error": _CHOICE, "union_tag_invalid": _CHOICE, "union_tag_not_found": _CHOICE,
    "uuid_type": _CHOICE, "uuid_parsing": _CHOICE, "uuid_version": _CHOICE,
    "list_type": _LIST, "tuple_type": _LIST, "set_type": _LIST, "frozen_set_type": _LIST, "iterable_type": _LIST,
    "dict_type": _LIST, "model_type": _LIST, "model_attributes_type": _LIST, "dataclass_type": _LIST,
    "date_type": _DATE, "date_parsing": _DATE, "date_from_datetime_parsing": _DATE, "date_from_datetime_inexact": _DATE,
    "date_past": N_("Please enter a day in the past."), "date_future": N_("Please enter a day in the future."),
    "time_type": _TIME, "time_parsing": _TIME, "datetime_type": _TIME, "datetime_parsing": _TIME,
    "datetime_object_invalid": _TIME, "datetime_from_date_parsing": _TIME, "timezone_naive": _TIME,
    "timezone_aware": _TIME, "timezone_offset": _TIME, "time_delta_type": _TIME, "time_delta_parsing": _TIME,
    "datetime_past": N_("Please enter a time in the past."),
    "datetime_future": N_("Please enter a time in the future."),
    "url_type": _ADDRESS, "url_parsing": _ADDRESS, "url_syntax_violation": _ADDRESS, "url_too_long": _ADDRESS,
    "url_scheme": _ADDRESS,
}  # fmt: skip


def _sentence(error: ErrorDetails) -> str:
    reason, facts = error["type"], error.get("ctx", {})
    if reason in ("too_short", "too_long") and facts["field_type"] not in _COLLECTIONS:
        reason = f"string_{reason}"  # a limit set around a cleaned text does not know that it is one
    template = _SENTENCES.get(reason)
    if template is None:
        return _("This cannot be used.")
    if template == "{error}":
        return shown(str(facts["error"]), language())
    return shown(_(template).format(**facts), language())


_COLLECTIONS = {"List", "Tuple", "Set", "Frozenset", "Dictionary", "Iterable", "Generator", "Deque", "Mapping"}
