"""Letters as files, for whoever tries the house out: nothing leaves this machine."""

from __future__ import annotations

from pathlib import Path

from adapters.mail.message import message
from kernel.clock import Clock
from kernel.ids import new_id
from kernel.mail import Letter, PostIsClosed


class FolderMailer:
    """Each letter is a file `<time-ordered id>.eml`, which any mail program opens."""

    def __init__(self, folder: Path, sender: str, clock: Clock) -> None:
        self._folder = folder
        self._sender = sender
        self._clock = clock

    def send(self, letter: Letter) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # With its lines as they were written: a link is copied out of the file as it stands.
            written = message(letter, self._sender, self._clock, encoding="8bit")
            (self._folder / f"{new_id()}.eml").write_bytes(written.as_bytes())
        except OSError as full:
            raise PostIsClosed from full
