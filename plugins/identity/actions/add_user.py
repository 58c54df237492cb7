"""Somebody new works in the shop."""

from __future__ import annotations

from dataclasses import dataclass, field

from kernel import limits
from kernel.i18n import _
from kernel.uow import UnitOfWork
from plugins.identity import store
from plugins.identity.actions.choose_branches import choose_branches
from plugins.identity.actions.hash_password import hash_password
from plugins.identity.actions.stay_within import stay_within_role
from plugins.identity.domain.start_password import GOOD_FOR, start_password
from plugins.identity.domain.user import AddressTaken, Role, User
from plugins.identity.forms import NewUserForm


@dataclass(frozen=True, slots=True)
class Added:
    """A new user. `start_password` is told once."""

    user: User
    start_password: str = field(repr=False)


def add_user(uow: UnitOfWork, wanted: NewUserForm) -> Added:
    """With a password to begin with. Raises AlreadyHere, AddressTaken, LimitReached, MoreThanYouMay."""
    given = start_password()
    return Added(_add(uow, wanted, hash_password(given), starts=True), given)


def add_user_with_password(uow: UnitOfWork, wanted: NewUserForm, password: str) -> User:
    """With a password of their own from the first minute: for demos and set-ups, where nobody hands over a note."""
    return _add(uow, wanted, hash_password(password), starts=False)


def _add(uow: UnitOfWork, wanted: NewUserForm, hashed: str, *, starts: bool) -> User:
    stay_within_role(uow, Role(wanted.role))
    limits.use(uow, "users", +1, _("users"))
    until = uow.now + GOOD_FOR if starts else None
    person, is_new = store.find_or_add_person(uow, wanted.email, hashed, until)
    only = choose_branches(uow, wanted, uow.actor.branches)
    user = User(person, wanted.name, wanted.email, Role(wanted.role), language=wanted.language, branches=only)
    store.add_user(uow, user)
    if user.branches is not None:
        store.limit_to_branches(uow, user.id, user.branches)
    if not is_new:
        # Whoever opened that account first chose its password: with it they would come into this shop, too.
        # A person joins a second shop by an invitation that only they can answer.
        raise AddressTaken(wanted.email)
    return user
