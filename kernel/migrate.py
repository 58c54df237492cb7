"""Bring a database to this code: the kernel's migrations, then those of every plugin, each a branch of its own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

HERE = Path(__file__).parent / "migrations"
VERSIONS_SCHEMA = "app"


def plan(folders: Iterable[Path]) -> Config:
    """Alembic's configuration, without a file: the kernel's versions and each plugin's `migrations` folder."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(str(path) for path in [HERE / "versions", *folders]))
    return config


def upgrade(connection: Connection, folders: Iterable[Path], to: str = "heads") -> None:
    """Run what is missing, as the owner of the tables, with short lock waits so that a serving shop never queues."""
    config = plan(folders)
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def downgrade(connection: Connection, folders: Iterable[Path], to: str) -> None:
    config = plan(folders)
    config.attributes["connection"] = connection
    command.downgrade(config, to)


def missing(connection: Connection, folders: Iterable[Path]) -> set[str]:
    """Heads of this code that the database has not reached. Empty when it is up to date."""
    heads = set(ScriptDirectory.from_config(plan(folders)).get_heads())
    context = MigrationContext.configure(connection, opts={"version_table_schema": VERSIONS_SCHEMA})
    if connection.execute(text("SELECT to_regclass('app.alembic_version')")).scalar() is None:
        return heads
    reached = context.get_current_heads()
    script = ScriptDirectory.from_config(plan(folders))
    return heads - {above for head in reached for above in (head, *_below(script, head))}


def _below(script: ScriptDirectory, head: str) -> list[str]:
    return [revision.revision for revision in script.iterate_revisions(head, "base")]
