"""Where an embedded server keeps its things, so that it can reach them whoever it runs as."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from adapters.embedded.processes import LINUX, Account, CannotStart, FolderInUse, claim
from kernel.i18n import _

#: A socket's whole path has at most 107 bytes on Linux and 103 on macOS; the longest name in it has 15.
SOCKET_FOLDER_LENGTH_MAX = 80

#: How the names of folders begin that are thrown away at the end.
PASSING = "goldsmith-"
AN_HOUR_S = 3600

#: Programs are copied here when root's own folders hide them from the account that shall run them.
READABLE_COPIES = Path("/var/lib/goldsmith/programs")


def own_folder(folder: Path | None, undo: ExitStack) -> Path:
    """The folder of one server; without a wish a new one, which `undo` throws away."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        return folder.resolve()
    _sweep()
    passing = Path(tempfile.mkdtemp(prefix=PASSING)).resolve()
    # Others may walk through it; what is in it is closed.
    passing.chmod(0o755)
    undo.callback(shutil.rmtree, passing, ignore_errors=True)
    return passing


def _sweep() -> None:
    """Remove what killed processes of ours left behind: folders of an hour ago that nobody holds."""
    for left in Path(tempfile.gettempdir()).glob(f"{PASSING}*"):
        with suppress(OSError, FolderInUse):
            if left.stat().st_uid == os.geteuid() and time.time() - (left / "lock").stat().st_mtime > AN_HOUR_S:
                with claim(left):
                    shutil.rmtree(left, ignore_errors=True)


def make_private(folder: Path, account: Account | None) -> Path:
    """A folder that only the server's account may enter."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if account:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)
    return folder


def socket_folder(folder: Path, account: Account | None) -> Path:
    """A private folder for sockets: `folder/run`, or a short one elsewhere that `folder/run` points to."""
    # A killed launcher leaves sockets behind, and locks on them that name a process which may be a zombie still.
    remove_sockets(folder)
    run = folder / "run"
    if len(os.fsencode(run.resolve())) <= SOCKET_FOLDER_LENGTH_MAX and (account is None or account.reaches(folder)):
        return make_private(run.resolve(), account)
    base = tempfile.gettempdir()
    if len(os.fsencode(base)) > SOCKET_FOLDER_LENGTH_MAX - 20 or (account and not account.reaches(Path(base))):
        base = "/tmp"  # noqa: S108 - the folder made in it is private and has a random name
    short = make_private(Path(tempfile.mkdtemp(prefix=PASSING, dir=base)), account)
    run.symlink_to(short)
    return short


def remove_sockets(folder: Path) -> None:
    """Undo `socket_folder`."""
    run = folder / "run"
    if run.is_symlink():
        shutil.rmtree(run.readlink(), ignore_errors=True)
        run.unlink()
    else:
        shutil.rmtree(run, ignore_errors=True)


@contextmanager
def as_seen_by(account: Account | None, folder: Path) -> Iterator[tuple[Path, list[int]]]:
    """The path under which the server reaches `folder`, and the descriptors that it must be given.

    Root's folders are often closed to everybody else. A descriptor opens the one folder to the server and leaves its
    parents closed; copying or opening them up would do more than anybody asked for.
    """
    if account is None or account.reaches(folder.parent):
        yield folder, []
        return
    if not LINUX:
        raise CannotStart(
            _("The user {user}, as whom the database runs, cannot enter {folder}: choose another --data-dir.").format(
                user=account.name, folder=folder.parent
            )
        )
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield Path(f"/proc/self/fd/{descriptor}"), [descriptor]
    finally:
        os.close(descriptor)


def programs(package: str, distribution: str, account: Account | None) -> Path:
    """The folder of an installed package, where `account` can run what is in it."""
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise CannotStart(
            _("{package} is not installed: install goldsmith[embedded], or set DATABASE_URL and REDIS_URL.").format(
                package=distribution
            )
        )
    installed = Path(found.submodule_search_locations[0])
    if account is None or all(account.reaches(path) for path in (installed, *installed.iterdir())):
        return installed
    copy = READABLE_COPIES / f"{distribution}-{importlib.metadata.version(distribution)}"
    if not copy.exists():
        _copy_readable(installed, copy)
    return copy / package


def _copy_readable(installed: Path, copy: Path) -> None:
    copy.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix="copying-", dir=copy.parent))
    # The libraries stand beside the package, and the programs look for them there.
    for part in (installed, installed.with_name(installed.name + ".libs")):
        if part.is_dir():
            shutil.copytree(part, unfinished / part.name, symlinks=True)
    for path in (unfinished, *unfinished.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444))
    try:
        unfinished.rename(copy)
    except OSError:
        # Somebody else was faster.
        shutil.rmtree(unfinished)
