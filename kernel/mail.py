"""Letters that leave the house: a port, because who carries them differs from installation to installation.

A letter is sent by a job, never inside the transaction of what it is about: `uow.enqueue`, and there `Mailer.send`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from kernel.errors import GoldsmithError, TryLater
from kernel.i18n import _


@dataclass(frozen=True, slots=True)
class Letter:
    """To one person, as text and as HTML. `reply_to` is the shop's own address, where it has one."""

    to: str
    subject: str
    text: str
    html: str
    reply_to: str | None = None


class Mailer(Protocol):
    """Carries letters. It answers when the next one on the way has taken the letter, not when it was read."""

    def send(self, letter: Letter) -> None:
        """Raises NotCarried where this letter will never be taken, TryLater where another try may help."""


class NotCarried(GoldsmithError):
    """The address does not exist, or nobody wants this letter: to try again would be no use."""

    status = 422

    def __init__(self) -> None:
        super().__init__(_("This letter could not be delivered. Please look at the e-mail address."))


class PostIsClosed(TryLater):
    """Nobody takes letters just now."""

    def __init__(self) -> None:
        super().__init__(_("E-mail cannot be sent just now; it is tried again by itself."))
