"""The providers of shops, made when the first is asked: the libraries take as long to load as half the house."""

from __future__ import annotations

from functools import cached_property

from adapters.config import Config
from plugins.single_sign_on.domain import Asked, Client, Vouched
from plugins.single_sign_on.ports import Providers


class LaterProviders:
    def __init__(self, config: Config) -> None:
        self._config = config

    def check(self, issuer: str) -> None:
        self._made.check(issuer)

    def begin(self, client: Client, asked: Asked, *, anew: bool = False) -> str:
        return self._made.begin(client, asked, anew=anew)

    def finish(self, client: Client, asked: Asked, code: str, issuer: str | None) -> Vouched:
        return self._made.finish(client, asked, code, issuer)

    @cached_property
    def _made(self) -> Providers:
        from adapters.openid.providers import OpenIdProviders

        hosts = self._config.private_hosts if self._config.in_production else None
        return OpenIdProviders(private_hosts=hosts)
