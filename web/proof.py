"""Before what is sensitive, whoever is signed in shows once more that it is them: a till is left alone for a moment."""

from __future__ import annotations

from datetime import datetime, timedelta

from kernel.access import SignedIn
from kernel.contributions import Route
from kernel.errors import GoldsmithError
from kernel.i18n import _

#: So long it is believed.
FRESH_FOR = timedelta(minutes=10)

#: Where it is asked for; the platform has a page of its own.
ADDRESS = "/account/prove"


class ProveYourself(GoldsmithError):
    status = 403

    def __init__(self) -> None:
        super().__init__(_("Please confirm first that it is you."))


def check_proof(route: Route, person: SignedIn, now: datetime) -> None:
    """Raises ProveYourself."""
    # A shop's provider says who its people are, and nothing about an account that may open other shops, too.
    is_enough = is_proved(person, now) or (not route.own and _is_fresh(person.vouched_at, now))
    if route.sensitive and not is_enough:
        raise ProveYourself


def is_proved(person: SignedIn, now: datetime) -> bool:
    """By what is their own."""
    return _is_fresh(person.proved_at, now)


def _is_fresh(shown_at: datetime | None, now: datetime) -> bool:
    return shown_at is not None and now - shown_at <= FRESH_FOR
