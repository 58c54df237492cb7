"""How long a web process takes to its first answer, and how much memory it has."""

from __future__ import annotations

import time
from statistics import median

from tests.bench.installation import Installation, Web, say, web
from tests.bench.measure import report

TIMES = 3
SECONDS_MAX = 30


def measure_start(house: Installation) -> None:
    say("Starting the web anew ...")
    took = [_first_answer_s(house) for _time in range(TIMES)]
    report("start", first_answer_ms=round(median(took) * 1000), all_ms=[round(one * 1000) for one in took])


def _first_answer_s(house: Installation) -> float:
    """From the command to a page, not only to an open door."""
    begun = time.perf_counter()
    with web(house, workers=1, ready=False) as started:
        while time.perf_counter() - begun < SECONDS_MAX:
            try:
                status, _body = started.get("/login")
            except OSError:
                time.sleep(0.005)
                continue
            if status == 200:
                return time.perf_counter() - begun
    raise RuntimeError(f"no answer within {SECONDS_MAX} s")


def measure_memory(house: Installation, running: Web) -> None:
    """Proportional set size: what is shared is counted once, divided among those who share it."""
    report(
        "memory",
        web_pss_mb=running.processes.memory_mb(),
        database_pss_mb=round(sum(house.database_processes.memory_mb()), 1),
    )
