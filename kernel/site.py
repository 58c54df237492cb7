"""The installation as the outside knows it: a port, because only its configuration knows its name."""

from __future__ import annotations

from typing import Protocol


class Site(Protocol):
    """For what leaves the house, such as a letter with a link in it."""

    @property
    def sends_mail(self) -> bool:
        """Do letters reach people? Without a mail server they are files on the server, for whoever runs it."""

    def at(self, path: str) -> str:
        """The whole address of one of our pages: `/login` → `https://gold.example.com/login`."""
