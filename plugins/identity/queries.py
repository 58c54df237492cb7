"""Reading who somebody is, and who works in a shop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Table, column, func, or_, select, text

from kernel.errors import NotFound
from kernel.i18n import _
from kernel.tables import audit_entries, tenants
from kernel.tenancy import Place, ShopState, TenantId
from kernel.uow import Executes, PlatformWork, UnitOfWork
from plugins.identity.domain.device import Device, device_of
from plugins.identity.domain.factor import Factors
from plugins.identity.domain.invitation import Invitation
from plugins.identity.domain.knock import Knock
from plugins.identity.domain.passkey import Passkey
from plugins.identity.domain.session import IDLE, Session, Stage, Token
from plugins.identity.domain.user import Departure, Role, User
from plugins.identity.tables import (
    admins,
    apps,
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

#: How somebody comes into a shop, as its trail says it.
CAME_IN = ("identity.sign_in", "identity.switch_shop", "identity.accept_invitation", "identity.accept_with_new_account")

# Columns are named: a migration that adds one does not fail what is prepared on the connections.
_find_login = text(
    "SELECT person, password_hash, start_until, language, admin_name, memberships, barred FROM app.find_login_2(:email)"
)
_find_session = text(
    "SELECT session, person, tenant, stage, seen_at, expires_at, language, name, role, adjusted, proved_at,"
    " impersonator, impersonator_name, may_change, branches, places, is_admin, confined, vouched_at, providers"
    " FROM app.find_session_2(:hash)"
)
_shop_people = func.app.shop_people().table_valued(column("id"), column("email")).render_derived()


@dataclass(frozen=True, slots=True)
class Membership:
    """A shop that a person works in, and their name there."""

    tenant: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Barred:
    """A shop that a person works in and that what is their own does not open: it is on its way out or, where there is
    a `provider`, lets in by that alone; then it is the shop's short name."""

    shop: str
    provider: str | None


@dataclass(frozen=True, slots=True)
class Login:
    """What is known of a person before they are let in."""

    person: UUID
    password_hash: str
    start_until: datetime | None
    language: str | None
    admin_name: str | None
    memberships: tuple[Membership, ...]
    #: The shop they went to last, of several.
    last_place: UUID | None = None
    barred: tuple[Barred, ...] = ()

    @property
    def may_enter(self) -> bool:
        return self.admin_name is not None or bool(self.memberships)

    @property
    def has_use_of_password(self) -> bool:
        """Also where a shop lets in by its provider alone they prove with it what is their own."""
        return self.may_enter or any(each.provider for each in self.barred)

    @property
    def tenant(self) -> UUID | None:
        """Where signing in leads: where they were last; else the platform for its people, else their oldest shop."""
        if self.last_place in [membership.tenant for membership in self.memberships]:
            return self.last_place
        return None if self.admin_name is not None else self.memberships[0].tenant

    @property
    def names(self) -> list[str]:
        return [self.admin_name or "", *(membership.name for membership in self.memberships)]


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Where a person is signed in. `is_admins`: an admin of the platform acts in their account."""

    id: UUID
    tenant: UUID | None
    device: Device
    address: str
    opened_at: datetime
    seen_at: datetime
    is_admins: bool


@dataclass(frozen=True, slots=True)
class Presence:
    """When somebody last came into the shop, as far as its trail goes back, and how often they are signed in now."""

    last: datetime | None
    opened: int


def login(work: PlatformWork, email: str) -> Login | None:
    row = work.execute(_find_login, {"email": email}).one_or_none()
    found = [Membership(UUID(one["tenant"]), one["name"]) for one in row.memberships] if row else []
    # Asked for strangers, too: an answer must not come sooner because nobody has this address.
    may_sign_in = tenants.c.state.in_([state.value for state in ShopState if state.allows.sign_in])
    here = tenants.c.id.in_([membership.tenant for membership in found])
    opened = set(work.execute(select(tenants.c.id).where(here, may_sign_in)).scalars())
    theirs = last_places.c.person_id == (row.person if row else None)
    last = work.execute(select(last_places.c.tenant_id).where(theirs)).scalar_one_or_none()
    if row is None:
        return None
    memberships = tuple(membership for membership in found if membership.tenant in opened)
    barred = tuple(Barred(one["name"], one["provider"]) for one in row.barred)
    known = (row.person, row.password_hash, row.start_until, row.language, row.admin_name)
    return Login(*known, memberships, last, barred)


def session(work: PlatformWork, token_hash: bytes) -> Session | None:
    """Whether or not it has run out."""
    row = work.execute(_find_session, {"hash": token_hash}).one_or_none()
    if row is None:
        return None
    return Session(
        id=row.session,
        person=row.person,
        tenant=row.tenant,
        stage=Stage(row.stage),
        seen_at=row.seen_at,
        expires_at=row.expires_at,
        language=row.language,
        name=row.name,
        role=Role(row.role),
        adjusted=row.adjusted,
        proved_at=row.proved_at,
        impersonator=row.impersonator,
        impersonator_name=row.impersonator_name or "",
        may_change=row.may_change,
        branches=None if row.branches is None else frozenset(row.branches),
        places=tuple(_places(row)),
        confined=row.confined,
        vouched_at=row.vouched_at,
    )


def _places(row: Row[Any]) -> Iterator[Place]:
    """The shops that the person may sign in to, the one of longest standing first; then the platform."""
    for shop in row.places:
        if ShopState(shop["state"]).allows.sign_in:
            yield Place(TenantId(UUID(shop["tenant"])), shop["name"])
    for shop in row.providers:
        yield Place(TenantId(UUID(shop["tenant"])), shop["name"], shop["provider"])
    if row.is_admin:
        yield Place(None, "")


def within_sight(session: Session) -> ColumnElement[bool]:
    """The sessions of its person; of one that a shop's provider opened those in this shop: elsewhere that vouches for
    nobody."""
    own = sessions.alias()
    is_confined = select(own.c.confined).where(own.c.id == session.id).scalar_subquery()
    return (sessions.c.person_id == session.person) & (~is_confined | (sessions.c.tenant_id == session.tenant))


def sessions_of(work: PlatformWork, session: Session) -> list[OpenSession]:
    """What is open in browsers and programs, the one used last first. A program is called as it calls itself."""
    s = sessions.c
    browsers = (s.stage == Stage.IN.value) & (s.seen_at > work.now - IDLE)
    lasts = (s.expires_at > work.now) & (browsers | (s.stage == Stage.PROGRAM.value))
    shown = (s.id, s.tenant_id, s.stage, s.device, s.address, s.opened_at, s.seen_at, s.impersonator_id)
    opened = select(*shown).where(within_sight(session) & lasts)
    return [
        OpenSession(
            row.id,
            row.tenant_id,
            Device(row.device, "") if row.stage == Stage.PROGRAM else device_of(row.device),
            row.address,
            row.opened_at,
            row.seen_at,
            row.impersonator_id is not None,
        )
        for row in work.execute(opened.order_by(s.seen_at.desc(), s.id.desc()))
    ]


def presence(uow: UnitOfWork, user: UUID) -> Presence:
    """When one of the shop's people last came in, and how often they are signed in here now."""
    e = audit_entries.c
    came = select(e.at).where(e.actor_id == user, e.outcome == "done", e.action.in_(CAME_IN))
    last = came.order_by(e.number.desc()).limit(1).scalar_subquery()
    opened = func.app.open_sessions(user, uow.now - IDLE, uow.now)
    row = uow.execute(select(last.label("last"), opened.label("opened"))).one()
    return Presence(row.last, row.opened)


def sessions_alive(work: PlatformWork, ids: Sequence[UUID]) -> set[UUID]:
    """Those of them that still open something."""
    lasts = sessions.c.id.in_(ids) & (sessions.c.expires_at > work.now)
    return set(work.execute(select(sessions.c.id).where(lasts)).scalars())


def admins_among(work: PlatformWork, persons: Sequence[UUID]) -> set[UUID]:
    """Those of them who run the installation."""
    return set(work.execute(select(admins.c.person_id).where(admins.c.person_id.in_(persons))).scalars())


def email_of(work: PlatformWork, person: UUID) -> str:
    email: str = work.execute(select(people.c.email).where(people.c.id == person)).scalar_one()
    return email


def factors(work: PlatformWork, person: UUID) -> Factors:
    """What the person has beside their password."""
    has_app = select(apps.c.person_id).where(apps.c.person_id == person).exists()
    keys = select(func.count()).where(passkeys.c.person_id == person).scalar_subquery()
    left = select(func.cardinality(recovery_codes.c.hashes)).where(recovery_codes.c.person_id == person)
    row = work.execute(select(has_app.label("app"), keys.label("keys"), left.scalar_subquery().label("left"))).one()
    return Factors(row.app, row.keys, row.left or 0)


def is_admin(work: PlatformWork, person: UUID) -> bool:
    return bool(work.execute(select(select(admins).where(admins.c.person_id == person).exists())).scalar_one())


def locked_seed(work: PlatformWork, person: UUID) -> bytes | None:
    """Of their authenticator app, where they have one."""
    found: bytes | None = work.execute(select(apps.c.seed).where(apps.c.person_id == person)).scalar_one_or_none()
    return found


def recovery_salt(work: PlatformWork, person: UUID) -> tuple[bytes, str] | None:
    """What their recovery codes are hashed with: the salt, and one of the hashes, which names its parameters."""
    c = recovery_codes.c
    asked = select(c.salt, c.hashes[1].label("one")).where(c.person_id == person, func.cardinality(c.hashes) > 0)
    row = work.execute(asked).one_or_none()
    return (row.salt, row.one) if row else None


def passkeys_of(work: PlatformWork, person: UUID) -> list[Passkey]:
    """The oldest first."""
    found = work.execute(select(passkeys).where(passkeys.c.person_id == person).order_by(passkeys.c.id))
    return [_passkey(row) for row in found]


def passkey(work: PlatformWork, credential_id: bytes) -> Passkey | None:
    """Locked: of two answers of one key at once, the second is counted after the first."""
    named = select(passkeys).where(passkeys.c.credential_id == credential_id).with_for_update()
    row = work.execute(named).one_or_none()
    return _passkey(row) if row else None


def _passkey(row: Row[Any]) -> Passkey:
    return Passkey(
        row.id, row.person_id, row.credential_id, row.public_key, row.sign_count,
        tuple(row.transports), row.name, row.added_at, row.used_at,
    )  # fmt: skip


def reset_of(work: PlatformWork, token: Token) -> UUID | None:
    """Who may choose a password with this."""
    good = (resets.c.token_hash == token.hash) & (resets.c.expires_at > work.now)
    found: UUID | None = work.execute(select(resets.c.person_id).where(good)).scalar_one_or_none()
    return found


def letters_due(work: PlatformWork, *, limit: int) -> Sequence[Row[Any]]:
    """Locked: another scheduler takes others. With the address and the language of who gets them."""
    asked = select(letters, people.c.email, people.c.language.label("theirs")).join(
        people, people.c.id == letters.c.person_id
    )
    due = asked.where(letters.c.run_at <= work.now).order_by(letters.c.id).limit(limit)
    return work.execute(due.with_for_update(of=letters, skip_locked=True)).all()


def knocks(work: Executes, entries: Table, person: UUID, *, limit: int) -> list[Knock]:
    """How the person signed in, or somebody tried to as them, by a trail's `entries`: the newest first."""
    e = entries.c
    theirs = (e.action == "identity.sign_in") & or_(e.actor_id == person, e.subject_id == person)
    found = select(e.outcome, e.address, e.details).where(theirs).order_by(e.number.desc()).limit(limit)
    return [
        Knock(row.outcome == "done", row.address or "", (row.details or {}).get("device", ""))
        for row in work.execute(found)
    ]


def all_users(uow: UnitOfWork) -> list[User]:
    """Who works here and who has left, by name."""
    return [_user(row) for row in uow.execute(_users().order_by(users.c.name))]


def user(uow: UnitOfWork, user: UUID) -> User:
    """Raises NotFound."""
    row = uow.execute(_users().where(users.c.id == user)).one_or_none()
    if row is None:
        raise NotFound(_("There is no such person in this shop."))
    return _user(row)


def adjustments(uow: UnitOfWork) -> dict[Role, dict[str, bool]]:
    """What the shop has decided about its roles."""
    decided: dict[Role, dict[str, bool]] = {role: {} for role in Role}
    asked = select(role_permissions.c.role, role_permissions.c.permission, role_permissions.c.allowed)
    for row in uow.execute(asked):
        decided[Role(row.role)][row.permission] = row.allowed
    return decided


def active_owners(uow: UnitOfWork) -> int:
    return sum(user.role is Role.OWNER and user.is_active for user in all_users(uow))


_only_branches = (
    select(func.array_agg(user_branches.c.branch_id)).where(user_branches.c.user_id == users.c.id).scalar_subquery()
)


def _users() -> Select[Any]:
    left = (user_departures.c.user_id == users.c.id) & user_departures.c.returned_at.is_(None)
    return select(
        users.c.id,
        users.c.name,
        users.c.role,
        users.c.language,
        _shop_people.c.email,
        user_departures.c.left_at,
        user_departures.c.let_go_by,
        _only_branches.label("branches"),
    ).select_from(users.join(_shop_people, _shop_people.c.id == users.c.id).outerjoin(user_departures, left))


def _user(row: Row[Any]) -> User:
    departure = Departure(row.left_at, row.let_go_by) if row.left_at else None
    only = None if row.branches is None else frozenset(row.branches)
    return User(row.id, row.name, row.email, Role(row.role), departure, row.language, only)


def open_invitations(uow: UnitOfWork) -> list[Invitation]:
    """Who was asked to work here and has not answered, the newest first."""
    waiting = invitations.c.accepted_at.is_(None) & invitations.c.withdrawn_at.is_(None)
    found = select(invitations).where(waiting).order_by(invitations.c.invited_at.desc(), invitations.c.id.desc())
    return [_invitation(row) for row in uow.execute(found)]


def invitation(uow: UnitOfWork, invitation: UUID) -> Invitation:
    """Raises NotFound."""
    row = uow.execute(select(invitations).where(invitations.c.id == invitation)).one_or_none()
    if row is None:
        raise NotFound(_("There is no such invitation."))
    return _invitation(row)


def invitation_in_letter(uow: UnitOfWork, token_hash: bytes) -> Invitation | None:
    """The one whose newest letter holds the token with this hash."""
    row = uow.execute(select(invitations).where(invitations.c.token_hash == token_hash)).one_or_none()
    return _invitation(row) if row else None


def _invitation(row: Row[Any]) -> Invitation:
    return Invitation(
        id=row.id,
        email=row.email,
        name=row.name,
        role=Role(row.role),
        language=row.language,
        branches=None if row.branches is None else frozenset(row.branches),
        invited_by=row.invited_by,
        invited_at=row.invited_at,
        expires_at=row.expires_at,
        sent_at=row.sent_at,
        undelivered_at=row.undelivered_at,
        accepted_at=row.accepted_at,
        withdrawn_at=row.withdrawn_at,
    )
