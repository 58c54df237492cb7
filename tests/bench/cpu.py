"""CPU time and memory of processes, from /proc: what a busy machine does to wall time it does not do to these."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Tree:
    """A process and all below it."""

    root: int

    def pids(self) -> list[int]:
        parents = dict(_parents())
        mine, grew = {self.root}, True
        while grew:
            more = {pid for pid, parent in parents.items() if parent in mine} - mine
            mine, grew = mine | more, bool(more)
        return sorted(mine)

    def cpu_s(self) -> float:
        """Seconds of CPU so far, of the living and of the children they have waited for."""
        return sum(_cpu_s(pid) for pid in self.pids())

    def memory_mb(self) -> list[float]:
        """Proportional set size of each process, in MB."""
        return [round(found, 1) for pid in self.pids() if (found := _pss_mb(pid))]


def busy_elsewhere(own_s: float, wall_s: float, before: tuple[float, float], after: tuple[float, float]) -> float:
    """The share of the machine that others used, 0 to 1."""
    used = after[0] - before[0]
    return round(max(0.0, (used - own_s) / (wall_s * (os.cpu_count() or 1))), 2)


def machine() -> tuple[float, float]:
    """Seconds that all cores spent busy and idle since boot."""
    fields = [int(word) * _TICK_S for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    idle = fields[3] + fields[4]
    return sum(fields) - idle, idle


def _parents() -> list[tuple[int, int]]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                found.append((int(entry.name), int(_stat(int(entry.name))[1])))
            except OSError:
                continue
    return found


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on; a program's name may contain anything."""
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


def _cpu_s(pid: int) -> float:
    try:
        return sum(int(field) for field in _stat(pid)[11:15]) * _TICK_S
    except OSError:
        return 0.0


def _pss_mb(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0
