"""One measurement: so many clients for so many seconds, what they saw, and what it cost the machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import click

from tests.bench.cpu import Tree, busy_elsewhere, machine
from tests.bench.installation import HOST, Installation, Web, rest_until_quiet, say
from tests.bench.load import Plan, Shot, as_plain

#: Before it counts: prepared statements, caches and the processor's own clock get warm.
WARM_UP_S = 1.0


@dataclass(slots=True)
class Cost:
    """CPU seconds of each part while the block ran, and how busy others kept the machine meanwhile."""

    spent: dict[str, float] = field(default_factory=dict)
    others: float = 0.0

    def per_operation(self, operations: int) -> dict[str, float]:
        """Milliseconds."""
        return {name: round(seconds * 1000 / max(operations, 1), 3) for name, seconds in self.spent.items()}


@contextmanager
def costing(**parts: Tree) -> Iterator[Cost]:
    cost, ours = Cost(), Tree(os.getpid())
    begun, all_before, own_before = time.perf_counter(), machine(), ours.cpu_s()
    before = {name: tree.cpu_s() for name, tree in parts.items()}
    yield cost
    cost.spent = {name: tree.cpu_s() - before[name] for name, tree in parts.items()}
    wall = time.perf_counter() - begun
    cost.others = busy_elsewhere(ours.cpu_s() - own_before, wall, all_before, machine())


def load(
    house: Installation, web: Web, magazines: Sequence[list[Shot]], clients: int, seconds: float
) -> dict[str, Any]:
    """What `clients` saw over HTTP, and the CPU of server and database per operation."""
    fired = 0
    if seconds > WARM_UP_S:
        fired = _fire(Plan(HOST, web.port, clients, WARM_UP_S, list(magazines)))["operations"]
    rest_until_quiet()
    with costing(server=web.processes, database=house.database_processes) as cost:
        seen = _fire(Plan(HOST, web.port, clients, seconds, list(magazines)))
    if refused := {status: n for status, n in seen["answers"].items() if not status.startswith("2")}:
        say(f"Not every answer was good: {refused}")
    return {
        **seen,
        "errors": sum(refused.values()),
        "cpu_ms": cost.per_operation(seen["operations"]),
        "others_busy": cost.others,
        "warm_up_operations": fired,
    }


def _fire(plan: Plan) -> dict[str, Any]:
    fired = subprocess.run(
        [sys.executable, "-m", "tests.bench.load"], input=as_plain(plan), capture_output=True, text=True, check=False
    )
    if fired.returncode:
        raise RuntimeError(fired.stderr)
    seen: dict[str, Any] = json.loads(fired.stdout)
    return seen


def spread(magazine: Sequence[Shot], clients: int) -> list[list[Shot]]:
    """Deal the shots out, so that every client has some of its own and together they fire all."""
    return [list(magazine[client % len(magazine) :: clients]) for client in range(clients)]


def report(metric: str, **figures: Any) -> None:
    """A line of JSON for programs, and a sentence for whoever waits."""
    click.echo(json.dumps({"metric": metric, **figures}))
