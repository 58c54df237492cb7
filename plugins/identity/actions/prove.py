"""Somebody who is signed in shows that it is still them, before they do what is sensitive."""

from __future__ import annotations

from kernel.safe import Safe
from kernel.site import Site
from kernel.uow import PlatformWork
from plugins.identity import queries, store
from plugins.identity.actions.check_code import count_try
from plugins.identity.actions.give_code import check_factor
from plugins.identity.actions.hash_password import matches
from plugins.identity.domain.factor import WrongPassword
from plugins.identity.domain.passkey import Purpose
from plugins.identity.domain.session import Session, SignInAgain, Token
from plugins.identity.forms import ProofForm
from plugins.identity.ports import Limits


def prove(
    work: PlatformWork, limits: Limits, safe: Safe, site: Site, session: Session, held: Token, form: ProofForm
) -> Token:
    """By what they have, where they have something. An admin in somebody's account proves to be that admin.

    Raises WrongCode, PasskeyRefused, WrongPassword, TooMany, SignInAgain.
    """
    count_try(limits, session.holder, session.id)
    if queries.factors(work, session.holder).any:
        check_factor(work, safe, site, session, form, Purpose.PROVE)
    else:
        login = queries.login(work, queries.email_of(work, session.holder))
        if not matches(form.password or "", login.password_hash if login else None):
            raise WrongPassword
    return renew(work, held)


def renew(work: PlatformWork, held: Token) -> Token:
    """The session was proved now. It goes on under another token: whoever got hold of the one before has no part in it.

    Raises SignInAgain when it went on already.
    """
    token = Token.new()
    if not store.renew_session(work, held, token):
        raise SignInAgain
    return token
