"""This machine, as its operating system tells of it."""

from __future__ import annotations

import shutil
from pathlib import Path

from plugins.overview.ports import Space


class LocalMachine:
    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir

    def disk(self) -> Space | None:
        # The folder is made when something is first kept in it.
        existing = next((folder for folder in (self._data_dir, *self._data_dir.parents) if folder.exists()), None)
        try:
            usage = shutil.disk_usage(existing or ".")
        except OSError:
            return None
        return Space(usage.total, usage.free)
