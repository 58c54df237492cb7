"""Send an owner who has not come in yet their invitation again: the letter was lost, or its time is over."""

from __future__ import annotations

from uuid import UUID

from kernel.uow import UnitOfWork
from plugins.identity import public as identity
from plugins.tenants.domain.shop import NobodyComesIn


def ask_owner_again(uow: UnitOfWork, invitation: UUID) -> identity.Invitation:
    """Raises NobodyComesIn, NotFound, and what `invite_owner_again` raises."""
    if not uow.shop.state.allows.sign_in:
        raise NobodyComesIn(uow.shop.name)
    return identity.invite_owner_again(uow, invitation)
