"""An admin who looks is allowed to change things, too: for another reason, and the shop hears of that as well."""

from __future__ import annotations

from kernel.access import SignedIn
from kernel.uow import Database, UnitOfWork
from plugins.identity import public as identity
from plugins.impersonation import store
from plugins.impersonation.domain import NotActing
from plugins.impersonation.events import AdminCame
from plugins.impersonation.forms import EscalationForm


def escalate(database: Database, uow: UnitOfWork, person: SignedIn, form: EscalationForm) -> None:
    """Raises NotActing. Asked twice, it is told once."""
    acting, user, name = person.impersonation, uow.actor.subject_id, uow.actor.subject
    if acting is None or user is None or name is None:
        raise NotActing
    with database.for_platform("allow changes in somebody's account", uow.actor) as work:
        if not identity.allow_changes(work, person.session):
            return
        store.escalate(work, person.session, form.because)
        # Inside, and so before: when the shop cannot be told, nothing is allowed.
        uow.record("impersonation.escalate", because=form.because, until=acting.until.isoformat())
        visit = store.note_visit(uow, user, name, form.because, acting.until, may_change=True)
        uow.publish(AdminCame(visit))
