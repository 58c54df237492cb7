"""Writing people, sessions and the users of a shop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import any_, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from kernel.ids import new_id
from kernel.scheduler import ask_for
from kernel.uow import PlatformWork, UnitOfWork, refusing
from plugins.identity.domain.factor import HasApp
from plugins.identity.domain.invitation import AlreadyInvited, Invitation
from plugins.identity.domain.letter import SEND_LETTERS, About
from plugins.identity.domain.passkey import KnownPasskey, Passkey, Purpose
from plugins.identity.domain.session import IDLE, Session, Stage, Token
from plugins.identity.domain.user import AlreadyHere, HasLeft, Role, User
from plugins.identity.queries import within_sight
from plugins.identity.tables import (
    admins,
    apps,
    challenges,
    invitations,
    last_places,
    letters,
    passkeys,
    people,
    recovery_codes,
    resets,
    role_permissions,
    sessions,
    user_branches,
    user_departures,
    users,
)

# In a shop


def find_or_add_person(
    uow: UnitOfWork | PlatformWork,
    email: str,
    password_hash: str,
    start_until: datetime | None,
    *,
    wanted: UUID | None = None,
) -> tuple[UUID, bool]:
    """The person with this address and whether they are new. Somebody who was there keeps their own password."""
    wanted = wanted or new_id()
    found: UUID = uow.execute(select(func.app.add_person(wanted, email, password_hash, start_until))).scalar_one()
    return found, found == wanted


def add_user(uow: UnitOfWork, user: User) -> None:
    row = {"id": user.id, "name": user.name, "role": user.role.value, "language": user.language, "since": uow.now}
    with refusing("users_pkey", lambda: AlreadyHere(user.email)):
        uow.execute(insert(users).values(row))


def change_user(uow: UnitOfWork, user: User) -> None:
    changed = {"name": user.name, "role": user.role.value, "language": user.language}
    uow.execute(update(users).where(users.c.id == user.id).values(changed))


def limit_to_branches(uow: UnitOfWork, user: UUID, branches: Iterable[UUID]) -> None:
    """A person who is new here sees these branches only."""
    uow.execute(insert(user_branches), [{"user_id": user, "branch_id": branch} for branch in sorted(branches)])


def change_branches(uow: UnitOfWork, user: UUID, branches: Iterable[UUID] | None) -> None:
    """From now on they see these branches only, or all of them."""
    wanted = sorted(branches or ())
    theirs = user_branches.c.user_id == user
    uow.execute(delete(user_branches).where(theirs, user_branches.c.branch_id.not_in(wanted)))
    if wanted:
        rows = [{"user_id": user, "branch_id": branch} for branch in wanted]
        uow.execute(upsert(user_branches).values(rows).on_conflict_do_nothing())


def add_invitation(uow: UnitOfWork, invitation: Invitation) -> None:
    row = {
        "id": invitation.id,
        "email": invitation.email,
        "name": invitation.name,
        "role": invitation.role.value,
        "language": invitation.language,
        "branches": None if invitation.branches is None else sorted(invitation.branches),
        "invited_by": invitation.invited_by,
        "invited_at": invitation.invited_at,
        "expires_at": invitation.expires_at,
    }
    with refusing("invitations_open_key", lambda: AlreadyInvited(invitation.email)):
        uow.execute(insert(invitations).values(row))


def withdraw_expired(uow: UnitOfWork, email: str) -> None:
    """What has run out stands in nobody's way who is invited anew."""
    over = _is_open & (func.lower(invitations.c.email) == email.lower()) & (invitations.c.expires_at <= uow.now)
    uow.execute(update(invitations).where(over).values(withdrawn_at=uow.now, withdrawn_by=uow.actor.name))


def withdraw_invitation(uow: UnitOfWork, invitation: UUID) -> bool:
    gone = update(invitations).where(_is_open & (invitations.c.id == invitation))
    return uow.execute(gone.values(withdrawn_at=uow.now, withdrawn_by=uow.actor.name)).rowcount == 1


def renew_invitation(uow: UnitOfWork, invitation: UUID, expires_at: datetime) -> bool:
    """The letter before opens nothing any more; the next is still to be written."""
    nothing = dict.fromkeys(("token_hash", "sent_at", "undelivered_at"))
    again = update(invitations).where(_is_open & (invitations.c.id == invitation))
    return uow.execute(again.values(expires_at=expires_at, **nothing)).rowcount == 1


def note_sent(uow: UnitOfWork, invitation: UUID, token: Token) -> bool:
    """The letter with this token leaves now. Answers False when another has left, or none is wanted any more."""
    unsent = _is_open & (invitations.c.id == invitation) & invitations.c.sent_at.is_(None)
    sent = update(invitations).where(unsent).values(sent_at=uow.now, token_hash=token.hash)
    return uow.execute(sent).rowcount == 1


def note_undelivered(uow: UnitOfWork, invitation: UUID) -> None:
    uow.execute(update(invitations).where(invitations.c.id == invitation).values(undelivered_at=uow.now))


def accept_invitation(uow: UnitOfWork, invitation: UUID) -> bool:
    """Of two who accept at once, one does."""
    good = _is_open & (invitations.c.id == invitation) & (invitations.c.expires_at > uow.now)
    accepted = update(invitations).where(good).values(accepted_at=uow.now)
    return uow.execute(accepted).rowcount == 1


_is_open = invitations.c.accepted_at.is_(None) & invitations.c.withdrawn_at.is_(None)


def add_departure(uow: UnitOfWork, user: User) -> None:
    departure = insert(user_departures).values(id=new_id(), user_id=user.id, left_at=uow.now, let_go_by=uow.actor.name)
    with refusing("user_departures_now_key", lambda: HasLeft(user.name)):
        uow.execute(departure)


def end_departure(uow: UnitOfWork, user: UUID) -> bool:
    """Answers False when they are here (again)."""
    now_gone = (user_departures.c.user_id == user) & user_departures.c.returned_at.is_(None)
    ended = update(user_departures).where(now_gone).values(returned_at=uow.now, taken_back_by=uow.actor.name)
    return uow.execute(ended).rowcount == 1


def adjust_role(uow: UnitOfWork, role: Role, decided: Mapping[str, bool]) -> None:
    said = {"set_by": uow.actor.name, "set_at": uow.now}
    # In one order, so that two owners who decide at once wait for each other and not for ever.
    rows = [{"role": role.value, "permission": name, "allowed": decided[name], **said} for name in sorted(decided)]
    row = upsert(role_permissions).values(rows)
    again = {name: row.excluded[name] for name in ("allowed", *said)}
    uow.execute(row.on_conflict_do_update(index_elements=["tenant_id", "role", "permission"], set_=again))


def end_sessions_here(uow: UnitOfWork, person: UUID) -> None:
    """End what the person has open in this shop, and only in this one."""
    uow.execute(select(func.app.end_sessions(person)))


def end_own_ways(uow: UnitOfWork) -> None:
    """End what is open in this shop by what is people's own, in browsers and programs; owners keep theirs."""
    uow.execute(select(func.app.end_own_ways()))


def end_confined(uow: UnitOfWork) -> None:
    """End what the shop's provider opened."""
    uow.execute(select(func.app.end_confined()))


# For the platform


def add_admin(work: PlatformWork, person: UUID, name: str) -> None:
    row = upsert(admins).values(person_id=person, name=name, made_by=work.actor.name)
    work.execute(row.on_conflict_do_update(index_elements=["person_id"], set_={"name": name}))


def remove_admin(work: PlatformWork, person: UUID) -> None:
    """What they had open as an admin ends with it: on the platform, and in accounts of others."""
    work.execute(delete(admins).where(admins.c.person_id == person))
    own = (sessions.c.person_id == person) & sessions.c.tenant_id.is_(None)
    work.execute(delete(sessions).where(own | (sessions.c.impersonator_id == person)))


def hold_person(work: PlatformWork, person: UUID) -> None:
    """Until this transaction ends, nobody else who holds them goes on."""
    work.execute(select(people.c.id).where(people.c.id == person).with_for_update(key_share=True))


def set_password(work: PlatformWork, person: UUID, password_hash: str, start_until: datetime | None = None) -> None:
    """Their own from now on, unless it is one to begin with: what they had or were given before is over."""
    changed = update(people).where(people.c.id == person)
    work.execute(changed.values(password_hash=password_hash, start_until=start_until))


def renew_hash(work: PlatformWork, person: UUID, password_hash: str) -> None:
    """The same password, hashed with today's parameters."""
    work.execute(update(people).where(people.c.id == person).values(password_hash=password_hash))


def set_language(work: PlatformWork, person: UUID, language: str) -> None:
    work.execute(update(people).where(people.c.id == person).values(language=language))


def open_session(
    work: PlatformWork, token: Token, person: UUID, tenant: UUID | None, stage: Stage, address: str, device: str
) -> None:
    work.execute(
        insert(sessions).values(
            id=new_id(),
            token_hash=token.hash,
            person_id=person,
            tenant_id=tenant,
            stage=stage.value,
            address=address,
            device=device,
            opened_at=work.now,
            seen_at=work.now,
            expires_at=work.now + stage.lasts,
            proved_at=work.now,
        )
    )


def advance_session(work: PlatformWork, session: UUID, before: Stage, token: Token, stage: Stage) -> bool:
    """Its holder has shown something more: it goes on under another token. Answers False when it is there already."""
    here = (sessions.c.id == session) & (sessions.c.stage == before.value)
    values = {"stage": stage.value, "token_hash": token.hash, "proved_at": work.now, "seen_at": work.now}
    if before is not stage:
        values["expires_at"] = work.now + stage.lasts
    return work.execute(update(sessions).where(here).values(**values)).rowcount == 1


def move_session(work: PlatformWork, before: Token, token: Token, place: UUID | None, stage: Stage) -> bool:
    """It goes on elsewhere, under another token and no longer than before. Of two who move it at once, one does."""
    values = {"token_hash": token.hash, "tenant_id": place, "stage": stage.value, "seen_at": work.now}
    return work.execute(update(sessions).where(sessions.c.token_hash == before.hash).values(values)).rowcount == 1


def remember_place(work: PlatformWork, person: UUID, place: UUID | None) -> None:
    """Signing in leads there the next time."""
    row = upsert(last_places).values(person_id=person, tenant_id=place)
    work.execute(row.on_conflict_do_update(index_elements=["person_id"], set_={"tenant_id": place}))


def renew_session(work: PlatformWork, before: Token, token: Token) -> bool:
    """Proved now, and under another token from now on. Answers False when it went on before."""
    held = sessions.c.token_hash == before.hash
    return work.execute(update(sessions).where(held).values(token_hash=token.hash, proved_at=work.now)).rowcount == 1


def vouch_for_session(work: PlatformWork, before: Token, token: Token) -> bool:
    """Another token, and its provider's word of this moment. Answers False where none opened it, or it went on."""
    held = (sessions.c.token_hash == before.hash) & sessions.c.confined
    return work.execute(update(sessions).where(held).values(token_hash=token.hash, vouched_at=work.now)).rowcount == 1


def see_session(work: PlatformWork, session: UUID) -> None:
    work.execute(update(sessions).where(sessions.c.id == session).values(seen_at=work.now))


def end_session(work: PlatformWork, token_hash: bytes) -> None:
    """Of an admin in somebody's account, their own as well: that ends with them."""
    this = sessions.c.token_hash == token_hash
    own = select(sessions.c.begun_from).where(this).scalar_subquery()
    work.execute(delete(sessions).where(this | (sessions.c.id == own)))


def end_sessions_of(work: PlatformWork, person: UUID) -> None:
    """Everywhere: in every shop and on the platform."""
    work.execute(delete(sessions).where(sessions.c.person_id == person))


def open_confined(work: PlatformWork, token: Token, person: UUID, tenant: UUID, address: str, device: str) -> None:
    """By the word of the shop's provider: it leads nowhere else, and nothing of the person's own was shown for it."""
    where = {"address": address, "device": device, "opened_at": work.now, "seen_at": work.now}
    lasts = {"stage": Stage.IN.value, "expires_at": work.now + Stage.IN.lasts, "confined": True}
    row = {"id": new_id(), "token_hash": token.hash, "person_id": person, "tenant_id": tenant, **where, **lasts}
    work.execute(insert(sessions).values(row))


def open_acting(
    work: PlatformWork,
    token: Token,
    admins_own: UUID,
    admin: UUID,
    person: UUID,
    tenant: UUID,
    until: datetime,
    address: str,
    device: str,
) -> UUID:
    """The session of an admin in somebody's account, while their own waits. They only look."""
    session = new_id()
    where = {"address": address, "device": device, "opened_at": work.now, "seen_at": work.now, "expires_at": until}
    whose = {"person_id": person, "tenant_id": tenant, "impersonator_id": admin, "begun_from": admins_own}
    row = {"id": session, "token_hash": token.hash, "stage": Stage.IN.value, "may_change": False, **whose, **where}
    work.execute(insert(sessions).values(row))
    return session


def allow_changes(work: PlatformWork, session: UUID) -> bool:
    looking = (sessions.c.id == session) & sessions.c.impersonator_id.is_not(None) & ~sessions.c.may_change
    return work.execute(update(sessions).where(looking).values(may_change=True)).rowcount == 1


def end_acting(work: PlatformWork, session: UUID) -> UUID | None:
    """Answers the admin's own session, that waited."""
    acting = (sessions.c.id == session) & sessions.c.impersonator_id.is_not(None)
    own: UUID | None = work.execute(delete(sessions).where(acting).returning(sessions.c.begun_from)).scalar()
    return own


def renew_token(work: PlatformWork, session: UUID, before: Token | None, token: Token) -> bool:
    """It goes on under another token; with `before` only where nobody renewed it meanwhile."""
    here = sessions.c.id == session
    if before is not None:
        here &= sessions.c.token_hash == before.hash
    renewed = update(sessions).where(here, sessions.c.expires_at > work.now)
    return work.execute(renewed.values(token_hash=token.hash, seen_at=work.now)).rowcount == 1


def end_session_of_id(work: PlatformWork, session: UUID) -> None:
    work.execute(delete(sessions).where(sessions.c.id == session))


def end_sessions(
    work: PlatformWork, session: Session, *, only: UUID | None = None, but: UUID | None = None
) -> Sequence[bytes]:
    """Of this one's person, in browsers and programs; answers the hashes of their tokens."""
    theirs = within_sight(session)
    if only is not None:
        theirs &= sessions.c.id == only
    if but is not None:
        theirs &= sessions.c.id != but
    return work.execute(delete(sessions).where(theirs).returning(sessions.c.token_hash)).scalars().all()


def sweep_sessions(work: PlatformWork) -> None:
    """Take away what has run out, or lay too long without being used."""
    unused = (sessions.c.seen_at <= work.now - IDLE) & (sessions.c.stage != Stage.PROGRAM.value)
    work.execute(delete(sessions).where((sessions.c.expires_at <= work.now) | unused))


# What a person has


def add_app(work: PlatformWork, person: UUID, locked_seed: bytes, step: int) -> None:
    with refusing("apps_pkey", HasApp):
        work.execute(insert(apps).values(person_id=person, seed=locked_seed, last_step=step, added_at=work.now))


def use_step(work: PlatformWork, person: UUID, step: int) -> bool:
    """The code of this step is used up, and all before it; False when it was already. Of two at once one gets it."""
    unused = (apps.c.person_id == person) & (apps.c.last_step < step)
    return work.execute(update(apps).where(unused).values(last_step=step)).rowcount == 1


def remove_app(work: PlatformWork, person: UUID) -> bool:
    return work.execute(delete(apps).where(apps.c.person_id == person)).rowcount == 1


def set_recovery_codes(work: PlatformWork, person: UUID, salt: bytes, hashes: Sequence[str]) -> None:
    """Those before are good for nothing any more."""
    values = {"salt": salt, "hashes": list(hashes), "made_at": work.now}
    row = upsert(recovery_codes).values(person_id=person, **values)
    work.execute(row.on_conflict_do_update(index_elements=["person_id"], set_=values))


def use_recovery_code(work: PlatformWork, person: UUID, hashed: str) -> bool:
    """It is gone with this; False when it was none, or is gone. Of two at once one gets it."""
    theirs = (recovery_codes.c.person_id == person) & (hashed == any_(recovery_codes.c.hashes))
    left = func.array_remove(recovery_codes.c.hashes, hashed)
    return work.execute(update(recovery_codes).where(theirs).values(hashes=left)).rowcount == 1


def drop_recovery_codes(work: PlatformWork, person: UUID) -> None:
    """They stand in for a factor; without any they open nothing."""
    work.execute(delete(recovery_codes).where(recovery_codes.c.person_id == person))


def drop_factors(work: PlatformWork, person: UUID) -> None:
    """They have none any more, as if they were new."""
    for had in (apps, passkeys, recovery_codes):
        work.execute(delete(had).where(had.c.person_id == person))


def add_passkey(work: PlatformWork, key: Passkey) -> None:
    row = {
        "id": key.id,
        "person_id": key.person,
        "credential_id": key.credential_id,
        "public_key": key.public_key,
        "sign_count": key.sign_count,
        "transports": list(key.transports),
        "name": key.name,
        "added_at": key.added_at,
    }
    with refusing("passkeys_credential_key", KnownPasskey):
        work.execute(insert(passkeys).values(row))


def use_passkey(work: PlatformWork, passkey: UUID, sign_count: int) -> None:
    used = update(passkeys).where(passkeys.c.id == passkey)
    work.execute(used.values(sign_count=sign_count, used_at=work.now))


def remove_passkey(work: PlatformWork, passkey: UUID) -> None:
    work.execute(delete(passkeys).where(passkeys.c.id == passkey))


def use_challenge(
    work: PlatformWork, challenge: bytes, purpose: Purpose, session: UUID | None, expires_at: datetime
) -> bool:
    """It came back. Answers False when it had before; those that nobody could bring any more are forgotten."""
    work.execute(delete(challenges).where(challenges.c.expires_at < work.now))
    row = upsert(challenges).values(
        challenge=challenge, purpose=purpose.value, session_id=session, expires_at=expires_at
    )
    first = row.on_conflict_do_nothing().returning(challenges.c.purpose)
    return work.execute(first).one_or_none() is not None


# Letters


def put_letter(work: PlatformWork, person: UUID, about: About, language: str) -> None:
    """It leaves within seconds; `language` is used where we do not know theirs. Last in a transaction: others who put
    one wait for it."""
    moments = {"asked_at": work.now, "run_at": work.now}
    row = upsert(letters).values(id=new_id(), person_id=person, about=about.value, language=language, **moments)
    work.execute(row.on_conflict_do_nothing())
    ask_for(work, SEND_LETTERS)


def drop_letter(work: PlatformWork, letter: UUID) -> None:
    work.execute(delete(letters).where(letters.c.id == letter))


def put_off_letter(work: PlatformWork, letter: UUID, until: datetime) -> None:
    work.execute(update(letters).where(letters.c.id == letter).values(run_at=until, tries=letters.c.tries + 1))


def add_reset(work: PlatformWork, person: UUID, token: Token, until: datetime) -> None:
    row = {"token_hash": token.hash, "person_id": person, "asked_at": work.now, "expires_at": until}
    work.execute(insert(resets).values(row))


def use_reset(work: PlatformWork, token: Token) -> UUID | None:
    """Whose it was; it is none any more. Of two at once one gets it."""
    good = (resets.c.token_hash == token.hash) & (resets.c.expires_at > work.now)
    used = delete(resets).where(good).returning(resets.c.person_id)
    found: UUID | None = work.execute(used).scalar_one_or_none()
    return found


def drop_resets(work: PlatformWork, person: UUID) -> None:
    work.execute(delete(resets).where(resets.c.person_id == person))
