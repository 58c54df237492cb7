"""Before anything serves: the roles, and the schema of the kernel and of every plugin that is offered."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine, text

from adapters import roles
from adapters.config import BadConfiguration, Config, missing, sqlalchemy_url
from kernel.audit import doing, sealing
from kernel.clock import SystemClock
from kernel.hooks import ENTRY_POINTS
from kernel.plans import begin_with
from kernel.plugins import Offer
from kernel.tenancy import system


def make_roles(admin_url: str, passwords: Mapping[str, str]) -> None:
    """As an administrator of the server, once. Safe to repeat."""
    engine = create_engine(sqlalchemy_url(admin_url), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as admin:
        roles.prepare(admin, passwords)


def migrate(config: Config) -> bool:
    """Bring the schema up to this code, with the plans that an installation begins with. Answers whether the schema
    was behind. Raises BadConfiguration."""
    if config.migration_database_url is None:
        raise BadConfiguration(missing("MIGRATION_DATABASE_URL"))
    from kernel import migrate as migrations

    offer = Offer.read(config.plugins_file)
    folders = migration_folders(offer)
    engine = create_engine(sqlalchemy_url(config.migration_database_url), poolclass=NullPool)
    with engine.connect() as connection:
        behind = bool(migrations.missing(connection, folders))
        connection.rollback()
        if behind:
            migrations.upgrade(connection, folders)
        _put_down_plans(connection, offer)
    return behind


def _put_down_plans(connection: Connection, offer: Offer) -> None:
    """Those of `plugins.toml` that the database has never had, with a word in the platform's trail."""
    with connection.begin(), doing("migrate"):
        connection.execute(text("SET LOCAL ROLE goldsmith_owner"))
        begin_with(connection, offer.plans.values())
        connection.exec_driver_sql(sealing("platform", system("migrate"), SystemClock().now(), None).replace("%", "%%"))


def migration_folders(offer: Offer) -> list[Path]:
    """Where the plugins keep their migrations; found without importing a plugin."""
    outside = {point.name: point.module for point in entry_points(group=ENTRY_POINTS)}
    folders = []
    for name in offer.plugins:
        spec = importlib.util.find_spec(outside.get(name, f"plugins.{name}.plugin"))
        if spec is not None and spec.origin is not None:
            folders.append(Path(spec.origin).parent / "migrations")
    return [folder for folder in folders if folder.is_dir()]
