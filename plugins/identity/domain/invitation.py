"""Somebody is asked to work in a shop: by a letter that only they can answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel.errors import Conflict, GoldsmithError, NotFound
from kernel.i18n import _
from plugins.identity.domain.user import Role

GOOD_FOR_DAYS = 7


def good_until(now: datetime, zone: str) -> datetime:
    """The end of the seventh day from today, as the shop counts days."""
    there = now.astimezone(ZoneInfo(zone))
    over = (there + timedelta(days=GOOD_FOR_DAYS + 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return over.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Invitation:
    """`branches` are the only ones they will see; None is all. `sent_at` is when the newest letter left."""

    id: UUID
    email: str
    name: str
    role: Role
    language: str | None
    branches: frozenset[UUID] | None
    invited_by: str
    invited_at: datetime
    expires_at: datetime
    sent_at: datetime | None = None
    undelivered_at: datetime | None = None
    accepted_at: datetime | None = None
    withdrawn_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None

    def has_expired(self, now: datetime) -> bool:
        return now >= self.expires_at

    @property
    def last_day(self) -> datetime:
        """A moment of the last day on which it can be accepted."""
        return self.expires_at - timedelta(seconds=1)

    def check_acceptable(self, now: datetime) -> None:
        """Raises AlreadyAccepted, or InvitationOver with the reason."""
        if self.accepted_at is not None:
            raise AlreadyAccepted
        if self.withdrawn_at is not None:
            raise InvitationOver(_("This invitation was withdrawn. Please ask whoever invited you."))
        if self.has_expired(now):
            raise InvitationOver(_("This invitation has expired. Please ask {name} to send it again.").format(
                name=self.invited_by
            ))  # fmt: skip


class InvitationOver(GoldsmithError):
    """It was good once."""

    status = 410


class AlreadyAccepted(InvitationOver):
    def __init__(self) -> None:
        super().__init__(_("This invitation has been accepted already. Please sign in."))


class NoSuchInvitation(NotFound):
    """A wrong link, or one from a letter that another letter has replaced."""

    def __init__(self) -> None:
        super().__init__(_("This link is not good. If you were sent a newer letter, please use the link in that one."))


class ForSomebodyElse(GoldsmithError):
    status = 403

    def __init__(self, email: str) -> None:
        super().__init__(
            _("This invitation is for {email}. Sign out first, then open the link in the letter again.").format(
                email=email
            )
        )


class SignInFirst(Conflict):
    """There is an account with this address: its password lets them in, not a new one."""

    def __init__(self) -> None:
        super().__init__(_("You have an account with this address already. Please sign in to accept."))


class AlreadyInvited(Conflict):
    def __init__(self, email: str) -> None:
        super().__init__(
            _("{email} has been invited already. You can send the letter once more from the list.").format(email=email)
        )


class WasHere(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__(_("{name} worked here before. Take them back on their page.").format(name=name))
