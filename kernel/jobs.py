"""Work that is done later: declared by plugins, started by a row in the outbox, run for one shop.

A job is a function `(uow, *ports, **args)`. It runs in a transaction of its own and may be delivered more than once;
its effects in the database happen once, because they commit together with the outbox row's mark. Long work returns
a `Step` and is called again with the step's arguments, so that each part commits, shows its progress, and a
killed worker goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

Work = Callable[..., "Step | None"]
AnyWork = TypeVar("AnyWork", bound=Callable[..., Any])

QUEUES = ("urgent", "default", "low")


@dataclass(frozen=True, slots=True)
class Step:
    """Part of the work is done; call again with `args`. `done` of `total` is what the progress bar shows."""

    done: int
    total: int
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of work. `name` is stored in the outbox and stays stable; `tries` includes the first.

    `may_stop`: a person who waits for it may stop it half way; steps that are done by then stay done.
    """

    name: str
    work: Work
    queue: str
    tries: int
    title: str
    may_stop: bool = False


def job(
    name: str, *, title: str, queue: str = "default", tries: int = 8, may_stop: bool = False
) -> Callable[[AnyWork], AnyWork]:
    """Mark a function as a job. A plugin lists its functions in `jobs`; `uow.enqueue(function, …)` starts one.

    What a person waits for starts with `uow.begin_work(function, …)` instead: see `kernel/work.py`.
    """
    if queue not in QUEUES:
        raise ValueError(f"queue {queue!r} is not one of {QUEUES}")

    def mark(work: AnyWork) -> AnyWork:
        work.__job__ = Job(name, work, queue, tries, title, may_stop)  # type: ignore[attr-defined]
        return work

    return mark


def job_of(work: Callable[..., Any]) -> Job:
    """The declaration behind a function. Raises TypeError where `@job` is missing."""
    declared = getattr(work, "__job__", None)
    if not isinstance(declared, Job):
        raise TypeError(f"{work!r} is no job: decorate it with @job")
    return declared


@dataclass(frozen=True, slots=True)
class Schedule:
    """A job that starts by the clock, for every shop whose plugin is on. `cron` is read in the shop's own zone."""

    name: str
    cron: str
    work: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class PlatformSchedule:
    """What the installation does for itself by the clock, in UTC: `work(work, slot)` with the platform's unit of work.

    Several schedulers call it for the same slot, and one that starts for the last day's: it sees to it that it
    happens once. It holds the clock up while it runs, so it is short. An admin may have it done at any other time.
    """

    name: str
    cron: str
    work: Callable[..., Any]
    title: str = ""
