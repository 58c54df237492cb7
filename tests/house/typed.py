"""What a person could type into any form: found by trying, so that a new field is filled the day it appears."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from httpx import Response
from pydantic import BaseModel, TypeAdapter, ValidationError

from kernel.contributions import Route
from kernel.ids import new_id
from tests.plugins.browser import Browser
from web.bodies import Upload
from web.render import CSRF_FIELD

#: Tried in this order; the first that a field takes is typed into it.
POOL: tuple[Any, ...] = (
    "1", "Ring", "ring", "on", "750", "4.250", "2025-06-02", "sara@example.com", "gold", "gram", "IRT", "cash", "en",
    "copper-lantern-79-river", "+989121234567", "09:00", Upload("pieces.csv", b"sku,name\nR-1,Ring\n"),
)  # fmt: skip

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """One field of a form, wherever it stands."""

    path: Path
    annotation: Any
    required: bool

    @property
    def name(self) -> str:
        return next(str(step) for step in reversed(self.path) if isinstance(step, str))

    @property
    def is_id(self) -> bool:
        return _takes(self.annotation, str(new_id())) and not any(_takes(self.annotation, typed) for typed in POOL)


def spots(form: type[BaseModel], before: Path = (), required: bool = True) -> Iterator[Spot]:
    """Every field, and the fields of the first row of every list."""
    for name, field in form.model_fields.items():
        path = (*before, field.alias or name)
        # A list that may be empty is mostly of no use so: one row, with what a row needs.
        needed = required and (field.is_required() or _is_list(field.annotation))
        below = _form_in(field.annotation)
        if below is not None:
            yield from spots(below, (*path, 0) if _is_list(field.annotation) else path, needed)
        else:
            yield Spot((*path, 0) if _is_list(field.annotation) else path, field.rebuild_annotation(), needed)


def filled(
    form: type[BaseModel], ids: Callable[[str], str] = lambda _name: str(new_id()), *, sparingly: bool = False
) -> dict[str, Any]:
    """A form with something in every field, or `sparingly` in those that need it; `ids` answers an id for a name."""
    data: dict[str, Any] = {}
    for spot in spots(form):
        value = ids(spot.name) if spot.is_id else _something(spot.annotation)
        if value is not None and (spot.required or not sparingly):
            data = put(data, spot.path, value)
    return data


def put(data: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """The same form with something else in one place."""
    changed: Any = _put(dict(data), path, value)
    return dict(changed)


def pairs(data: Any, name: str = "") -> list[tuple[str, Any]]:
    """As a browser sends it: `lines[0][weight]=4.25`."""
    if isinstance(data, dict):
        return [pair for key, value in data.items() for pair in pairs(value, f"{name}[{key}]" if name else key)]
    if isinstance(data, list):
        return [pair for place, value in enumerate(data) for pair in pairs(value, f"{name}[{place}]")]
    return [(name, data)]


def _put(here: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    step, *rest = path
    if isinstance(step, int):
        rows = list(here or [])
        rows += [{}] * (step + 1 - len(rows))
        rows[step] = _put(rows[step], tuple(rest), value)
        return rows
    below = dict(here or {})
    return below | {step: _put(below.get(step), tuple(rest), value)}


def _something(annotation: Any) -> Any:
    for typed in (*_choices(annotation), *POOL):
        if _takes(annotation, typed):
            # Nobody works in two shops because two tests thought of the same address.
            return typed.replace("sara@", f"sara-{new_id().hex}@") if isinstance(typed, str) else typed
    return None


def _takes(annotation: Any, typed: Any) -> bool:
    # A list of plain values takes its first row.
    for given in (typed, [typed]):
        try:
            TypeAdapter(annotation).validate_python(given)
        except ValidationError:
            continue
        return True
    return False


def _choices(annotation: Any) -> list[Any]:
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [member.value for member in annotation]
    return [choice for part in get_args(annotation) for choice in _choices(part)]


def _form_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_form_in(part) for part in get_args(annotation))
    return next((one for one in found if one), None)


def _is_list(annotation: Any) -> bool:
    if get_origin(annotation) in (Union, UnionType):
        return any(_is_list(part) for part in get_args(annotation))
    return get_origin(annotation) in (tuple, list, frozenset, set)


def send(browser: Browser, route: Route, path: str, data: dict[str, Any]) -> Response:
    """As a page or a program of ours sends it."""
    if route.is_api or route.method != "POST":
        return browser.send(route.method, path, data)
    sent = pairs(data)
    token = browser.token
    fields: dict[str, Any] = {CSRF_FIELD: token.csrf} if token else {}
    for name, value in sent:
        if not isinstance(value, Upload):
            fields.setdefault(name, []).append(value)
    files = {name: (value.name, value.content) for name, value in sent if isinstance(value, Upload)}
    answer: Response = browser.client.post(path, data=fields, files=files or None)
    return answer
