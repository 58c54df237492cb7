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
from plugins.identity.domain.session import Visitor, WrongSignIn
from plugins.identity.ports import Limits
from plugins.identity.queries import Login

#: Tries are counted by network address (SPEC ID7). Not by account: a stranger must not be able to lock somebody out.
TRIES_SECONDS = 60


def check_login(database: Database, limits: Limits, email: str, password: str, visitor: Visitor) -> Login:
    """Raises TooMany, or WrongSignIn with one answer for a wrong password, an unknown address and a closed shop."""
    if not limits.allow(f"sign-in:{neighbourhood(visitor.address)}", most=limits.tries_a_minute, seconds=TRIES_SECONDS):
        raise TooMany(_("Too many tries. Please wait a minute and sign in again."))
    with database.for_platform("sign in", DOOR, read_only=True) as work:
        login = queries.login(work, email)
    # Outside a transaction: hashing takes longer than anything the database does.
    known = matches(password, login.password_hash if login else None)
    if login is None or not known or not login.may_enter or _is_over(login, database.clock.now()):
        tell.refused(database, login, email, visitor.device)
        raise WrongSignIn
    return login


def _is_over(login: Login, now: datetime) -> bool:
    """What they were given to begin with is good for a while only."""
    return login.start_until is not None and login.start_until <= now
