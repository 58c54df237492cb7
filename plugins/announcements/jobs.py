"""Letters about announcements: shops get them to write some at a time, and each letter leaves once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from kernel import faults
from kernel.errors import NotFound, TryLater
from kernel.i18n import N_, speaking
from kernel.jobs import job
from kernel.mail import Mailer, NotCarried
from kernel.site import Site
from kernel.tenancy import TenantId
from kernel.uow import Database, PlatformWork, UnitOfWork
from plugins.announcements import queries, store
from plugins.announcements.domain import Post, Said
from plugins.identity import public as identity
from web.letters import shops_letter

log = logging.getLogger(__name__)

#: No mail server likes a thousand letters at once: so many shops a minute, and one letter of a shop after the other.
SHOPS_A_MINUTE = 100
LETTERS_APART = timedelta(seconds=2)
#: While nobody takes letters it is tried again, each time after twice as long.
MOST_TRIES = 7
FIRST_WAIT = timedelta(minutes=1)


def hand_out(work: PlatformWork, slot: datetime, database: Database) -> None:
    """Give some shops more their letters to write. A shop that is given them twice writes them once."""
    left = SHOPS_A_MINUTE
    for one in queries.with_post(work):
        for shop in queries.waiting_for_post(work, one.id, limit=left):
            left -= 1
            try:
                with database.for_shop(TenantId(shop), work.actor) as uow:
                    uow.enqueue(write_letters, key=f"announcement:{one.id}", announcement=str(one.id))
                    store.note_posted(uow, one.id)
            except Exception as fault:
                # One shop that cannot be entered keeps no other from its letters; its turn comes again.
                log.exception("a shop was not given its letters", extra={"tenant": str(shop)})
                faults.note(database, "schedule", "announcements.hand_out", fault, shop=shop)


@job("announcements.write", title=N_("E-mails about an announcement"), queue="low")
def write_letters(uow: UnitOfWork, announcement: str) -> None:
    said = _still_said(uow, UUID(announcement))
    if said is None:
        return
    owners_only = said.post is Post.OWNERS
    people = [user for user in identity.users(uow) if user.role is identity.Role.OWNER or not owners_only]
    store.add_letters(uow, said.id, [user.id for user in people])
    for place, user in enumerate(people):
        _send_later(uow, said.id, user.id, 1, uow.now + place * LETTERS_APART)


# Tried once: of a worker that died nobody knows whether the letter had left, and nobody wants it twice.
@job("announcements.send", title=N_("E-mail about an announcement"), queue="low", tries=1)
def send_letter(uow: UnitOfWork, mailer: Mailer, site: Site, announcement: str, person: str, attempt: int) -> None:
    about, to = UUID(announcement), UUID(person)
    if store.letter_state(uow, about, to) != "waiting":
        return
    said, user = _still_said(uow, about), _still_here(uow, to)
    if said is None or user is None:
        store.mark_letter(uow, about, to, "dropped")
        return
    language = user.language or uow.shop.language
    with speaking(language):
        letter = shops_letter(
            uow,
            "announcements/letter",
            user.email,
            language,
            said=said,
            words=said.in_language(language),
            address=site.at("/announcements"),
        )
    try:
        mailer.send(letter)
    except NotCarried:
        store.mark_letter(uow, about, to, "failed")
    except TryLater:
        if attempt >= MOST_TRIES:
            store.mark_letter(uow, about, to, "failed")
        else:
            _send_later(uow, about, to, attempt + 1, uow.now + FIRST_WAIT * 2 ** (attempt - 1))
    else:
        store.mark_letter(uow, about, to, "sent")


def _send_later(uow: UnitOfWork, announcement: UUID, person: UUID, attempt: int, at: datetime) -> None:
    key = f"announcement:{announcement}:{person}:{attempt}"
    arguments = {"announcement": str(announcement), "person": str(person), "attempt": attempt}
    uow.enqueue(send_letter, key=key, run_at=at, **arguments)


def _still_said(uow: UnitOfWork, announcement: UUID) -> Said | None:
    """None when it has been withdrawn, is over, or does not concern this shop any more."""
    # A worker may know less than the page that withdrew it: what leaves the house is asked for again.
    said = next((one for one in queries.asked_here(uow) if one.id == announcement), None)
    return said if said is not None and said.is_live(uow.now) else None


def _still_here(uow: UnitOfWork, person: UUID) -> identity.User | None:
    try:
        user = identity.user(uow, person)
    except NotFound:
        return None
    return user if user.is_active else None
