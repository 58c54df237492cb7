"""A person chooses a password: instead of the one they were given, or of the one they had."""

from __future__ import annotations

from uuid import UUID

from kernel.errors import BadInput
from kernel.i18n import _, language
from kernel.uow import Database, PlatformWork
from plugins.identity import queries, store
from plugins.identity.actions import tell
from plugins.identity.actions.hash_password import hash_password, matches
from plugins.identity.actions.next_stage import next_stage, who_waits
from plugins.identity.actions.sign_in import Entered
from plugins.identity.domain.factor import WrongPassword
from plugins.identity.domain.letter import About
from plugins.identity.domain.password import check_password
from plugins.identity.domain.session import Stage, Token, Visitor
from plugins.identity.forms import FirstPasswordForm, NewPasswordForm

#: The product's own name is the first thing a stranger tries.
PRODUCT = "goldsmith"


def choose_first_password(database: Database, form: FirstPasswordForm, visitor: Visitor) -> Entered:
    """The last step of a sign-in with a password that was given. Raises SignInAgain, WeakPassword."""
    with database.for_platform("choose a first password", tell.DOOR, read_only=True) as work:
        session = who_waits(work, visitor.token, Stage.CHOOSE_PASSWORD)
        check_choice(form, [queries.email_of(work, session.person), session.name])
    # A password is not all that is asked for here, or of them.
    stage = next_stage(database, session.person, session.tenant)
    with database.for_platform("choose a first password", tell.DOOR) as work:
        who_waits(work, visitor.token, Stage.CHOOSE_PASSWORD)
        entered = _set(work, session.person, session.tenant, form.password, visitor, stage)
    tell.chose_first(database, session)
    return entered


def change_password(work: PlatformWork, tenant: UUID | None, form: NewPasswordForm, visitor: Visitor) -> Entered:
    """Raises WeakPassword, or BadInput where the present one is wrong."""
    person = work.actor.id
    assert person is not None
    email = queries.email_of(work, person)
    login = queries.login(work, email)
    if not matches(form.current, login.password_hash if login else None):
        raise WrongPassword("current")
    check_choice(form, [email, work.actor.name])
    entered = _set(work, person, tenant, form.password, visitor)
    store.put_letter(work, person, About.PASSWORD_CHANGED, language())
    return entered


def check_choice(form: FirstPasswordForm, own: list[str]) -> None:
    """`own` is what others know of the person. Raises WeakPassword, BadInput."""
    check_password(form.password, [*own, PRODUCT])
    if form.repeated != form.password:
        raise BadInput({"repeated": _("The two passwords are not the same.")})


def _set(
    work: PlatformWork, person: UUID, tenant: UUID | None, password: str, visitor: Visitor, stage: Stage = Stage.IN
) -> Entered:
    """Whoever held a session of this person, by whatever way, holds none any more; this browser gets a new one."""
    store.set_password(work, person, hash_password(password))
    store.end_sessions_of(work, person)
    store.drop_resets(work, person)
    token = Token.new()
    store.open_session(work, token, person, tenant, stage, visitor.address, visitor.device)
    return Entered(token, stage, to_platform=tenant is None)
