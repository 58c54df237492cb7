"""Letters that follow from what happened to people."""

from __future__ import annotations

from kernel.events import on
from kernel.mail import Mailer, NotCarried
from kernel.site import Site
from kernel.uow import UnitOfWork
from plugins.identity import queries, store
from plugins.identity.domain.session import Token
from plugins.identity.events import PersonInvited
from web.letters import shops_letter


@on(PersonInvited, after_commit=True)
def send_invitation(uow: UnitOfWork, invited: PersonInvited, mailer: Mailer, site: Site) -> None:
    """The token is made here, so that nobody but the letter ever knows it: we keep its hash."""
    invitation, token = queries.invitation(uow, invited.invitation), Token.new()
    if not store.note_sent(uow, invitation.id, token):
        return
    address = site.at(f"/invitations/{uow.shop.id}/{token.secret}")
    asked = {"invitation": invitation, "address": address}
    letter = shops_letter(uow, "identity/invitation_letter", invitation.email, invitation.language, **asked)
    try:
        mailer.send(letter)
        uow.record("identity.send_invitation")
    except NotCarried:
        store.note_undelivered(uow, invitation.id)
        uow.record("identity.send_invitation", outcome="failed")
