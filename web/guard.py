"""Changes come from our own pages only (cross-site request forgery)."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import Request

from kernel.access import SignedIn
from kernel.errors import GoldsmithError
from kernel.i18n import _
from web.render import CSRF_FIELD, CSRF_HEADER


class ForeignRequest(GoldsmithError):
    status = 403

    def __init__(self) -> None:
        super().__init__(_("This page was open for too long. Please reload it and try again; nothing was changed."))


def check_origin(request: Request) -> None:
    """The browser says where a change comes from; anything but our own pages is refused. Raises ForeignRequest.

    OWASP's CSRF sheet: Sec-Fetch-Site where the browser sends it, else Origin. Programs send neither.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise ForeignRequest
        return
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise ForeignRequest


def masked(proof: str) -> str:
    """The session's proof as a page carries it: another text each time, so that nobody learns it from how long a
    compressed page gets (BREACH)."""
    bare = bytes.fromhex(proof)
    pad = secrets.token_bytes(len(bare))
    return (pad + _crossed(bare, pad)).hex()


def check_token(request: Request, person: SignedIn, data: Mapping[str, object]) -> None:
    """A change made with a session cookie carries the session's proof as well. Raises ForeignRequest."""
    sent = request.headers.get(CSRF_HEADER) or data.get(CSRF_FIELD)
    if not isinstance(sent, str) or not hmac.compare_digest(_unmasked(sent), bytes.fromhex(person.csrf)):
        raise ForeignRequest


def _unmasked(sent: str) -> bytes:
    try:
        both = bytes.fromhex(sent)
    except ValueError:
        return b""
    half, odd = divmod(len(both), 2)
    return b"" if odd else _crossed(both[:half], both[half:])


def _crossed(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one) ^ int.from_bytes(other)).to_bytes(len(one))
