"""The contract of whoever carries letters, and SMTP with a real server."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from adapters.mail.folder import FolderMailer
from adapters.mail.smtp import SmtpMailer
from kernel.clock import SetClock
from kernel.mail import Letter, Mailer, NotCarried, PostIsClosed

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SENDER = "زرین <post@example.com>"
LETTER = Letter("sara@example.com", "خوش آمدید، سارا", "سلام سارا\n", "<p>سلام <b>سارا</b></p>\n", "shop@example.com")


class Post:
    """A mail server on this machine; it takes letters, or answers `refuse` to who they are for."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.refuse = ""

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any) -> str:  # noqa: N802
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.taken.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 OK"


def _let_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, who: Any) -> AuthResult:
    return AuthResult(success=who == LoginPassword(b"goldsmith", b"p@ss/word"))


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def server(post: Post) -> Iterator[str]:
    running = Controller(
        post, "127.0.0.1", 0, authenticator=_let_in, auth_require_tls=False, auth_required=True, enable_SMTPUTF8=True
    )
    # A free port, chosen by the system.
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        running.port = probe.getsockname()[1]
    running.start()
    yield f"smtp://goldsmith:p%40ss%2Fword@127.0.0.1:{running.port}"
    running.stop()


@pytest.fixture(params=["smtp", "folder"])
def carried(request, tmp_path: Path):
    """Send a letter and read what arrived."""
    clock = SetClock(AT)
    if request.param == "folder":
        mailer: Mailer = FolderMailer(tmp_path / "mail", SENDER, clock)

        def read() -> list[EmailMessage]:
            files = sorted((tmp_path / "mail").glob("*.eml"))
            return [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]
    else:
        mailer = SmtpMailer(request.getfixturevalue("server"), SENDER, clock)
        taken = request.getfixturevalue("post").taken

        def read() -> list[EmailMessage]:
            return list(taken)

    def carry(letter: Letter) -> EmailMessage:
        mailer.send(letter)
        return read()[-1]

    return carry


def test_a_letter_arrives_as_it_was_written(carried):
    arrived = carried(LETTER)
    headers = {name: str(arrived[name]) for name in ("From", "To", "Subject", "Reply-To", "Auto-Submitted")}
    assert headers == {
        "From": "زرین <post@example.com>", "To": "sara@example.com", "Subject": "خوش آمدید، سارا",
        "Reply-To": "shop@example.com", "Auto-Submitted": "auto-generated",
    }  # fmt: skip
    assert arrived["Date"].datetime == AT
    assert [part.get_content().strip() for part in arrived.iter_parts()] == ["سلام سارا", "<p>سلام <b>سارا</b></p>"]


def test_a_link_is_copied_from_the_file_as_it_stands(tmp_path: Path):
    link = f"https://shop.example.com/invitation?token={'a1=' * 60}&language=fa"
    letter = replace(LETTER, text=f"سلام سارا\n\n{link}\n", html=f'<p><a href="{link}">سلام</a></p>\n')
    FolderMailer(tmp_path, SENDER, SetClock(AT)).send(letter)
    [file] = tmp_path.glob("*.eml")
    lines = file.read_text(encoding="utf-8").splitlines()
    assert (link in lines, f'<p><a href="{link}">سلام</a></p>' in lines) == (True, True)


@pytest.mark.parametrize("field", ["to", "subject", "reply_to"])
def test_nothing_is_smuggled_into_the_head(carried, field):
    from dataclasses import replace

    with pytest.raises(ValueError, match=r"(?i)newline|linefeed|invalid|carriage|header"):
        carried(replace(LETTER, **{field: "sara@example.com\r\nBcc: thief@example.com"}))


@pytest.mark.parametrize(
    ("answer", "raised"),
    [("550 no such person", NotCarried), ("450 mailbox busy", PostIsClosed), ("452 too much mail", PostIsClosed)],
)
def test_a_refusal_for_good_is_told_from_one_for_now(post, server, answer, raised):
    post.refuse = answer
    with pytest.raises(raised):
        SmtpMailer(server, SENDER, SetClock(AT)).send(LETTER)
    assert post.taken == []


def test_a_wrong_password_and_a_closed_door_are_reasons_to_try_later(server):
    for url in (server.replace("p%40ss", "wrong"), "smtp://127.0.0.1:9"):
        with pytest.raises(PostIsClosed):
            SmtpMailer(url, SENDER, SetClock(AT)).send(LETTER)


def test_a_password_never_travels_in_the_clear_to_another_machine(server, monkeypatch):
    """The server at hand knows no STARTTLS; under another name it is not trusted with the password."""
    monkeypatch.setattr("adapters.mail.smtp.THIS_MACHINE", ())
    with pytest.raises(PostIsClosed):
        SmtpMailer(server, SENDER, SetClock(AT)).send(LETTER)
