"""An admin begins to act in a shop as one of its users: to look, for a while, and the shop is told why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from kernel.tenancy import TenantId
from kernel.uow import Database, PlatformWork, UnitOfWork
from plugins.identity import public as identity
from plugins.impersonation import store
from plugins.impersonation.actions.close import close_those_of
from plugins.impersonation.domain import HasLeft, NotAnAdmin, ShopIsClosed
from plugins.impersonation.events import AdminCame
from plugins.impersonation.forms import BeginForm


def begin(
    database: Database, work: PlatformWork, shop: UUID, form: BeginForm, visitor: identity.Visitor
) -> identity.Acting:
    """Raises ShopIsClosed, HasLeft, NotAnAdmin, BegunElsewhere, SignInAgain; NotFound for somebody of another shop."""
    assert work.actor.id is not None
    until = work.now + timedelta(minutes=int(form.minutes))
    # The shop's transaction ends first: when it cannot be told, nothing has begun.
    with database.for_shop(TenantId(shop), work.actor) as uow:
        user = _user(uow, form.user)
        if identity.admins_among(work, [user.id]):
            raise NotAnAdmin(user.name)
        close_those_of(work, work.actor.id)
        acting = identity.act_for(work, TenantId(shop), user.id, until, visitor)
        store.add(work, acting, shop, user, form.because)
        uow.actor = replace(uow.actor, subject_id=user.id, subject=user.name)
        uow.record("impersonation.begin", because=form.because, until=acting.until.isoformat())
        visit = store.note_visit(uow, user.id, user.name, form.because, acting.until, may_change=False)
        uow.publish(AdminCame(visit))
    return acting


def _user(uow: UnitOfWork, user_id: UUID) -> identity.User:
    if not uow.shop.state.allows.sign_in:
        raise ShopIsClosed(uow.shop.name)
    user = identity.user(uow, user_id)
    if not user.is_active:
        raise HasLeft(user.name)
    return user
