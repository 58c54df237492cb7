"""Reading a shop's provider, and who is who there."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from kernel.tables import tenants
from kernel.tenancy import TenantId
from kernel.uow import PlatformWork, UnitOfWork
from plugins.single_sign_on.domain import Newcomers, Provider
from plugins.single_sign_on.tables import identity_links, identity_providers


def shop_called(work: PlatformWork, slug: str) -> TenantId | None:
    found = work.execute(select(tenants.c.id).where(tenants.c.slug == slug)).scalar_one_or_none()
    return TenantId(found) if found else None


def provider(uow: UnitOfWork) -> Provider | None:
    row = uow.execute(select(identity_providers)).one_or_none()
    if row is None:
        return None
    return Provider(
        row.issuer,
        row.client_id,
        row.secret,
        row.title,
        tuple(row.domains),
        Newcomers(row.newcomers),
        row.own_ways,
        row.is_on,
    )


def linked_user(uow: UnitOfWork, issuer: str, subject: str) -> UUID | None:
    this = (identity_links.c.issuer == issuer) & (identity_links.c.subject == subject)
    found: UUID | None = uow.execute(select(identity_links.c.user_id).where(this)).scalar_one_or_none()
    return found


def linked_email(uow: UnitOfWork, user: UUID, issuer: str) -> str | None:
    """Of their account at the provider."""
    this = (identity_links.c.user_id == user) & (identity_links.c.issuer == issuer)
    found: str | None = uow.execute(select(identity_links.c.email).where(this)).scalar_one_or_none()
    return found
