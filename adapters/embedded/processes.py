"""Child processes that never outlive the one that started them, whatever ends it."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from signal import Signals
from typing import IO

from kernel.i18n import _

#: Linux tells a process when its parent has died; elsewhere a watchdog has to.
LINUX = sys.platform.startswith("linux")
_PR_SET_PDEATHSIG = 1

LOG_BYTES_MAX = 10_000_000

#: Reads until the other end of the pipe is closed, which the kernel does even for a process killed with -9.
_WATCHDOG = """
import os, sys
if not os.read(0, 1):
    try:
        os.kill(int(sys.argv[1]), int(sys.argv[2]))
    except ProcessLookupError:
        pass
"""


class CannotStart(Exception):
    """A service did not come up. The message is a sentence that says what to do."""


class FolderInUse(CannotStart):
    """Somebody else runs with this folder now."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the machine that a process runs as, when not as ours."""

    name: str
    uid: int
    gid: int

    @classmethod
    def unprivileged(cls) -> Account | None:
        """Whom servers run as when we are root, because PostgreSQL refuses to be; None when we are nobody special.

        An account that exists: making one would change the machine, and a demo has no business to.
        """
        if os.geteuid() != 0:
            return None
        for name in ("goldsmith", "nobody"):
            with contextlib.suppress(KeyError):
                entry = pwd.getpwnam(name)
                return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)
        raise CannotStart(_("There is no user goldsmith or nobody to run the database as: start Goldsmith as a user."))

    def reaches(self, path: Path) -> bool:
        """Whether this account may walk to `path` and read it."""
        resolved = path.resolve()
        return all(self._may_enter(folder) for folder in resolved.parents) and self._may(resolved, 0o4)

    def _may_enter(self, folder: Path) -> bool:
        return self._may(folder, 0o1)

    def _may(self, path: Path, wish: int) -> bool:
        status = path.stat()
        shift = 6 if status.st_uid == self.uid else 3 if status.st_gid == self.gid else 0
        return bool(status.st_mode >> shift & wish)


class Process:
    """A running child, and the promise that it ends with us."""

    def __init__(
        self,
        argv: Sequence[str | Path],
        *,
        when_orphaned: Signals = Signals.SIGTERM,
        account: Account | None = None,
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
        output: IO[bytes] | None = None,
        keep_open: Sequence[int] = (),
    ) -> None:
        """Start `argv`. Call this from a thread that lives as long as the child shall: Linux takes the end of the
        starting thread for the end of the parent."""
        # A session of its own: Ctrl-C reaches us alone, and we end the children in the right order.
        self._popen = subprocess.Popen(
            [str(word) for word in argv],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output is not None else None,
            cwd=folder,
            env=None if environment is None else {**os.environ, **environment},
            start_new_session=True,
            pass_fds=keep_open,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=_die_with(os.getpid(), when_orphaned) if LINUX else None,
        )
        self._leash = None if LINUX else _watch(self.pid, when_orphaned)

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; minus the signal's number when one ended it."""
        return self._popen.poll()

    def signal(self, number: Signals) -> None:
        """Send a signal, if it still runs."""
        if self.exit_code is None:
            self._popen.send_signal(number)

    def stop(self, *steps: tuple[Signals, float]) -> None:
        """Send each signal in turn and give the process that many seconds; then it is killed with all its children."""
        for number, patience in steps:
            if self.exit_code is not None:
                break
            self._popen.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._popen.wait(patience)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._popen.wait()
        if self._leash is not None:
            self._leash.communicate(b".")
            self._leash = None


def _die_with(parent: int, number: Signals) -> Callable[[], None]:
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def in_the_child() -> None:
        # After the change of user, which clears it. The second line is for a parent that died just before the first.
        prctl(_PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:
            os._exit(1)

    return in_the_child


def _watch(pid: int, number: Signals) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _WATCHDOG, str(pid), str(int(number))],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )


def open_log(path: Path) -> IO[bytes]:
    """A file for a child's output: for the owner's eyes only, begun anew when it has become long."""
    log = open(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600))  # noqa: SIM115 - the caller's to close
    if log.tell() > LOG_BYTES_MAX:
        log.truncate(0)
    return log


@contextlib.contextmanager
def claim(folder: Path) -> Iterator[None]:
    """Keep everybody else out of `folder` until the block ends or this process does."""
    with (folder / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            sentence = _("Goldsmith already runs with the folder {folder}: stop it, or choose another --data-dir.")
            raise FolderInUse(sentence.format(folder=folder)) from None
        yield


def is_running(pid: int, name: str) -> bool:
    """Whether process `pid` lives and is called `name`: numbers are given out again, and the dead linger as zombies
    where nobody collects them, as in a container without an init."""
    if not LINUX:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, 0)
            return True
        return False
    try:
        # "pid (name) state ...": the name may hold blanks and brackets.
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    found, rest = status.split("(", 1)[1].rsplit(")", 1)
    return found == name and rest.split()[0] not in {"Z", "X"}


def wait_until(true: Callable[[], bool], seconds: float) -> bool:
    """Whether it came true in time."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True
