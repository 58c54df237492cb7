"""Letters by SMTP (RFC 5321), over TLS wherever the server is not this machine."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from urllib.parse import unquote, urlsplit

from adapters.mail.message import message
from kernel.clock import Clock
from kernel.mail import Letter, NotCarried, PostIsClosed

TIMEOUT_S = 15
#: What may come in the clear: a relay on the same machine, which hands on with TLS.
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class SmtpMailer:
    """`smtp://user:password@host:587` (STARTTLS) or `smtps://user:password@host:465`."""

    def __init__(self, url: str, sender: str, clock: Clock) -> None:
        self._at = urlsplit(url)
        self._sender = sender
        self._clock = clock

    def send(self, letter: Letter) -> None:
        written = message(letter, self._sender, self._clock)
        try:
            with self._connected() as server:
                server.send_message(written)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as refused:
            if _is_for_good(refused):
                raise NotCarried from refused
            raise PostIsClosed from refused
        except (smtplib.SMTPException, OSError) as down:
            raise PostIsClosed from down

    def _connected(self) -> smtplib.SMTP:
        host = self._at.hostname or "localhost"
        safe = ssl.create_default_context()
        if self._at.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, self._at.port or 465, timeout=TIMEOUT_S, context=safe)
        else:
            server = smtplib.SMTP(host, self._at.port or 587, timeout=TIMEOUT_S)
        try:
            if self._at.scheme == "smtp" and host not in THIS_MACHINE:
                server.starttls(context=safe)
            if self._at.username:
                server.login(unquote(self._at.username), unquote(self._at.password or ""))
        except BaseException:
            with suppress(smtplib.SMTPException, OSError):
                server.close()
            raise
        return server


def _is_for_good(refused: smtplib.SMTPException) -> bool:
    """Codes from 500 say never, those below say not now (RFC 5321, 4.2.1)."""
    if isinstance(refused, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _why in refused.recipients.values())
    return isinstance(refused, smtplib.SMTPResponseException) and refused.smtp_code >= 500
