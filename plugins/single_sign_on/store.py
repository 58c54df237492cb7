"""Writing a shop's provider, and who is who there."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, insert
from sqlalchemy.dialects.postgresql import insert as upsert

from kernel.ids import new_id
from kernel.uow import UnitOfWork, refusing
from plugins.single_sign_on.domain import LinkedToAnother, Provider, Vouched
from plugins.single_sign_on.tables import identity_links, identity_providers


def set_provider(uow: UnitOfWork, provider: Provider) -> None:
    values = {
        "issuer": provider.issuer,
        "client_id": provider.client_id,
        "secret": provider.secret,
        "title": provider.title,
        "domains": list(provider.domains),
        "newcomers": provider.newcomers.value,
        "own_ways": provider.own_ways,
        "is_on": provider.is_on,
        "set_by": uow.actor.name,
        "set_at": uow.now,
    }
    row = upsert(identity_providers).values(id=new_id(), **values)
    uow.execute(row.on_conflict_do_update(constraint="identity_providers_one_key", set_=values))


def link(uow: UnitOfWork, user: UUID, issuer: str, who: Vouched) -> None:
    """Raises LinkedToAnother: each account of the provider is one person's, and each person has one."""
    row = insert(identity_links).values(
        id=new_id(), user_id=user, issuer=issuer, subject=who.subject, email=who.email, linked_at=uow.now
    )
    with refusing("identity_links_subject_key", LinkedToAnother), refusing("identity_links_user_key", LinkedToAnother):
        uow.execute(row)


def unlink(uow: UnitOfWork, user: UUID) -> None:
    uow.execute(delete(identity_links).where(identity_links.c.user_id == user))
