"""What the trail needs of whoever runs the installation."""

from __future__ import annotations

from typing import Any

from adapters.keeping import KeptMonths
from plugins.audit.ports import Keeping


def adapters() -> dict[type[Any], Any]:
    return {Keeping: KeptMonths(84)}
