"""What the installation does for its people by itself."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from kernel.errors import TryLater
from kernel.mail import Letter, Mailer, NotCarried
from kernel.site import Site
from kernel.uow import PlatformWork
from plugins.identity import queries, store
from plugins.identity.actions.reset_password import make_reset
from plugins.identity.domain.letter import About
from plugins.identity.domain.reset import GOOD_FOR
from web.letters import houses_letter

log = logging.getLogger(__name__)

HERE = Path(__file__).parent

#: The clock stands while they are sent: so many, and the others in a minute.
AT_ONCE = 20
#: Nobody waits for a letter any longer.
GIVEN_UP = timedelta(days=1)
AGAIN = timedelta(minutes=1)


def send_letters(work: PlatformWork, _slot: datetime, mailer: Mailer, site: Site) -> None:
    """Those that wait. A token is made here, so that nobody but the letter ever knows it."""
    for row in queries.letters_due(work, limit=AT_ONCE):
        if row.asked_at < work.now - GIVEN_UP:
            store.drop_letter(work, row.id)
            continue
        try:
            mailer.send(_written(work, row, site))
        except NotCarried:
            log.warning("a letter to %s was refused for good", row.person_id)
        except TryLater:
            # Nobody takes letters now: the others would wait just as long for the same answer.
            store.put_off_letter(work, row.id, work.now + AGAIN)
            return
        store.drop_letter(work, row.id)


def _written(work: PlatformWork, row: Row[Any], site: Site) -> Letter:
    about, speaks = About(row.about), row.theirs or row.language
    if about is About.RESET:
        address = site.at(f"/reset?token={make_reset(work, row.person_id).secret}")
        minutes = int(GOOD_FOR.total_seconds() // 60)
        asked: dict[str, Any] = {"address": address, "minutes": minutes}
        return houses_letter(HERE, "identity/reset_letter", row.email, speaks, work.now, **asked)
    asked = {"about": about, "at": row.asked_at, "address": site.at("/forgot")}
    return houses_letter(HERE, "identity/account_letter", row.email, speaks, work.now, **asked)


def sweep_sessions(work: PlatformWork, slot: datetime) -> None:
    """What has run out opens nothing; by this it is gone as well."""
    store.sweep_sessions(work)
