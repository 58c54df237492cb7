"""Whether the people of a shop come in by what is their own, such as a password, or by the shop's provider alone.

Owners always keep their own way in: a provider that fails must not close the shop. `app.find_login_2` and
`app.find_session_2` read the setting.
"""

from __future__ import annotations

from uuid import UUID

from kernel.contributions import Setting
from kernel.i18n import N_
from kernel.tenancy import TenantId
from kernel.uow import PlatformWork, UnitOfWork
from plugins.identity import store
from plugins.identity.domain.session import SignInAgain, Token, Visitor
from plugins.identity.domain.user import Role

OWN_WAYS = Setting(
    "identity.own_ways",
    N_("Passwords"),
    N_("May people sign in with a password of their own, or only by the shop’s provider?"),
    True,
    bool,
)


def allow_own_ways(uow: UnitOfWork, allowed: bool) -> None:
    """Without them, whoever came in by a password or the like is out within a second, and so are their programs."""
    if uow.setting(OWN_WAYS) != allowed:
        uow.choose(OWN_WAYS, allowed)
        if not allowed:
            store.end_own_ways(uow)


def end_confined(uow: UnitOfWork) -> None:
    """The provider vouches no more: whoever came in by its word is out within a second."""
    store.end_confined(uow)


def is_open_to(uow: UnitOfWork, role: Role) -> bool:
    """Does somebody with this role come into the shop by what is their own?"""
    return role is Role.OWNER or bool(uow.setting(OWN_WAYS))


def enter_by_provider(work: PlatformWork, tenant: TenantId, person: UUID, visitor: Visitor) -> Token:
    """A session in this shop and in no other. Its holder has shown nothing of their own, so it proves nothing either:
    whoever changes their password or factors with it is asked for those first."""
    token = Token.new()
    if visitor.token:
        store.end_session(work, visitor.token.hash)
    store.open_confined(work, token, person, tenant, visitor.address, visitor.device)
    return token


def vouch_for(work: PlatformWork, held: Token) -> Token:
    """The provider that opened this session says that its holder has just shown there who they are. It goes on under
    another token, and for a while opens what is sensitive in the shop; what is their own asks for more.

    Raises SignInAgain for any other session.
    """
    token = Token.new()
    if not store.vouch_for_session(work, held, token):
        raise SignInAgain
    return token
