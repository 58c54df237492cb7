"""A person goes on to another of their shops, without signing in again."""

from __future__ import annotations

from uuid import UUID

from kernel.errors import NotSignedIn
from kernel.uow import Database
from plugins.identity import queries, store
from plugins.identity.actions import tell
from plugins.identity.actions.next_stage import is_factor_required
from plugins.identity.actions.recognise import forget
from plugins.identity.actions.sign_in import Entered
from plugins.identity.domain.session import ByProviderAlone, NoSuchPlace, Stage, Token
from plugins.identity.ports import SessionCache


def switch_shop(database: Database, cache: SessionCache, token: Token, place: UUID | None) -> Entered:
    """Under a new token; no place is the platform. Raises NoSuchPlace, ByProviderAlone, NotSignedIn."""
    with database.for_platform("switch shops", tell.DOOR, read_only=True) as work:
        session = queries.session(work, token.hash)
        if session is None or session.stage is not Stage.IN or not session.lasts(work.now):
            raise NotSignedIn
        # Asked now, and not of the cache: who was let go a moment ago does not come in.
        wanted = next((each for each in session.places if each.tenant == place), None)
        if wanted is None:
            raise NoSuchPlace
        if wanted.provider:
            raise ByProviderAlone(wanted.name, wanted.provider)
        has_factor = queries.factors(work, session.person).any
    stage = Stage.IN if has_factor or not is_factor_required(database, place) else Stage.ENROL
    entered = Entered(Token.new(), stage, to_platform=place is None)
    with database.for_platform("switch shops", tell.DOOR) as work:
        if not store.move_session(work, token, entered.token, place, stage):
            raise NotSignedIn
        store.remember_place(work, session.person, place)
        there = queries.session(work, entered.token.hash)
    forget(cache, token)
    if there is not None:
        tell.moved(database, session, there)
    return entered
