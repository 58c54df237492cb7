"""Where a shop sells: its branches, and the tills that stand in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.errors import Conflict, RuleBroken
from kernel.i18n import _


@dataclass(frozen=True, slots=True)
class Closing:
    """From when, by whom and why a branch is closed."""

    at: datetime
    by: str
    because: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A place of the shop. While it is closed nothing is sold there; its past stays."""

    id: UUID
    code: str
    name: str
    address: str = ""
    phone: str = ""
    closing: Closing | None = None

    @property
    def is_open(self) -> bool:
        return self.closing is None


@dataclass(frozen=True, slots=True)
class Terminal:
    """A till of a branch."""

    id: UUID
    branch: UUID
    name: str


class CodeTaken(Conflict):
    def __init__(self, code: str) -> None:
        super().__init__(_("Another branch already has the code {code}.").format(code=code))


class TillNameTaken(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__(_("This branch already has a till called “{name}”.").format(name=name))


class BranchClosed(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(_("The branch “{name}” is closed.").format(name=name))


class BranchOpen(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(_("The branch “{name}” is open.").format(name=name))


class LastBranch(RuleBroken):
    def __init__(self, name: str) -> None:
        super().__init__(_("“{name}” is the last open branch: a shop keeps at least one.").format(name=name))
