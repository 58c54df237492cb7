"""A letter as mail servers read it."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr

from kernel.clock import Clock
from kernel.mail import Letter


def message(letter: Letter, sender: str, clock: Clock, encoding: str | None = None) -> EmailMessage:
    """Text first, then HTML: programs show the last that they know. A line break in a header is refused by the policy.

    `sender` may carry a name: `Goldsmith <post@example.com>`. `encoding` is that of the transfer (RFC 2045, 6);
    without one it is whatever every server takes.
    """
    name, address = parseaddr(sender)
    made = EmailMessage(SMTP)
    made["From"] = Address(name, addr_spec=address)
    made["To"] = Address(addr_spec=letter.to)
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(clock.now())
    made["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
    # Nobody's holiday note is to answer a machine.
    made["Auto-Submitted"] = "auto-generated"
    if letter.reply_to:
        made["Reply-To"] = Address(addr_spec=letter.reply_to)
    made.set_content(letter.text, cte=encoding)
    made.add_alternative(letter.html, subtype="html", cte=encoding)
    return made
