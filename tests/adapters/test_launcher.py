"""The two commands on a fresh machine: what they leave running, what they keep, and what they say when it fails."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from adapters.bootstrap import make_roles
from adapters.cli.demo import code_command
from adapters.embedded.postgres import EmbeddedPostgres
from adapters.embedded.processes import wait_until
from adapters.launcher.keys import Keys
from adapters.launcher.running import demo_folder
from adapters.launcher.services import services

HOUSE = Path(__file__).resolve().parents[2]
COLD_START_S_MAX = 60

#: What the tests' own surroundings say about services does not concern a demo.
OURS = ("DATABASE_URL", "PLATFORM_DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "ENVIRONMENT", "SECRET_KEY")
CLEAN = {name: value for name, value in os.environ.items() if name not in OURS}

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts processes in /proc")


def goldsmith(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "adapters.cli", *words],
        env={**CLEAN, **environment},
        cwd=HOUSE,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        yield Path(made)


class Demo:
    """A running `goldsmith demo`."""

    def __init__(self, told: dict[str, Any], launcher: subprocess.Popen[str], took: float) -> None:
        self.launcher = launcher
        self.took = took
        self.told = told

    def get(self, path: str) -> int:
        with urllib.request.urlopen(self.told["address"] + path, timeout=10) as answer:
            return int(answer.status)

    def family(self) -> set[int]:
        """Every process below the launcher."""
        parents = dict(_processes())
        below = {self.launcher.pid}
        while more := {pid for pid, parent in parents.items() if parent in below} - below:
            below |= more
        return below - {self.launcher.pid}

    def running(self, command: str) -> set[int]:
        """Whoever runs `goldsmith <command>` for it."""
        words = {pid: Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") for pid in self.family()}
        return {pid for pid, said in words.items() if said[2:4] == [b"adapters.cli", command.encode()]}

    def end(self, number: signal.Signals) -> int:
        self.launcher.send_signal(number)
        return self.launcher.wait(60)


@contextmanager
def demo(folder: Path, *options: str, **environment: str) -> Iterator[Demo]:
    began = time.monotonic()
    with (folder.parent / f"{folder.name}.out").open("w+") as output:
        launcher = subprocess.Popen(
            [sys.executable, "-m", "adapters.cli", "demo", "--port", "0", "--data-dir", str(folder), *options],
            env={**CLEAN, **environment},
            cwd=HOUSE,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            wait_until(lambda: bool(_told(folder, launcher)) or launcher.poll() is not None, seconds=COLD_START_S_MAX)
            told = _told(folder, launcher)
            if not told:
                output.seek(0)
                pytest.fail(f"no demo after {time.monotonic() - began:.0f} s: {output.read()}")
            yield Demo(told, launcher, time.monotonic() - began)
        finally:
            if launcher.poll() is None:
                launcher.terminate()
                launcher.wait(60)


@pytest.mark.slow
@linux_only
def test_a_demo_starts_keeps_its_data_and_leaves_nothing_behind(folder):
    data = folder / "data"
    with demo(data, "--items", "20") as first:
        assert first.get("/health/ready") == 200
        assert (data / "demo.json").stat().st_mode & 0o777 == 0o600
        assert (data / "keys.json").stat().st_mode & 0o777 == 0o600
        assert {login["who"] for login in first.told["logins"]}
        shops = goldsmith("tenant", "list", DATA_DIR=str(data))
        family = first.family()
        assert first.end(signal.SIGINT) == 0
    assert (shops.returncode, _living(family), (data / "demo.json").exists()) == (0, set(), False)

    with demo(data, "--items", "20") as second:
        assert second.told["logins"] == first.told["logins"]
        assert goldsmith("tenant", "list", DATA_DIR=str(data)).stdout == shops.stdout
        assert second.took < first.took
        family = second.family()
        assert second.end(signal.SIGKILL) == -signal.SIGKILL
        assert wait_until(lambda: not _living(family), seconds=20)

    with demo(data, "--items", "20") as third:
        assert third.get("/health/ready") == 200
        (worker,) = third.running("worker")
        os.kill(worker, signal.SIGKILL)
        assert wait_until(lambda: third.running("worker") not in (set(), {worker}), seconds=10)
        family = third.family()
        assert third.end(signal.SIGTERM) == 0
    assert _living(family) == set()


def test_a_filling_that_was_interrupted_begins_anew(folder, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    keys = Keys.kept_in(folder)
    for _again in range(2):
        with services(folder, keys) as ours, psycopg.connect(ours.admin_url or "") as admin:
            # Fails where the table of the first time is still there.
            admin.execute("CREATE TABLE half_a_month ()")
    assert ours.diary is not None
    ours.diary.finish({"shops": 2, "items": None}, [{"who": "Sara"}])
    with services(folder, keys) as ours, psycopg.connect(ours.admin_url or "") as admin:
        assert admin.execute("SELECT count(*) FROM half_a_month").fetchone() == (0,)
    assert ours.diary is not None
    assert ours.diary.logins({"shops": 2, "items": None}) == [{"who": "Sara"}]
    assert ours.diary.logins({"shops": 3, "items": None}) is None


def test_the_code_of_the_administrator_is_told_for_the_folder_of_the_demo(folder):
    kept = folder / "a demo"
    kept.mkdir()
    (kept / "demo.json").write_text(
        json.dumps({"logins": [{"who": "Ada"}, {"who": "Admin", "app": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"}]})
    )
    for said in (
        goldsmith("code", "--data-dir", str(kept)),
        goldsmith("code", DATA_DIR=str(kept)),
    ):
        assert said.returncode == 0, said.stderr
        code, *rest = said.stdout.split()
        assert (len(code), code.isdigit(), rest[0]) == (6, True, "for")
    nobody = goldsmith("code", "--data-dir", str(folder))
    assert (nobody.returncode, nobody.stdout) == (1, "")
    assert f"No demo runs in {folder}. If yours has another folder, name it with --data-dir." in nobody.stderr


def test_what_a_demo_prints_is_the_command_that_tells_the_code(folder, monkeypatch):
    monkeypatch.delenv("DATA_DIR", raising=False)
    assert code_command(demo_folder()) == "./run goldsmith code"
    assert code_command(folder / "a demo") == f"./run goldsmith code --data-dir '{folder}/a demo'"
    # Another terminal knows nothing of this variable.
    monkeypatch.setenv("DATA_DIR", str(folder))
    assert code_command(folder) == f"./run goldsmith code --data-dir {folder}"


def test_a_taken_port_is_said_at_once(folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused = goldsmith("demo", "--port", port, "--data-dir", str(folder / "data"))
    assert (refused.returncode, refused.stderr) == (
        1,
        f"Port {port} is taken: stop what runs there, or choose another with --port.\n",
    )
    assert not (folder / "data").exists()


def test_a_strange_address_is_said_at_once(folder):
    refused = goldsmith("demo", "--host", "192.0.2.1", "--data-dir", str(folder / "data"))
    assert (refused.returncode, refused.stderr) == (
        1,
        "192.0.2.1 is no address of this machine: choose another with --host.\n",
    )


@pytest.mark.parametrize("command", ["serve", "worker", "scheduler", "migrate"])
def test_production_without_a_database_refuses(command, folder):
    secrets = {"SECRET_KEY": "k" * 32, "REDIS_URL": "redis://127.0.0.1:1", "ENVIRONMENT": "production"}
    refused = goldsmith(command, DATA_DIR=str(folder), PLATFORM_DATABASE_URL="postgresql://u@127.0.0.1:1/n", **secrets)
    assert (refused.returncode, refused.stderr) == (
        1,
        "DATABASE_URL is not set: give it the address of your PostgreSQL 18 for the role goldsmith_app,"
        " or start the demo.\n",
    )


def test_a_database_that_does_not_answer_is_said_in_a_sentence(folder):
    refused = goldsmith(
        "demo", "--port", "0", "--data-dir", str(folder), DATABASE_URL="postgresql://postgres@127.0.0.1:1/goldsmith"
    )
    assert refused.returncode == 1
    assert refused.stderr.startswith("The database does not answer: check that it runs and that DATABASE_URL is right")
    assert len(refused.stderr.splitlines()) == 1


def test_a_redis_that_does_not_answer_is_said_in_a_sentence(folder):
    refused = goldsmith("demo", "--port", "0", "--data-dir", str(folder), REDIS_URL="redis://127.0.0.1:1/0")
    assert (refused.returncode, refused.stderr) == (
        1,
        "Redis does not answer: check that it runs and that REDIS_URL is right.\n",
    )


@pytest.mark.parametrize(("role", "becomes"), [("app", "goldsmith_app"), ("owner", "goldsmith_owner")])
def test_the_database_shell_has_the_rights_that_were_asked_for(role, becomes):
    with EmbeddedPostgres(durable=False) as server:
        make_roles(server.url(), {})
        told = goldsmith(
            *("db", "shell", "--role", role, "--", "-Atc", "select current_user"),
            DATABASE_URL=server.url("goldsmith_app"),
            MIGRATION_DATABASE_URL=server.url("goldsmith_migrator"),
        )
    assert (told.returncode, told.stdout, told.stderr) == (0, f"{becomes}\n", "")


def test_doctor_says_what_is_missing(folder):
    ill = goldsmith("doctor", DATA_DIR=str(folder), SECRET_KEY="short")
    assert ill.returncode == 1
    assert "- Configuration" in ill.stdout
    assert "SECRET_KEY does not fit: it has at least 32 characters." in ill.stdout


# `./run` itself, as far as it goes before any package is there.


@pytest.fixture
def clone(folder: Path) -> Path:
    """The two things that `./run` reads."""
    shutil.copy(HOUSE / "run", folder / "run")
    shutil.copytree(HOUSE / "requirements", folder / "requirements")
    return folder


def run(clone: Path, environment: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [clone / "run", *words],
        env={"PATH": os.defpath, "HOME": str(clone), "GOLDSMITH_WITHOUT_UV": "1", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def program(folder: Path, name: str, script: str) -> Path:
    """A folder for PATH with one program in front of the usual ones."""
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    (programs / name).write_text(f"#!/bin/sh\n{script}\n")
    (programs / name).chmod(0o755)
    return programs


def without_python(clone: Path, script: str) -> dict[str, str]:
    """A machine whose only Python is `script`."""
    programs = program(clone, "python3", script)
    for tool in ("sh", "cmp", "dirname", "grep", "mkdir", "rm", "cp", "cat"):
        (programs / tool).symlink_to(shutil.which(tool) or tool)
    return {"PATH": str(programs)}


def test_an_old_python_is_said_in_a_sentence(clone):
    refused = run(clone, without_python(clone, "exit 1"))
    assert (refused.returncode, refused.stderr.splitlines()[-1]) == (
        1,
        "Goldsmith needs Python 3.11 or newer: install it (Debian: apt install python3 python3-venv) and start again.",
    )


def test_a_missing_venv_module_is_said_in_a_sentence(clone):
    refused = run(clone, without_python(clone, 'case "$2" in *venv*) exit 1 ;; esac'))
    assert (refused.returncode, refused.stderr.splitlines()[-1]) == (
        1,
        "This Python has no venv module: install it (Debian: apt install python3-venv) and start again.",
    )


def test_a_full_disk_is_said_in_a_sentence(clone):
    full = 'case "$1" in -m) echo "[Errno 28] No space left on device" >&2; exit 1 ;; esac'
    refused = run(clone, without_python(clone, full))
    assert (refused.returncode, refused.stderr.splitlines()[-1]) == (
        1,
        f"The disk is full: make about 500 MB free where {clone}/.venv stands, and start again.",
    )


@pytest.mark.slow
def test_a_failed_download_is_said_in_a_sentence(clone):
    nowhere = {
        "PYTHON": sys.executable,
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "http://127.0.0.1:1/simple",
        "PIP_RETRIES": "0",
    }
    refused = run(clone, nowhere)
    assert (refused.returncode, refused.stderr.splitlines()[-1]) == (
        1,
        f"Packages could not be installed: look at the network and at {clone}/.venv/install.log, and start again.",
    )
    assert not list((clone / ".venv").glob("installed-*"))


def _told(folder: Path, launcher: subprocess.Popen[str]) -> dict[str, Any]:
    """What this demo has written, once it has; a killed one may have left its own."""
    try:
        told: dict[str, Any] = json.loads((folder / "demo.json").read_text())
    except FileNotFoundError:
        return {}
    return told if told["process"] == launcher.pid else {}


def _processes() -> Iterator[tuple[int, int]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                after_name = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if after_name[0] != "Z":
                yield int(entry.name), int(after_name[1])


def _living(family: set[int]) -> set[int]:
    return family & {pid for pid, _parent in _processes()}
