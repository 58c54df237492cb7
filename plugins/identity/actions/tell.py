"""Tell the audit trail what happens at the door.

It is told afterwards and by itself: whoever has the right password gets in although the trail cannot be written, and
nobody else does because it can. Of a refusal it is told by another thread, so that the answer takes as long for an
address that works in three shops as for one that nobody has.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from contextvars import copy_context
from functools import partial
from threading import BoundedSemaphore
from typing import Any
from uuid import UUID

from kernel import audit, tables
from kernel.tenancy import Actor, ActorKind, TenantId, system
from kernel.uow import Database, PlatformWork, UnitOfWork
from plugins.identity import queries
from plugins.identity.domain.knock import Knock, failures, signs
from plugins.identity.domain.session import Session
from plugins.identity.queries import Login

log = logging.getLogger(__name__)

DOOR = system("sign-in")

SIGN_IN, SIGN_OUT, FIRST_PASSWORD = "identity.sign_in", "identity.sign_out", "identity.choose_first"
SWITCH, END_SESSIONS = "identity.switch_shop", "identity.end_session"
PROVE = "identity.prove"
FORGOT, RESET = "identity.send_letter", "identity.choose_anew"

#: So many sign-ins back a device or a place is known.
REMEMBERED = 100

#: One thread, and no more waiting than this: who tries passwords must not fill the memory.
_afterwards = ThreadPoolExecutor(1, thread_name_prefix="trail")
_room = BoundedSemaphore(1_000)


def entered(database: Database, login: Login, address: str, device: str, proof: str = "") -> None:
    """Somebody signed in, by which `proof` beside their password, and whether that looks as it always did."""
    with _in_nobodys_way(), _trail(database, login.tenant, _as(login.tenant, login.person, _name(login))) as unit:
        entries = tables.audit_entries if login.tenant else tables.platform_audit_entries
        before = queries.knocks(unit, entries, login.person, limit=REMEMBERED)
        found = signs(before, Knock(True, address, device))
        if proof == "recovery_code":
            # Whoever has their app or passkey at hand needs none of these.
            found.append(proof)
        why: dict[str, Any] = {"signs": found, "failures": failures(before)} if found else {}
        if proof:
            why["proof"] = proof
        unit.record(SIGN_IN, device=device, **why)


def refused(database: Database, login: Login | None, email: str, device: str) -> None:
    """Somebody tried: known people's shops hear of it, of a stranger only the platform does."""
    afterwards(_to_all, database, login, email, SIGN_IN, "refused", device=device)


def refused_factor(database: Database, session: Session, device: str) -> None:
    """The password was right, and what was shown beside it was not."""
    actor = Actor(DOOR.kind, None, DOOR.name, subject_id=session.person, subject=session.name)
    afterwards(_record, database, session.tenant, actor, SIGN_IN, "refused", device=device, proof="wrong")


def refused_proof(database: Database, session: Session) -> None:
    """Somebody who is signed in could not show that it is them."""
    afterwards(_record, database, session.tenant, as_themselves(session), PROVE, "refused")


def did(database: Database, session: Session, action: str, outcome: audit.Outcome = "done", **details: str) -> None:
    """Somebody did something about their own account; the shop they are in hears of it."""
    _record(database, session.tenant, as_themselves(session), action, outcome, **details)


def as_themselves(session: Session) -> Actor:
    """Under both names where an admin acts in their account."""
    if session.impersonator is not None:
        admin = (session.impersonator, session.impersonator_name)
        return Actor(ActorKind.PLATFORM, *admin, subject_id=session.person, subject=session.name)
    return _as(session.tenant, session.person, session.name)


def moved(database: Database, before: Session, after: Session) -> None:
    """Somebody went on to another of their shops. Neither is told which the other one is."""
    did(database, before, SWITCH)
    did(database, after, SWITCH)


def left(database: Database, session: Session) -> None:
    did(database, session, SIGN_OUT)


def chose_first(database: Database, session: Session) -> None:
    """Somebody has a password of their own instead of the one they were given."""
    did(database, session, FIRST_PASSWORD)


def asked_for_reset(database: Database, login: Login | None, email: str, device: str, outcome: audit.Outcome) -> None:
    """Somebody wants to choose a password anew, and says that this is their address."""
    _to_all(database, login, email, FORGOT, outcome, device=device)


def reset(database: Database, login: Login) -> None:
    """Somebody chose a password by the letter that they were sent."""
    _to_all(database, login, "", RESET)


def _to_all(
    database: Database, login: Login | None, email: str, action: str, outcome: audit.Outcome = "done", **details: str
) -> None:
    """What is done at the door about an account, everywhere where it opens something; of a stranger the platform."""
    if login is None or not login.may_enter:
        _record(database, None, DOOR, action, outcome, email=email, **details)
        return
    places: list[tuple[UUID | None, str]] = [(shop.tenant, shop.name) for shop in login.memberships]
    if login.admin_name is not None:
        places.append((None, login.admin_name))
    for tenant, name in places:
        actor = Actor(DOOR.kind, None, DOOR.name, subject_id=login.person, subject=name)
        _record(database, tenant, actor, action, outcome, **details)


def afterwards(tell: Callable[..., None], *what: Any, **details: str) -> None:
    """By another thread, so that nobody learns from the time of an answer who is known."""
    if not _room.acquire(blocking=False):
        log.warning("more was refused at the door than the audit trail can be told of")
        return
    told = _afterwards.submit(copy_context().run, partial(tell, *what, **details))
    told.add_done_callback(lambda _told: _room.release())


def wait() -> None:
    """Until everything is told that was to be told afterwards."""
    _afterwards.submit(int).result()


def _record(
    database: Database, tenant: UUID | None, actor: Actor, action: str, outcome: audit.Outcome = "done", **details: str
) -> None:
    with _in_nobodys_way(), _trail(database, tenant, actor) as unit:
        unit.record(action, outcome=outcome, **details)


def _trail(database: Database, tenant: UUID | None, actor: Actor) -> AbstractContextManager[UnitOfWork | PlatformWork]:
    """That of the shop, or of the platform."""
    return (
        database.for_platform("tell the trail", actor) if tenant is None else database.for_shop(TenantId(tenant), actor)
    )


def _as(tenant: UUID | None, person: UUID, name: str) -> Actor:
    return Actor(ActorKind.PERSON if tenant else ActorKind.PLATFORM, person, name)


def _name(login: Login) -> str:
    if login.tenant is None:
        return login.admin_name or ""
    return next(shop.name for shop in login.memberships if shop.tenant == login.tenant)


@contextmanager
def _in_nobodys_way() -> Iterator[None]:
    try:
        yield
    except Exception:
        log.exception("the audit trail could not be told of what happened at the door")
