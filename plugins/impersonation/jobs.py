"""Letters about an admin who acts in the shop."""

from __future__ import annotations

from uuid import UUID

from kernel.i18n import N_
from kernel.jobs import job
from kernel.mail import Mailer
from kernel.site import Site
from kernel.uow import UnitOfWork
from plugins.identity import public as identity
from plugins.impersonation import queries
from web.letters import shops_letter


@job("impersonation.write_to_owner", title=N_("Tell an owner that support looks at the shop"), queue="urgent")
def write_to_owner(uow: UnitOfWork, mailer: Mailer, site: Site, visit: str, owner: str) -> None:
    told = identity.user(uow, UUID(owner))
    this = queries.visit(uow, UUID(visit))
    address = site.at("/audit")
    mailer.send(shops_letter(uow, "impersonation/letter", told.email, None, owner=told, visit=this, address=address))
