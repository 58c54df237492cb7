"""What both ways through the shop's own gate need: out to its provider, and back in."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from kernel.safe import Safe, WrongKey
from kernel.site import Site
from kernel.tenancy import TenantId, system
from kernel.uow import Database, UnitOfWork
from plugins.identity import public as identity
from plugins.single_sign_on import queries
from plugins.single_sign_on.domain import Attempt, BeginAgain, Client, NoProvider, Provider, Purpose
from plugins.single_sign_on.ports import Providers

DOOR = system("single-sign-on")
PLUGIN = "single_sign_on"


@dataclass(frozen=True, slots=True)
class Gate:
    database: Database
    providers: Providers
    limits: identity.Limits
    safe: Safe
    site: Site

    def shop(self, slug: str) -> TenantId:
        """Raises NoProvider, also where there is no such shop."""
        with self.database.for_platform("find a shop", DOOR, read_only=True) as work:
            shop = queries.shop_called(work, slug)
        if shop is None:
            raise NoProvider
        return shop

    def provider(self, uow: UnitOfWork, purpose: Purpose = Purpose.ENTER) -> Provider:
        """Who vouches for the people of this shop now. Raises NoProvider."""
        open_ = PLUGIN in uow.shop.plugins and uow.shop.state.allows.sign_in
        provider = queries.provider(uow) if open_ else None
        if provider is None or not (provider.is_on or purpose is Purpose.TRY):
            raise NoProvider
        return provider

    def client(self, uow: UnitOfWork, provider: Provider) -> Client:
        secret = self.safe.unlock(provider.secret, about_secret(uow)).decode()
        return Client(provider.issuer, provider.client_id, secret, self.site.at(f"/sign-in/{uow.shop.slug}/answer"))

    def sealed(self, attempt: Attempt) -> str:
        return base64.urlsafe_b64encode(self.safe.lock(attempt.written(), "a sign-in under way")).decode()

    def opened(self, carried: str | None) -> Attempt:
        """Raises BeginAgain for what is none of ours."""
        try:
            locked = base64.urlsafe_b64decode((carried or "").encode())
            return Attempt.read(self.safe.unlock(locked, "a sign-in under way"))
        except (WrongKey, ValueError) as wrong:
            raise BeginAgain from wrong


def about_secret(uow: UnitOfWork) -> str:
    """Locked for this shop: in another one's row it opens nothing."""
    return f"the secret of a provider of {uow.shop.id}"
