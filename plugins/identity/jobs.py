"""What the installation does by the clock about its people."""

from __future__ import annotations

from datetime import datetime

from kernel.uow import PlatformWork
from plugins.identity import store


def sweep_sessions(work: PlatformWork, slot: datetime) -> None:
    """What has run out opens nothing; by this it is gone as well."""
    store.sweep_sessions(work)
