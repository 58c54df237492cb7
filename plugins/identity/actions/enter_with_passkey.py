"""Sign in without a password: with a key that has seen its holder."""

from __future__ import annotations

from kernel.safe import Safe
from kernel.site import Site
from kernel.uow import Database
from plugins.identity import queries, store
from plugins.identity.actions import tell
from plugins.identity.actions.check_login import check_barred, count_knock
from plugins.identity.actions.passkeys import check_passkey
from plugins.identity.actions.sign_in import Entered
from plugins.identity.domain.passkey import PasskeyRefused, Purpose
from plugins.identity.domain.session import Stage, Token, Visitor
from plugins.identity.forms import PasskeyForm
from plugins.identity.ports import Limits


def enter_with_passkey(
    database: Database, limits: Limits, safe: Safe, site: Site, form: PasskeyForm, visitor: Visitor
) -> Entered:
    """Something they have and something they are or know, in one: no second step comes after it.

    Raises TooMany, PasskeyRefused, ShopIsOver, ByProviderAlone.
    """
    count_knock(limits, visitor)
    token = Token.new()
    with database.for_platform("sign in with a passkey", tell.DOOR) as work:
        person = check_passkey(work, safe, site, Purpose.SIGN_IN, form)
        login = queries.login(work, queries.email_of(work, person))
        check_barred(login)
        if login is None or not login.may_enter:
            raise PasskeyRefused
        if visitor.language:
            store.set_language(work, person, visitor.language)
        if visitor.token:
            store.end_session(work, visitor.token.hash)
        store.open_session(work, token, person, login.tenant, Stage.IN, visitor.address, visitor.device)
    tell.entered(database, login, visitor.address, visitor.device, "passkey")
    return Entered(token, Stage.IN, login.tenant is None, visitor.language or login.language)
