"""Who holds a session's token: asked with every request, so mostly answered from the cache."""

from __future__ import annotations

from pydantic import TypeAdapter

from kernel.access import Impersonation, SignedIn
from kernel.plugins import Plugins
from kernel.tenancy import Actor, ActorKind, TenantId, system
from kernel.uow import Database
from plugins.identity import queries, store
from plugins.identity.domain.session import SEEN_EVERY, Session, Stage, Token
from plugins.identity.domain.user import permissions_of
from plugins.identity.ports import SessionCache

_as_json: TypeAdapter[Session] = TypeAdapter(Session)


def recognise(database: Database, token: str, cache: SessionCache, *, touch: bool = True) -> SignedIn | None:
    """The person whose session this is, with what their role may do; None when the session has ended."""
    held = Token(token)
    session = find(database, held.hash, cache, touch=touch)
    if session is None or session.stage is not Stage.IN:
        return None
    return SignedIn(
        tenant=TenantId(session.tenant) if session.tenant else None,
        actor=actor_of(session, database.plugins),
        session=session.id,
        csrf=held.csrf,
        language=session.language,
        proved_at=session.proved_at,
        confined=session.confined,
        vouched_at=session.vouched_at,
        impersonation=Impersonation(session.expires_at, session.may_change) if session.impersonator else None,
        places=session.places,
    )


def forget(cache: SessionCache, token: Token) -> None:
    """A session has ended: this process need not wait for the cache's second."""
    cache.forget(token.hash.hex())


def find(database: Database, token_hash: bytes, cache: SessionCache, *, touch: bool = True) -> Session | None:
    """The session whose token has this hash, as long as it lasts."""
    kept = cache.recall(token_hash.hex())
    if kept is not None:
        session: Session | None = _as_json.validate_json(kept)
    else:
        session = _read(database, token_hash, touch)
        if session:
            cache.keep(token_hash.hex(), _as_json.dump_json(session))
    return session if session and session.lasts(database.clock.now()) else None


def _read(database: Database, token_hash: bytes, touch: bool) -> Session | None:
    with database.for_platform("recognise a session", system("door")) as work:
        session = queries.session(work, token_hash)
        if touch and session and session.lasts(work.now) and work.now - session.seen_at > SEEN_EVERY:
            store.see_session(work, session.id)
    return session


def actor_of(session: Session, plugins: Plugins) -> Actor:
    declared = (given.value for given in plugins.given("permissions"))
    may = permissions_of(session.role, declared, session.adjusted)
    if session.impersonator is not None:
        admin = (session.impersonator, session.impersonator_name)
        return Actor(ActorKind.PLATFORM, *admin, may, session.person, session.name, session.branches)
    kind = ActorKind.PERSON if session.tenant else ActorKind.PLATFORM
    return Actor(kind, session.person, session.name, may, branches=session.branches)
