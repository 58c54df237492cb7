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


class NotByProvidersWord(GoldsmithError):
    """A shop's provider says who its people are, and nothing about an account that may open other shops, too."""

    status = 403

    def __init__(self) -> None:
        super().__init__(
            _(
                "The shop’s provider brought you in, and its word is not enough for this. "
                "Please sign in with something of your own: a password or a passkey."
            )
        )


def check_proof(route: Route, person: SignedIn, now: datetime) -> None:
    """Raises ProveYourself, NotByProvidersWord."""
    if not route.sensitive:
        return
    if route.own and person.confined:
        raise NotByProvidersWord
    if not (is_proved(person, now) or _is_fresh(person.vouched_at, now)):
        raise ProveYourself


def is_proved(person: SignedIn, now: datetime) -> bool:
    """By what is their own."""
    return _is_fresh(person.proved_at, now)


def _is_fresh(shown_at: datetime | None, now: datetime) -> bool:
    return shown_at is not None and now - shown_at <= FRESH_FOR
