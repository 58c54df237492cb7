"""What shops need of whoever runs the installation."""

from __future__ import annotations

from typing import Any

from adapters.waiting import WholeDays
from plugins.tenants.ports import Waiting


def adapters() -> dict[type[Any], Any]:
    return {Waiting: WholeDays(30)}
