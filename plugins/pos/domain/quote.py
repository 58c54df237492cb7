"""A quote: what was due for a cart at one moment, and how long it may be held to."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from kernel.errors import Conflict
from kernel.i18n import _
from kernel.money import Money

Sign = Callable[[str], str]


class QuoteChanged(Conflict):
    """The till asks before it charges another price than the one that was shown."""

    def __init__(self, shown: Money, now: Money) -> None:
        more = shown < now
        difference = now - shown if more else shown - now
        sentence = _("The price is {now} now, {difference} more than the {shown} that was quoted. Is that all right?")
        if not more:
            sentence = _(
                "The price is {now} now, {difference} less than the {shown} that was quoted. Is that all right?"
            )
        super().__init__(sentence.format(now=now, difference=difference, shown=shown))


@dataclass(frozen=True, slots=True)
class Quote:
    """What the shop said at a moment: the same cart, priced as of `at`, came to `due`."""

    at: datetime
    due: Money

    def holds(self, now: datetime, validity: timedelta) -> bool:
        """Is it young enough to be kept to?"""
        return now - validity <= self.at <= now

    def sealed(self, shop: UUID, sign: Sign) -> str:
        """As text that can be handed out: whoever brings it back cannot have changed it."""
        said = f"{self.at.isoformat()}|{self.due.amount}|{self.due.currency}"
        return f"{urlsafe_b64encode(said.encode()).decode()}.{sign(f'{shop}|{said}')}"

    @classmethod
    def opened(cls, text: str | None, shop: UUID, sign: Sign) -> Quote | None:
        """The quote in a text that this shop sealed; None for any other text."""
        packed, _dot, mark = (text or "").partition(".")
        try:
            said = urlsafe_b64decode(packed.encode("ascii")).decode()
        except ValueError:
            return None
        if not hmac.compare_digest(sign(f"{shop}|{said}").encode(), mark.encode()):
            return None
        at, amount, currency = said.split("|")
        return cls(datetime.fromisoformat(at), Money(int(amount), currency))
