"""A program signs in, and goes on from token to token until it signs out."""

from __future__ import annotations

import secrets

from kernel.safe import Safe
from kernel.tenancy import Actor, system
from kernel.uow import Database, PlatformWork
from plugins.identity import public as identity
from plugins.programs import queries, store
from plugins.programs.domain.key import hash_of
from plugins.programs.domain.passes import AGAIN_WITHIN, GOOD_FOR, Family, Pass, RefreshRefused, Tokens, rights_of
from plugins.programs.forms import TokensForm
from plugins.programs.ports import Passes

DOOR = system("sign-in")


def sign_in(
    database: Database,
    limits: identity.Limits,
    safe: Safe,
    passes: Passes,
    form: TokensForm,
    visitor: identity.Visitor,
) -> Tokens:
    """Raises what `identity.enter_program` does."""
    entered = identity.enter_program(database, limits, safe, form.email, form.password, form.code, form.shop, visitor)
    refresh, family = secrets.token_urlsafe(32), Family(entered.hash, visitor.device)
    with database.for_platform("give a program its tokens", DOOR) as work:
        store.give_refresh_token(work, hash_of(refresh), family)
    return _tokens(database, passes, entered.session, family, refresh)


def refresh(database: Database, passes: Passes, cache: identity.SessionCache, sent: str) -> Tokens:
    """The next two tokens. A token that was used before ends the sign-in it comes from: one of its holders is a thief.

    Unless it comes again at once and nobody has used the next one: then the answer was lost on the way, and the same
    one is given again. Two who send one token at the same moment get the same answer, too; the next time they do, they
    are found out. Raises RefreshRefused.
    """
    following = passes.next_of(sent)
    with database.for_platform("give a program its tokens", DOOR) as work:
        family = _used_now(work, sent, following) or _used_just_now(work, sent, following)
        stolen = None if family else queries.refresh_token(work, hash_of(sent))
        if stolen is not None:
            identity.end_program(work, stolen.family.session, cache)
            work.record("programs.stolen_token", outcome="refused", program=stolen.family.program)
    session = identity.find_program(database, family.session, cache) if family else None
    if family is None or session is None:
        raise RefreshRefused
    return _tokens(database, passes, session, family, following)


def sign_out(database: Database, cache: identity.SessionCache, actor: Actor, family: Family) -> None:
    with database.for_platform("sign a program out", actor) as work:
        identity.end_program(work, family.session, cache)


def _used_now(work: PlatformWork, sent: str, following: str) -> Family | None:
    family = store.use_refresh_token(work, hash_of(sent))
    if family is not None:
        store.give_refresh_token(work, hash_of(following), family)
    return family


def _used_just_now(work: PlatformWork, sent: str, following: str) -> Family | None:
    before, after = (queries.refresh_token(work, hash_of(one)) for one in (sent, following))
    if before is None or after is None or before.used_at is None:
        return None
    return before.family if after.used_at is None and work.now < before.used_at + AGAIN_WITHIN else None


def _tokens(database: Database, passes: Passes, session: identity.Session, family: Family, refresh: str) -> Tokens:
    now = database.clock.now()
    assert session.tenant is not None
    rights = rights_of(identity.actor_of(session, database.plugins))
    return Tokens(passes.write(Pass(session.person, session.tenant, family, rights, now, now + GOOD_FOR)), refresh)
