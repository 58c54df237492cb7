"""How far a password alone leads: in, or to the next question of the door."""

from __future__ import annotations

from uuid import UUID

from kernel.contributions import Setting
from kernel.i18n import N_
from kernel.tenancy import TenantId
from kernel.uow import Database, PlatformWork
from plugins.identity import queries, store
from plugins.identity.actions.tell import DOOR
from plugins.identity.domain.session import HALF_WAY, Session, SignInAgain, Stage, Token

REQUIRE_SECOND_FACTOR = Setting(
    "identity.require_second_factor",
    N_("Second factor for everybody"),
    N_("Whoever has none sets one up the next time they sign in."),
    False,
    bool,
)


def next_stage(database: Database, person: UUID, tenant: UUID | None) -> Stage:
    """For somebody who has just shown their password, on the way into a shop or to the platform."""
    with database.for_platform("ask for what they have", DOOR, read_only=True) as work:
        has_factor = queries.factors(work, person).any
    if has_factor:
        return Stage.SECOND_FACTOR
    return Stage.ENROL if is_factor_required(database, tenant) else Stage.IN


def is_factor_required(database: Database, tenant: UUID | None) -> bool:
    """On the platform always; in a shop where its owner wants it."""
    if tenant is None:
        return True
    with database.for_shop(TenantId(tenant), DOOR, read_only=True) as uow:
        return bool(uow.setting(REQUIRE_SECOND_FACTOR))


def who_waits(work: PlatformWork, token: Token | None, stage: Stage) -> Session:
    """The session that stopped at this question. Raises SignInAgain."""
    session = queries.session(work, token.hash) if token else None
    if session is None or session.stage is not stage or not session.lasts(work.now):
        raise SignInAgain
    # Whoever came here from another of their shops may have shown a password hours ago.
    if stage is Stage.ENROL and (session.proved_at is None or work.now - session.proved_at > HALF_WAY):
        raise SignInAgain
    return session


def let_in(work: PlatformWork, session: Session) -> Token:
    """Under a new token: what was held before the question was answered opens nothing. Raises SignInAgain."""
    token = Token.new()
    if not store.advance_session(work, session.id, session.stage, token, Stage.IN):
        raise SignInAgain  # another answer to the same question was faster
    return token
