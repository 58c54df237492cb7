"""What a program shows instead of a cookie: `Authorization: Bearer …`, and nothing else.

A token in an address would be kept by every log and every history that the address passes.
"""

from __future__ import annotations

from starlette.requests import Request

from kernel.errors import GoldsmithError, NotSignedIn
from kernel.i18n import _

#: Longer than anything that we hand out.
LONGEST = 4_000


class OpensNothing(NotSignedIn):
    """One answer for what has run out, was revoked, or never was."""

    def __init__(self) -> None:
        super().__init__()
        self.args = (_("This token or key opens nothing, or not any more."),)


class TwoCredentials(GoldsmithError):
    """Which of the two is meant would be a guess, and a page of ours must not be able to borrow a program's rights."""

    status = 400

    def __init__(self) -> None:
        super().__init__(_("Send either a token or the cookie of a session, not both."))


def shown(request: Request) -> str | None:
    """The token or key that came with the request, None where none did. Raises OpensNothing for what is neither."""
    sent = request.headers.getlist("authorization")
    if not sent:
        return None
    scheme, _blank, secret = sent[0].partition(" ")
    if len(sent) > 1 or scheme.lower() != "bearer" or not 0 < len(secret) <= LONGEST or not secret.isascii():
        raise OpensNothing
    return secret


def challenge(refusal: NotSignedIn) -> str:
    """What RFC 6750 has a 401 say."""
    error = ', error="invalid_token"' if isinstance(refusal, OpensNothing) else ""
    return f'Bearer realm="goldsmith"{error}'
