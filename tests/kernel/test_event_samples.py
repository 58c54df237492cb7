"""Stored events outlive the code that wrote them: one sample for every shape an event ever had stays readable.

A new or widened event has no sample yet: `python -m pytest tests/kernel/test_event_samples.py --write-samples` writes
it. A sample is never changed or removed.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest

from kernel.events import Event, from_plain, to_plain
from kernel.metal import Fineness
from tests.conftest import built_ins

SAMPLES = Path(__file__).parent / "event_samples"
PLAIN: dict[Any, Any] = {
    str: "R-1042",
    int: 7,
    bool: True,
    UUID: UUID("0197312a-4d00-7000-8000-000000000001"),
    Decimal: Decimal("4125000.5"),
    datetime: datetime(2025, 6, 2, 9, 30, tzinfo=UTC),
    date: date(2025, 6, 2),
    Fineness: Fineness(7_500),
    Any: "anything",
}
#: A few types check more of their fields than the types of these say.
WORDS = {"currency": "IRT"}


def example(kind: Any, name: str = "") -> Any:
    """Something of this type, with nothing left out."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is str and name in WORDS:
        return WORDS[name]
    if kind in PLAIN:
        return PLAIN[kind]
    if origin in (Union, types.UnionType):
        return example(next(one for one in arguments if one is not type(None)), name)
    if origin is Literal:
        return arguments[0]
    if origin is tuple:
        return (example(arguments[0]),) if arguments[-1] is Ellipsis else tuple(map(example, arguments))
    if origin in (list, frozenset, set):
        return origin([example(arguments[0])])
    if origin in (dict, Mapping):
        return {example(arguments[0]): example(arguments[1])}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        make: Any = kind
        return make(**{one.name: example(hints[one.name], one.name) for one in fields(kind)})
    raise TypeError(f"no example for {kind}: say one in {__name__}.PLAIN")


def shape(plain: Any) -> Any:
    """Which fields there are, all the way down."""
    if isinstance(plain, dict):
        return {name: shape(value) for name, value in sorted(plain.items())}
    return [shape(value) for value in plain] if isinstance(plain, list) else None


def samples() -> list[Path]:
    return sorted(SAMPLES.glob("*.json"))


def declared() -> list[type[Event]]:
    """Events that the kernel and the built-in plugins tell each other."""
    for name in built_ins():
        if importlib.util.find_spec(f"plugins.{name}.events"):
            importlib.import_module(f"plugins.{name}.events")
    ours = [kind for kind in Event.known.values() if kind.__module__.split(".")[0] in ("kernel", "plugins")]
    return sorted(ours, key=lambda kind: kind.__name__)


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.stem)
def test_an_event_stored_long_ago_is_readable_today(sample):
    events = {kind.__name__: kind for kind in declared()}
    stored = json.loads(sample.read_text())
    event = from_plain(sample.name.split(".")[0], stored)
    assert type(event) is events[sample.name.split(".")[0]]
    kept = to_plain(event)
    assert {field: kept[field] for field in stored} == stored


def test_every_event_as_it_is_today_has_a_sample(pytestconfig):
    missing = []
    for kind in declared():
        today = to_plain(example(kind))
        stored = [sample for sample in samples() if sample.name.startswith(f"{kind.__name__}.")]
        if shape(today) in [shape(json.loads(sample.read_text())) for sample in stored]:
            continue
        if pytestconfig.getoption("write_samples"):
            text = json.dumps(today, indent=2, ensure_ascii=False)
            (SAMPLES / f"{kind.__name__}.{len(stored) + 1}.json").write_text(f"{text}\n")
        missing.append(kind.__name__)
    assert missing == [], "run this test with --write-samples, look at what was written, and commit it"


def test_a_field_that_was_added_later_has_a_default():
    """By the oldest sample: what it does not hold must be possible to leave out."""
    without = []
    for kind in declared():
        first = SAMPLES / f"{kind.__name__}.1.json"
        if first.exists():
            known = set(json.loads(first.read_text()))
            without += [f"{kind.__name__}.{one.name}" for one in _required(kind) if one.name not in known]
    assert without == []


def _required(kind: Any) -> list[Field[Any]]:
    return [one for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING]
