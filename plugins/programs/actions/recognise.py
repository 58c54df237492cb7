"""Whose program this is: asked with every request of one, so mostly answered from the cache."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter

from kernel.access import SignedIn
from kernel.tenancy import Actor, ActorKind, TenantId, system
from kernel.uow import Database
from plugins.identity import public as identity
from plugins.programs import queries, store
from plugins.programs.domain.key import USED_EVERY, hash_of, is_key
from plugins.programs.domain.passes import Family, rights_of
from plugins.programs.forms import RefreshForm
from plugins.programs.ports import Passes


def recognise(database: Database, secret: str, passes: Passes, cache: identity.SessionCache) -> SignedIn | None:
    """The person a key or an access token stands for, with what they may do now."""
    return _by_key(database, secret, cache) if is_key(secret) else _by_token(database, secret, passes, cache)


def _by_token(database: Database, token: str, passes: Passes, cache: identity.SessionCache) -> SignedIn | None:
    shown = passes.read(token)
    if shown is None or not shown.is_good(database.clock.now()):
        return None
    person = _of_family(database, shown.family, cache)
    if person is None or (person.actor.id, person.tenant) != (shown.person, shown.tenant):
        return None
    # What they may has changed since: with the next token the program knows.
    return person if rights_of(person.actor) == shown.rights else None


def by_refresh_token(database: Database, form: RefreshForm, cache: identity.SessionCache) -> SignedIn | None:
    """The person whose program got this refresh token, used up or not, as long as their sign-in lasts."""
    with database.for_platform("recognise a refresh token", system("door"), read_only=True) as work:
        given = queries.refresh_token(work, hash_of(form.refresh_token))
    return _of_family(database, given.family, cache) if given else None


def _of_family(database: Database, family: Family, cache: identity.SessionCache) -> SignedIn | None:
    session = identity.find_program(database, family.session, cache)
    if session is None or session.tenant is None:
        return None
    return SignedIn(
        TenantId(session.tenant),
        identity.actor_of(session, database.plugins),
        session.id,
        csrf="",
        language=session.language,
        proved_at=session.proved_at,
        via="token",
        program=family.program,
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """A key and its person, as the database said a moment ago."""

    key: UUID
    name: str
    scopes: frozenset[str]
    expires_at: datetime
    used_at: datetime | None
    tenant: UUID
    person: UUID
    person_name: str
    role: identity.Role
    adjusted: dict[str, bool]
    branches: frozenset[UUID] | None
    language: str | None


_as_json: TypeAdapter[_Held] = TypeAdapter(_Held)


def _by_key(database: Database, secret: str, cache: identity.SessionCache) -> SignedIn | None:
    name = f"key:{hash_of(secret).hex()}"
    kept = cache.recall(name)
    held = _as_json.validate_json(kept) if kept else _read(database, secret)
    if held is not None and kept is None:
        cache.keep(name, _as_json.dump_json(held))
    if held is None or held.expires_at <= database.clock.now():
        return None
    declared = (given.value for given in database.plugins.given("permissions"))
    may = identity.permissions_of(held.role, declared, held.adjusted) & held.scopes
    actor = Actor(ActorKind.PERSON, held.person, held.person_name, may, branches=held.branches)
    return SignedIn(
        TenantId(held.tenant), actor, held.key, csrf="", language=held.language, via="key", program=held.name
    )


def _read(database: Database, secret: str) -> _Held | None:
    with database.for_platform("recognise a key", system("door"), read_only=True) as work:
        row = queries.held_key(work, hash_of(secret))
    if row is None:
        return None
    held = _Held(
        row.key,
        row.name,
        frozenset(row.scopes),
        row.expires_at,
        row.used_at,
        row.tenant,
        row.person,
        row.person_name,
        identity.Role(row.role),
        row.adjusted,
        None if row.branches is None else frozenset(row.branches),
        row.language,
    )
    now = database.clock.now()
    if now < held.expires_at and (held.used_at is None or now - held.used_at > USED_EVERY):
        with database.for_shop(TenantId(held.tenant), system("door")) as uow:
            store.note_use(uow, held.key)
        return replace(held, used_at=now)
    return held
