"""What a browser or a program sent, as plain data: `lines[0][weight]=4.25` is `{"lines": [{"weight": "4.25"}]}`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn
from urllib.parse import parse_qsl

from kernel.errors import BadInput
from kernel.i18n import _

MOST_FIELDS = 5_000
MOST_LEVELS = 6
LONGEST_NAME = 200

Data = dict[str, object]

_NESTED = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])+)")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a form, already read and within the limit of the route."""

    name: str
    content: bytes


class Rows(list[object]):
    """A list that was sent with numbered names; `numbers` are the numbers, so that errors point at the right row."""

    def __init__(self, numbered: Mapping[int, object]) -> None:
        self.numbers = sorted(numbered)
        super().__init__(numbered[number] for number in self.numbers)


def read_form(body: bytes) -> Data:
    """A form body (`application/x-www-form-urlencoded`) or a query string. Raises BadInput."""
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        unreadable()
    return nested(pairs)


def read_json(body: bytes) -> Data:
    """A JSON object; its numbers are exact. Raises BadInput."""
    try:
        data = json.loads(body, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError):
        unreadable()
    if not isinstance(data, dict) or _levels(data) > MOST_LEVELS:
        unreadable()
    return data


def nested(pairs: Iterable[tuple[str, object]]) -> Data:
    """Names and values as they stand in a form, multipart ones included. Raises BadInput.

    `tags=a&tags=b` and `tags[]=a&tags[]=b` become a list; `lines[2][item]=…` rows in the order of their numbers.
    """
    tree: Data = {}
    for count, (name, value) in enumerate(pairs):
        if count >= MOST_FIELDS or len(name) > LONGEST_NAME:
            unreadable()
        _put(tree, _steps(name), value)
    return {name: _lists(branch) for name, branch in tree.items()}


def path_of(name: str) -> str:
    """The name of a form field as errors name it: `lines[0][weight]` is `lines.0.weight`."""
    return ".".join(_steps(name)).removesuffix(".")


def _steps(name: str) -> list[str]:
    match = _NESTED.fullmatch(name)
    if match is None:
        return [name]
    steps = [match[1], *match[2][1:-1].split("][")]
    if len(steps) > MOST_LEVELS:
        unreadable()
    return steps


def _put(tree: Data, steps: list[str], value: object) -> None:
    *branches, leaf = steps
    if leaf == "" and branches:  # `tags[]`: always a list, also with one value
        *branches, leaf = branches
        value = [value]
    for step in branches:
        below = tree.setdefault(step, {})
        if not isinstance(below, dict):
            unreadable()
        tree = below
    already = tree.get(leaf)
    if already is None:
        tree[leaf] = value
    elif isinstance(already, dict):
        unreadable()
    else:
        before = already if isinstance(already, list) else [already]
        tree[leaf] = before + (value if isinstance(value, list) else [value])


def _lists(branch: object) -> object:
    if not isinstance(branch, dict):
        return branch
    below = {step: _lists(value) for step, value in branch.items()}
    if all(re.fullmatch(r"[0-9]{1,6}", step) for step in below):
        return Rows({int(step): value for step, value in below.items()})
    return below


def _levels(data: object) -> int:
    """How deep lists and objects stand in each other. The JSON reader has already refused what is bottomless."""
    deepest, waiting = 0, [(data, 1)]
    while waiting:
        here, level = waiting.pop()
        deepest = max(deepest, level)
        below = here.values() if isinstance(here, dict) else here if isinstance(here, list) else ()
        waiting.extend((one, level + 1) for one in below if isinstance(one, dict | list))
    return deepest


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number")


def unreadable() -> NoReturn:
    """Whatever was sent, it is no form of ours. Raises BadInput."""
    raise BadInput({"": _("What was sent could not be read. Please load the page again and retry.")})
