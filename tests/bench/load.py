"""A load generator that costs little itself: keep-alive connections over plain asyncio, one answer awaited at a time.

Runs as a process of its own (`python -m tests.bench.load`), reads what to send from standard input as JSON and prints
what it measured as JSON, so that its CPU is not counted as the server's.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import uuid4


@dataclass(slots=True)
class Shot:
    """One request: `body` may hold `{uuid}`, which is new each time. `piece` takes the next of `pieces`."""

    method: str
    path: str
    headers: dict[str, str]
    body: str = ""


@dataclass(slots=True)
class Plan:
    """`clients` connections, client i repeats the shots of magazine i modulo their number, for `seconds`."""

    host: str
    port: int
    clients: int
    seconds: float
    magazines: list[list[Shot]] = field(default_factory=list)


Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]
PAUSE_S = 0.01


async def _connect(plan: Plan) -> list[Connection]:
    """One after the other, as clients come: those that knock at the same moment all get the same worker."""
    connections = []
    for _client in range(plan.clients):
        connections.append(await asyncio.open_connection(plan.host, plan.port))
        await asyncio.sleep(PAUSE_S)
    return connections


async def _fire(
    plan: Plan, connection: Connection, shots: list[Shot], until: float, took: list[float], answers: Counter[int]
) -> None:
    reader, writer = connection
    try:
        for shot in itertools.cycle(shots):
            if time.perf_counter() >= until:
                return
            fresh = str(uuid4())
            body = shot.body.replace("{uuid}", fresh).encode()
            headers = {"Host": f"{plan.host}:{plan.port}", "Content-Length": str(len(body)), **shot.headers}
            lines = "".join(f"{name}: {value.replace('{uuid}', fresh)}\r\n" for name, value in headers.items())
            begun = time.perf_counter()
            writer.write(f"{shot.method} {shot.path} HTTP/1.1\r\n{lines}\r\n".encode() + body)
            status = await _answer(reader)
            took.append(time.perf_counter() - begun)
            answers[status] += 1
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head[9:12])
    at = head.find(b"content-length:")
    if at >= 0:
        await reader.readexactly(int(head[at + 15 : head.index(b"\r\n", at)]))
        return status
    while size := int((await reader.readline()).strip() or b"0", 16):
        await reader.readexactly(size + 2)
    await reader.readline()
    return status


async def _run(plan: Plan) -> dict[str, Any]:
    took: list[float] = []
    answers: Counter[int] = Counter()
    connections = await _connect(plan)
    begun = time.perf_counter()
    until = begun + plan.seconds
    magazines = itertools.islice(itertools.cycle(plan.magazines), plan.clients)
    await asyncio.gather(
        *(
            _fire(plan, connection, shots, until, took, answers)
            for connection, shots in zip(connections, magazines, strict=True)
        )
    )
    lasted = time.perf_counter() - begun
    took.sort()
    return {
        "clients": plan.clients,
        "operations": len(took),
        "per_second": round(len(took) / lasted, 1),
        **{f"p{q}_ms": round(took[min(len(took) - 1, len(took) * q // 100)] * 1000, 2) for q in (50, 95, 99)},
        "answers": {str(status): number for status, number in sorted(answers.items())},
    }


def as_plain(plan: Plan) -> str:
    return json.dumps(asdict(plan))


def main() -> None:
    plain = json.load(sys.stdin)
    plain["magazines"] = [[Shot(**shot) for shot in shots] for shots in plain["magazines"]]
    print(json.dumps(asyncio.run(_run(Plan(**plain)))))  # noqa: T201 - this is its answer


if __name__ == "__main__":
    main()
