"""Goldsmith's own processes in a demo: started, watched, started again, and ended together."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from signal import Signals
from types import FrameType

from adapters.embedded.processes import CannotStart, Process, open_log
from kernel.i18n import _

#: A process that ends so often in such a time will not be better next time.
FALLS_MAX = 3
FALLS_WITHIN_S = 60.0


class Ended(BaseException):  # a signal is no Exception that somebody might catch on the way
    """Somebody asked us to stop."""


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Ctrl-C, `kill` and a closed terminal leave the block in order, wherever it stands."""

    def end(_number: int, _frame: FrameType | None) -> None:
        # Once is enough: a second Ctrl-C must not interrupt the tidying up.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        raise Ended

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    with suppress(Ended):
        yield


@dataclass(slots=True)
class Watched:
    """One of our processes, whatever its number is now."""

    command: tuple[str, ...]
    process: Process
    falls: list[float] = field(default_factory=list)


class Supervisor:
    """Runs commands of `goldsmith` until the block ends; one that falls is started again."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = environment
        self._watched: dict[str, Watched] = {}

    def __enter__(self) -> Supervisor:
        return self

    def __exit__(self, *_reason: object) -> None:
        for watched in self._watched.values():
            watched.process.signal(Signals.SIGTERM)
        for watched in self._watched.values():
            watched.process.stop((Signals.SIGTERM, 10))

    def start(self, *command: str) -> None:
        """Start `goldsmith <command>`; what it says goes to `<command>.log`."""
        self._watched[command[0]] = Watched(command, self._spawn(command))

    def watch(self, fallen: Callable[[], str | None]) -> None:
        """Until a signal comes. Raises CannotStart when a service or one of ours is past helping."""
        while True:
            time.sleep(0.5)
            if sentence := fallen():
                raise CannotStart(sentence)
            self.restart_fallen()

    def restart_fallen(self) -> None:
        for watched in self._watched.values():
            if watched.process.exit_code is None:
                continue
            now = time.monotonic()
            watched.falls = [fall for fall in watched.falls if now - fall < FALLS_WITHIN_S] + [now]
            if len(watched.falls) > FALLS_MAX:
                raise CannotStart(self._past_helping(watched.command))
            watched.process.stop()
            watched.process = self._spawn(watched.command)

    def wait_for(self, name: str, against: Callable[[], list[str]], seconds: float) -> None:
        """Until nothing speaks `against` it. Raises CannotStart when the process ends before, or time runs out."""
        watched = self._watched[name]
        end = time.monotonic() + seconds
        while reasons := against():
            if watched.process.exit_code is not None:
                raise CannotStart(self._past_helping(watched.command))
            if time.monotonic() > end:
                raise CannotStart("\n".join(reasons))
            time.sleep(0.01)

    def _spawn(self, command: Sequence[str]) -> Process:
        with open_log(self._log(command[0])) as output:
            # Killed with us and not asked: they keep nothing that the database does not have.
            return Process(
                [sys.executable, "-m", "adapters.cli", *command],
                when_orphaned=Signals.SIGKILL,
                environment=self._environment,
                output=output,
            )

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}.log"

    def _past_helping(self, command: Sequence[str]) -> str:
        log = self._log(command[0])
        said = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
        return _("`goldsmith {command}` does not run. Its last words were: {words} More is in {log}.").format(
            command=command[0], words=said[-1] if said else "-", log=log
        )
