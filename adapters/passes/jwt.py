"""Access tokens as JSON Web Tokens (RFC 7519, RFC 9068), signed with a key derived from the installation's (HS256).

Whoever checks them is the house that wrote them, so one secret does; a public key would be one for nobody.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from pydantic import SecretStr

from kernel.ids import new_id
from plugins.programs.domain.passes import Family, Pass

ALGORITHM = "HS256"
_HEADER = {"alg": ALGORITHM, "typ": "at+jwt"}


class JwtPasses:
    def __init__(self, secret: SecretStr, domain: str) -> None:
        key = secret.get_secret_value().encode()
        # Keys of their own: what is signed here is good for nothing else, and nothing else for this.
        self._key = OctKey.import_key(hmac.digest(key, b"goldsmith access tokens", "sha256"))
        self._next = hmac.digest(key, b"goldsmith refresh tokens", "sha256")
        self._domain = domain

    def write(self, given: Pass) -> str:
        claims = {
            "iss": self._domain,
            "aud": self._domain,
            "sub": str(given.person),
            "shop": str(given.tenant),
            "sid": given.family.session.hex(),
            "program": given.family.program,
            "ver": given.rights,
            "iat": int(given.since.timestamp()),
            "nbf": int(given.since.timestamp()),
            "exp": int(given.until.timestamp()),
            "jti": str(new_id()),
        }
        return jwt.encode(_HEADER, claims, self._key, algorithms=[ALGORITHM])

    def read(self, token: str) -> Pass | None:
        try:
            # What the token says of its algorithm is not believed: there is one.
            read = jwt.decode(token, self._key, algorithms=[ALGORITHM])
            said = read.claims
            if read.header.get("typ") != "at+jwt" or (said["iss"], said["aud"]) != (self._domain, self._domain):
                return None
            since, until = (datetime.fromtimestamp(said[name], UTC) for name in ("nbf", "exp"))
            family = Family(bytes.fromhex(said["sid"]), str(said["program"]))
            return Pass(UUID(said["sub"]), UUID(said["shop"]), family, str(said["ver"]), since, until)
        except (JoseError, ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError):
            return None

    def next_of(self, refresh: str) -> str:
        drawn = hmac.digest(self._next, refresh.encode("utf-8", "replace"), "sha256")
        return urlsafe_b64encode(drawn).rstrip(b"=").decode()
