"""The last step of a sign-in: a code that only the person at the door can have."""

from __future__ import annotations

from kernel.i18n import language
from kernel.safe import Safe
from kernel.site import Site
from kernel.uow import Database, PlatformWork
from plugins.identity import queries, store
from plugins.identity.actions import tell
from plugins.identity.actions.check_code import check_code, count_try
from plugins.identity.actions.next_stage import let_in, who_waits
from plugins.identity.actions.passkeys import check_passkey
from plugins.identity.actions.sign_in import Entered
from plugins.identity.domain.factor import WrongCode
from plugins.identity.domain.letter import About
from plugins.identity.domain.passkey import PasskeyRefused, Purpose
from plugins.identity.domain.session import Session, Stage, Visitor
from plugins.identity.forms import CodeForm
from plugins.identity.ports import Limits
from plugins.identity.queries import Login


def give_code(database: Database, limits: Limits, safe: Safe, site: Site, form: CodeForm, visitor: Visitor) -> Entered:
    """Or the answer of a passkey. Raises SignInAgain, TooMany, WrongCode, PasskeyRefused."""
    session, login = waiting_person(database, visitor, Stage.SECOND_FACTOR)
    count_try(limits, session.holder, session.id)
    try:
        with database.for_platform("give a code", tell.as_themselves(session)) as work:
            proof = check_factor(work, safe, site, session, form, Purpose.SECOND_FACTOR)
            token = let_in(work, session)
            if proof == "recovery_code":
                store.put_letter(work, session.person, About.CODE_USED, language())
    except (WrongCode, PasskeyRefused):
        tell.refused_factor(database, session, visitor.device)
        raise
    tell.entered(database, login, visitor.address, visitor.device, proof)
    return Entered(token, Stage.IN, session.tenant is None)


def check_factor(work: PlatformWork, safe: Safe, site: Site, session: Session, form: CodeForm, purpose: Purpose) -> str:
    """By what it was proved: a passkey of theirs, their app, or a recovery code. Raises PasskeyRefused, WrongCode."""
    if form.credential is None:
        return check_code(work, safe, session.holder, form.code or "")
    if check_passkey(work, safe, site, purpose, form, session.id) != session.holder:
        raise PasskeyRefused
    return "passkey"


def waiting_person(database: Database, visitor: Visitor, stage: Stage) -> tuple[Session, Login]:
    """Who stopped at this question. Raises SignInAgain."""
    with database.for_platform("look who waits", tell.DOOR, read_only=True) as work:
        session = who_waits(work, visitor.token, stage)
        login = queries.login(work, queries.email_of(work, session.person))
    assert login is not None  # or there were no session of theirs
    return session, login
