"""What the web toolkit needs of the installation; the container puts it together once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic import SecretStr

from kernel.access import SignedIn
from kernel.maintenance import Watch
from kernel.plugins import Plugins
from kernel.signals import Signals
from kernel.uow import Database
from web.pace import Pace


@dataclass(frozen=True, slots=True)
class House:
    """One installation, seen from the web. `ready` answers the sentences that speak against taking requests."""

    database: Database
    plugins: Plugins
    domain: str
    production: bool
    threads: int
    ready: Callable[[], list[str]]
    watch: Watch = field(default_factory=Watch)
    metrics_token: SecretStr | None = None
    #: Without them pages are not told what changes, and are as they were when they were opened.
    signals: Signals | None = None
    #: Without it the API is open without end, as in tests.
    pace: Pace | None = None

    @property
    def session_cookie(self) -> str:
        """`__Host-` binds the cookie to https and to this host; plain http cannot have it."""
        return "__Host-goldsmith" if self.production else "goldsmith"

    def recognise(self, token: str | None, *, touch: bool = True) -> SignedIn | None:
        """The person who holds this session token. Without `touch` nobody was at work: the session goes on ageing."""
        if not token:
            return None
        for given in self.plugins.given("authenticators"):
            person: SignedIn | None = self.plugins.bound(given.value)(self.database, token, touch=touch)
            if person is not None:
                return person
        return None

    def recognise_program(self, secret: str) -> SignedIn | None:
        """Whose program it is that sends this token or key."""
        for given in self.plugins.given("bearers"):
            person: SignedIn | None = self.plugins.bound(given.value)(self.database, secret)
            if person is not None:
                return person
        return None
