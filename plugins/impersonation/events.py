"""What happens when an admin acts in a shop."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, slots=True)
class AdminCame(Event):
    """An admin looks at the shop as one of its users, or may now change things as them: `visit` says who and why."""

    visit: UUID
