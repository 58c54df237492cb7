"""The installation that a command works on, opened for its time and closed again."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager

from adapters.container import open_house
from adapters.launcher.running import join_demo
from kernel.tenancy import Actor, system
from web.house import House


@contextmanager
def installation() -> Iterator[House]:
    """By the environment, or the demo that runs here."""
    join_demo()
    house = open_house()
    try:
        yield house
    finally:
        house.database.close()


def operator() -> Actor:
    """Who types; kept with what they change."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = "?"
    return system(f"command line ({name})")
