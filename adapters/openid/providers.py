"""OpenID Connect with the providers of shops: authorization code, PKCE, state and nonce (RFC 9700, OIDC Core)."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from adapters.openid.hosts import CheckedHosts, NotAsked, Resolve
from plugins.single_sign_on.domain import AWAY, Asked, Client, NotVouchedFor, ProviderIsAway, UnfitIssuer, Vouched

log = logging.getLogger(__name__)

SCOPE = "openid email profile"
#: To be asked who one is; and a provider that is told an age says when it last asked (OIDC Core 3.1.2.1).
ANEW = {"prompt": "login", "max_age": str(int(AWAY.total_seconds()))}
#: Only what the provider alone can sign: neither `none` nor what is signed with the secret that we know, too.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")

#: Somebody waits for it.
TIMEOUT = httpx.Timeout(5.0, connect=3.0)
LONGEST_S = 8.0
BYTES_MAX = 512 * 1024
#: Clocks that differ by so much are the same.
SKEW_S = 60
#: What a provider says of itself is asked again after this; keys also when one is not known, but not all the time.
KEPT_S = 600.0
KEYS_AGAIN_S = 30.0
MOST_KEPT = 1_000


@dataclass(slots=True)
class _Known:
    """What a provider says of itself, and its keys."""

    said: Mapping[str, Any]
    until: float
    keys: KeySet | None = None
    keys_at: float = 0.0


class OpenIdProviders:
    """`private_hosts` may be in a network of one's own; with None, as in development, all may, without https."""

    def __init__(
        self,
        *,
        private_hosts: Collection[str] | None = (),
        resolve: Resolve | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._lenient = private_hosts is None
        self._private = private_hosts
        self._now = now
        self._known: dict[str, _Known] = {}
        # No line is kept for the next: two names at one address must not share what was proved for one of them.
        inner = httpx.HTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))
        transport = CheckedHosts(inner, private_hosts=private_hosts, resolve=resolve)
        # Nobody is followed elsewhere, and no proxy of the environment looks names up for us.
        self._http = httpx.Client(transport=transport, timeout=TIMEOUT, follow_redirects=False, trust_env=False)

    def check(self, issuer: str) -> None:
        parts = urlsplit(issuer)
        if parts.scheme != "https" and not (self._lenient and parts.scheme == "http"):
            raise UnfitIssuer
        if not parts.hostname or parts.username or parts.password:
            raise UnfitIssuer

    def begin(self, client: Client, asked: Asked, *, anew: bool = False) -> str:
        address: str = prepare_grant_uri(
            self._endpoint(client.issuer, "authorization_endpoint"),
            client_id=client.id,
            response_type="code",
            redirect_uri=client.back,
            scope=SCOPE,
            state=asked.state,
            nonce=asked.nonce,
            code_challenge=create_s256_code_challenge(asked.verifier),
            code_challenge_method="S256",
            **(ANEW if anew else {}),
        )
        return address

    def finish(self, client: Client, asked: Asked, code: str, issuer: str | None) -> Vouched:
        said = self._about(client.issuer).said
        # Of two providers that one browser has to do with, one must not answer for the other (RFC 9207).
        must_say = said.get("authorization_response_iss_parameter_supported") is True
        if issuer != said["issuer"] and (must_say or issuer is not None):
            raise NotVouchedFor("another issuer")
        tokens = self._redeem(client, asked, code)
        claims = self._claims(client, asked, tokens)
        if "email" not in claims and "userinfo_endpoint" in self._about(client.issuer).said:
            claims = {**self._more(client.issuer, tokens, claims["sub"]), **claims}
        verified = claims.get("email_verified")
        return Vouched(
            subject=str(claims["sub"]),
            email=str(claims.get("email", "")),
            # Some providers write it as a text.
            email_is_verified=bool(claims.get("email")) and (verified is True or verified == "true"),
            name=str(claims.get("name", "")),
            shown_ago=self._ago(claims.get("auth_time")),
        )

    def _ago(self, moment: object) -> timedelta | None:
        if isinstance(moment, bool) or not isinstance(moment, int | float):
            return None
        return timedelta(seconds=self._now() - moment)

    def _redeem(self, client: Client, asked: Asked, code: str) -> Mapping[str, Any]:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": client.back,
            "code_verifier": asked.verifier,
        }
        ways = self._about(client.issuer).said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        auth = None
        if "client_secret_basic" in ways:
            auth = httpx.BasicAuth(client.id, client.secret)
        else:
            fields |= {"client_id": client.id, "client_secret": client.secret}
        address = self._endpoint(client.issuer, "token_endpoint")
        tokens = self._ask(self._http.build_request("POST", address, data=fields), auth=auth, refused="the code")
        if not isinstance(tokens.get("id_token"), str):
            raise NotVouchedFor("no token")
        return tokens

    def _claims(self, client: Client, asked: Asked, tokens: Mapping[str, Any]) -> dict[str, Any]:
        """What the signed token says: its signature, issuer, audience, times and nonce are right."""
        token = self._read(client.issuer, tokens["id_token"])
        issuer = self._about(client.issuer).said["issuer"]
        options = {
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "validate": lambda _claims, aud: client.id in (aud if _many(aud) else [aud])},
        }
        params = {"nonce": asked.nonce, "client_id": client.id, "access_token": tokens.get("access_token")}
        claims = CodeIDToken(token.claims, token.header, options, params)
        try:
            claims.validate(now=int(self._now()), leeway=SKEW_S)
        except Exception as wrong:  # authlib's own errors, and whatever a claim of a strange kind makes it stumble over
            because = f"the token: {getattr(wrong, 'error', type(wrong).__name__)}"
            raise NotVouchedFor(because) from wrong
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise NotVouchedFor("nobody's token")
        return dict(claims)

    def _read(self, issuer: str, token: str) -> jwt.Token:
        try:
            return jwt.decode(token, self._keys(issuer), algorithms=list(ALGORITHMS))
        except (JoseError, ValueError) as unknown:
            # Keys change; one that we do not know yet is looked for once.
            if not self._may_ask_for_keys(issuer):
                raise NotVouchedFor("its signature") from unknown
        try:
            return jwt.decode(token, self._keys(issuer, again=True), algorithms=list(ALGORITHMS))
        except (JoseError, ValueError) as wrong:
            raise NotVouchedFor("its signature") from wrong

    def _more(self, issuer: str, tokens: Mapping[str, Any], subject: object) -> Mapping[str, Any]:
        """What the provider says of a person elsewhere than in the token. Of nobody else, mind."""
        address = self._endpoint(issuer, "userinfo_endpoint")
        headers = {"Authorization": f"Bearer {tokens.get('access_token', '')}"}
        said = self._ask(self._http.build_request("GET", address, headers=headers), refused="the person")
        if said.get("sub") != subject:
            raise NotVouchedFor("another person")
        return said

    def _keys(self, issuer: str, *, again: bool = False) -> KeySet:
        known = self._about(issuer)
        if known.keys is None or again:
            found = self._ask(self._http.build_request("GET", self._endpoint(issuer, "jwks_uri")))
            try:
                known.keys = KeySet.import_key_set({"keys": found["keys"]})
            except (JoseError, KeyError, TypeError, ValueError) as unreadable:
                raise ProviderIsAway from unreadable
            known.keys_at = self._now()
        return known.keys

    def _may_ask_for_keys(self, issuer: str) -> bool:
        return self._now() - self._about(issuer).keys_at > KEYS_AGAIN_S

    def _about(self, issuer: str) -> _Known:
        """What the issuer says of itself (OpenID Connect Discovery). Raises UnfitIssuer, ProviderIsAway."""
        self.check(issuer)
        known = self._known.get(issuer)
        if known is None or known.until <= self._now():
            said = self._ask(self._http.build_request("GET", get_well_known_url(issuer, external=True)))
            # Who says to be somebody else is not believed (OIDC Discovery 4.3).
            if str(said.get("issuer", "")).rstrip("/") != issuer.rstrip("/"):
                raise UnfitIssuer
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            known = self._known[issuer] = _Known(said, self._now() + KEPT_S)
        return known

    def _endpoint(self, issuer: str, name: str) -> str:
        """One of the addresses that the issuer names for itself, which has to be as good as its own."""
        address = self._about(issuer).said.get(name)
        if not isinstance(address, str):
            raise ProviderIsAway
        self.check(address)
        return address

    def _ask(
        self, request: httpx.Request, *, auth: httpx.Auth | None = None, refused: str | None = None
    ) -> Mapping[str, Any]:
        """One answer as JSON, within its time and size. `refused`: what a 4xx means is wrong."""
        try:
            response = self._http.send(request, auth=auth, stream=True)
            try:
                body = _read_at_most(response, BYTES_MAX)
            finally:
                response.close()
        except NotAsked as private:
            log.warning("a shop's provider is not asked: %s", private)
            raise UnfitIssuer from private
        except (httpx.HTTPError, ValueError) as away:
            raise ProviderIsAway from away
        if refused is not None and 400 <= response.status_code < 500:
            raise NotVouchedFor(refused)
        try:
            found = json.loads(body) if response.status_code == 200 else None
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise ProviderIsAway
        return found


def _many(audience: object) -> bool:
    return isinstance(audience, list)


def _read_at_most(response: httpx.Response, most: int) -> bytes:
    """Raises ValueError for what is too much, or comes drop by drop."""
    body, begun = b"", time.monotonic()
    for part in response.iter_bytes():
        body += part
        if len(body) > most or time.monotonic() - begun > LONGEST_S:
            raise ValueError("more than anybody has to say")
    return body
