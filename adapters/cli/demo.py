"""`goldsmith demo`: everything on this machine, with two shops to look at."""

from __future__ import annotations

import errno
import http.client
import json
import os
import shlex
import socket
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import click

from adapters.embedded.processes import CannotStart, claim
from adapters.launcher.keys import Keys, write_private
from adapters.launcher.running import FILE, demo_folder
from adapters.launcher.services import Filling, Services, services
from adapters.launcher.supervisor import Supervisor, ended_by_signals
from kernel.i18n import _


@click.command("demo")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on; 0 takes a free one.")
@click.option(
    "--data-dir", type=click.Path(path_type=Path, file_okay=False), help="Where the data is kept.", envvar="DATA_DIR"
)
@click.option("--shops", default=2, show_default=True, type=click.IntRange(1, 1000), help="Shops to have.")
@click.option("--items", type=click.IntRange(1, 100_000), help="Pieces in each shop, a few hundred if not given.")
def command(host: str, port: int, data_dir: Path | None, shops: int, items: int | None) -> None:
    """Run Goldsmith here, with its database and with shops to look at."""
    folder = (data_dir or demo_folder()).expanduser().absolute()
    with ended_by_signals(), ExitStack() as running:
        port = free_port(host, port)
        folder.mkdir(parents=True, exist_ok=True)
        running.enter_context(claim(folder))
        (folder / FILE).unlink(missing_ok=True)
        keys = Keys.kept_in(folder)
        say(_("Starting the database in {folder} ...").format(folder=folder))
        ours = running.enter_context(services(folder, keys))
        at = f"{reachable(host)}:{port}"
        environment = environment_of(ours, folder, keys, at)
        os.environ.update(environment)
        logins = prepare(ours, keys, shops, items)

        processes = running.enter_context(Supervisor(folder, environment))
        processes.start("serve", "--host", host, "--port", str(port))
        processes.wait_for("serve", lambda: reasons_against(host, port), seconds=60)
        processes.start("worker")
        processes.start("scheduler")
        address = f"http://{at}"
        running.callback((folder / FILE).unlink, missing_ok=True)
        write_private(
            folder / FILE,
            # The process tells this file from one that a killed demo left behind.
            {"address": address, "process": os.getpid(), "logins": logins, "environment": environment},
        )
        welcome(address, logins, folder)
        processes.watch(ours.fallen)
    say(_("Goldsmith has stopped; its data is kept in {folder}.").format(folder=folder))


def free_port(host: str, port: int) -> int:
    """The port itself, or a free one for 0. Raises CannotStart when somebody has it: better now than after a minute."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OSError as refusal:
            if isinstance(refusal, PermissionError):
                sentence = _("Port {port} is for root only: choose one above 1023 with --port.")
            elif isinstance(refusal, socket.gaierror) or refusal.errno == errno.EADDRNOTAVAIL:
                sentence = _("{host} is no address of this machine: choose another with --host.")
            else:
                sentence = _("Port {port} is taken: stop what runs there, or choose another with --port.")
            raise CannotStart(sentence.format(host=host, port=port)) from None
        found: int = door.getsockname()[1]
        return found


def environment_of(ours: Services, folder: Path, keys: Keys, at: str) -> dict[str, str]:
    """What the processes of a demo are told, as an operator would tell those of a production."""
    return {
        **ours.urls,
        "ENVIRONMENT": "development",
        "DOMAIN": os.environ.get("DOMAIN") or at,
        "DATA_DIR": str(folder),
        "SECRET_KEY": os.environ.get("SECRET_KEY") or keys.secret_key,
        "RATE_SOURCE": os.environ.get("RATE_SOURCE") or "simulated",
    }


def prepare(ours: Services, keys: Keys, shops: int, items: int | None) -> list[dict[str, str]]:
    """Roles, schema and shops: made where they are missing, left alone where they are there. Answers the logins."""
    # Here and not above: a taken port or `--help` is answered at once.
    from adapters import bootstrap
    from adapters.config import Config

    if ours.admin_url is not None:
        bootstrap.make_roles(ours.admin_url, ours.passwords)
    config = Config.read()
    say(_("Bringing the schema up to date ..."))
    bootstrap.migrate(config)
    wanted: Filling = {"shops": shops, "items": items}
    if ours.diary and (logins := ours.diary.logins(wanted)) is not None:
        # Nothing to do, and that without loading every plugin to find out: half of a warm start.
        return logins
    from adapters import demo

    logins = [asdict(login) for login in demo.seed(config, keys, shops=shops, items=items, say=say)]
    if ours.diary:
        ours.diary.finish(wanted, logins)
    return logins


def reasons_against(host: str, port: int) -> list[str]:
    """What the server itself says against being ready."""
    door = http.client.HTTPConnection(reachable(host), port, timeout=5)
    try:
        door.request("GET", "/health/ready")
        reasons: list[str] = json.loads(door.getresponse().read())["reasons"]
        return reasons
    except (OSError, http.client.HTTPException, ValueError):
        return [_("The server does not answer.")]
    finally:
        door.close()


def reachable(host: str) -> str:
    """Under which name a browser on this machine finds a server that listens on `host`."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - compared with, not listened on
    return everywhere.get(host, f"[{host}]" if ":" in host else host)


def welcome(address: str, logins: list[dict[str, str]], folder: Path) -> None:
    say("")
    say(_("Goldsmith runs at {address}").format(address=address))
    say("")
    for login in logins:
        say(f"  {login['who']:<32} {login['email']:<28} {login['password']}")
    say("")
    say(_("The administrator is also asked for a code: `{command}` tells it.").format(command=code_command(folder)))
    say(_("The same is written in {file}. Ctrl-C stops everything.").format(file=folder / FILE))


def code_command(folder: Path) -> str:
    """As it works in another terminal, which knows nothing of this one's options and variables."""
    usual = demo_folder().absolute() == folder and "DATA_DIR" not in os.environ
    return shlex.join(["./run", "goldsmith", "code", *([] if usual else ["--data-dir", str(folder)])])


def say(line: str) -> None:
    click.echo(line)
