"""Who is it that knocks with an address and a password?"""

from __future__ import annotations

from datetime import datetime

from kernel.errors import TooMany
from kernel.i18n import _
from kernel.networks import neighbourhood
from kernel.uow import Database
from plugins.identity import queries
from plugins.identity.actions import tell
from plugins.identity.actions.hash_password import matches
from plugins.identity.actions.tell import DOOR
from plugins.identity.domain.session import ByProviderAlone, ShopIsOver, Visitor, WrongSignIn
from plugins.identity.ports import Limits
from plugins.identity.queries import Login

#: Tries are counted by network address (SPEC ID7). Not by account: a stranger must not be able to lock somebody out.
TRIES_SECONDS = 60


def check_login(database: Database, limits: Limits, email: str, password: str, visitor: Visitor) -> Login:
    """Raises TooMany, or WrongSignIn with one answer for a wrong password and an unknown address.

    With the right one they are told why it opens nothing: raises ShopIsOver, ByProviderAlone.
    """
    count_knock(limits, visitor)
    with database.for_platform("sign in", DOOR, read_only=True) as work:
        login = queries.login(work, email)
    # Outside a transaction: hashing takes longer than anything the database does.
    known = matches(password, login.password_hash if login else None)
    shown = login if known and login is not None and not _is_over(login, database.clock.now()) else None
    if shown is None or not shown.may_enter:
        tell.refused(database, login, email, visitor.device)
        check_barred(shown)
        raise WrongSignIn
    return shown


def count_knock(limits: Limits, visitor: Visitor) -> None:
    """One more try from there. Raises TooMany."""
    if not limits.allow(f"sign-in:{neighbourhood(visitor.address)}", most=limits.tries_a_minute, seconds=TRIES_SECONDS):
        raise TooMany(_("Too many tries. Please wait a minute and sign in again."))


def check_barred(login: Login | None) -> None:
    """What keeps out somebody who has shown who they are? Raises ShopIsOver, ByProviderAlone."""
    if login is None or login.may_enter or not login.barred:
        return
    # Where there is a way in, that one is told.
    barred = next((each for each in login.barred if each.provider), login.barred[0])
    if barred.provider is None:
        raise ShopIsOver(barred.shop)
    raise ByProviderAlone(barred.shop, barred.provider)


def _is_over(login: Login, now: datetime) -> bool:
    """What they were given to begin with is good for a while only."""
    return login.start_until is not None and login.start_until <= now
