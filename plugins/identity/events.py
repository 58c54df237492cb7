"""What happens to people that is told to others."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, slots=True)
class PersonInvited(Event):
    """Somebody is asked to work here, or asked again; the letter is still to be written."""

    invitation: UUID
