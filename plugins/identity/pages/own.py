"""One's own account, reached from a shop or from the platform; what stands there is the installation's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from starlette.requests import Request

from kernel.uow import Database, PlatformWork, UnitOfWork
from plugins.identity.actions.next_stage import who_waits
from plugins.identity.domain.session import Session, SignInAgain, Stage, Token
from plugins.identity.pages.carried import held
from plugins.identity.pages.door import PLATFORM_HOME

Unit = UnitOfWork | PlatformWork

#: Before the addresses of the platform's twin of a page.
PLATFORM = "/platform"


@contextmanager
def beside(database: Database, unit: Unit) -> Iterator[PlatformWork]:
    """The platform's transaction: the one at hand, or one beside that of the shop."""
    if isinstance(unit, PlatformWork):
        yield unit
        return
    with database.for_platform("one's own account", unit.actor) as work:
        yield work


def whose(unit: Unit) -> UUID:
    """An admin who acts in somebody's account comes here only to prove who they are: see `web/impersonation.py`."""
    assert unit.actor.id is not None
    return unit.actor.id


def at_hand(request: Request, work: PlatformWork) -> tuple[Session, Token]:
    """The session that this request came with, and its token. Raises SignInAgain."""
    token = held(request)
    if token is None:
        raise SignInAgain
    return who_waits(work, token, Stage.IN), token


def place(unit: Unit, path: str) -> str:
    """This page of one's own account, there where one is."""
    return f"{PLATFORM}{path}" if isinstance(unit, PlatformWork) else path


def home(unit: Unit) -> str:
    return PLATFORM_HOME if isinstance(unit, PlatformWork) else "/"
