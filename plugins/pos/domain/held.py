"""A cart that waits while another customer is served. Nothing is kept back for it: its goods may be sold meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.errors import Conflict
from kernel.i18n import _


class NotHeld(Conflict):
    """Two tills cannot go on with the same cart."""

    def __init__(self) -> None:
        super().__init__(_("This cart is not on hold any more: somebody else took it up."))


@dataclass(frozen=True, slots=True)
class HeldCart:
    """As the till lists it; `title` is what one remembers it by."""

    id: UUID
    at: datetime
    person: str
    title: str
