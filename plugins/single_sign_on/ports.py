"""What signing in at a provider needs from the outside."""

from __future__ import annotations

from typing import Protocol

from plugins.single_sign_on.domain import Asked, Client, Vouched


class Providers(Protocol):
    """Speaks OpenID Connect with the providers of shops. It asks no other hosts than an issuer names itself."""

    def check(self, issuer: str) -> None:
        """Would it be asked at all? Asks nobody. Raises UnfitIssuer."""

    def begin(self, client: Client, asked: Asked, *, anew: bool = False) -> str:
        """The address to which the browser goes; `anew`: to show there who they are although they are signed in.

        Raises ProviderIsAway, UnfitIssuer.
        """

    def finish(self, client: Client, asked: Asked, code: str, issuer: str | None) -> Vouched:
        """What the provider says for this code, which came in the name of this `issuer`, if any.

        Raises NotVouchedFor, ProviderIsAway, UnfitIssuer.
        """
