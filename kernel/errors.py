"""What can go wrong, in the words of the person it happens to.

Every class carries its HTTP status; the web layer translates none of them. The message is already in the
person's language when the error is raised.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from kernel.i18n import _


class GoldsmithError(Exception):
    """The root: an expected refusal with a sentence. Anything else that is raised is a fault (500)."""

    status: ClassVar[int] = 500
    #: Seconds after which trying again may help.
    retry_after_s: int | None = None

    @classmethod
    def code(cls) -> str:
        """The stable name for programs: `OutOfStock` is `out_of_stock`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else self.code()


class BadInput(GoldsmithError):
    """Some fields cannot be taken as they are: `fields` maps a field's path (`lines.0.weight`) to a sentence."""

    status = 400

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(_("Some of what was entered needs another look."))
        self.fields = dict(fields)


class NotSignedIn(GoldsmithError):
    status = 401

    def __init__(self) -> None:
        super().__init__(_("Please sign in first."))


class NotAllowed(GoldsmithError):
    """The person lacks a permission; `permission` is its name."""

    status = 403

    def __init__(self, permission: str, title: str, *, by_key: bool = False) -> None:
        said = _("Your role does not include “{permission}”.")
        if by_key:
            said = _("This key does not allow “{permission}”.")
        super().__init__(said.format(permission=title))
        self.permission = permission


class OtherBranch(GoldsmithError):
    """The person is limited to some branches, and this concerns others, or the whole shop."""

    status = 403

    def __init__(self) -> None:
        super().__init__(_("This concerns branches in which you do not work."))


class NotFound(GoldsmithError):
    """Nothing here for this shop: never existed, belongs to another shop, or its plugin is off. One answer for all."""

    status = 404

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or _("There is nothing at this address."))


class WrongMethod(GoldsmithError):
    """The address is there, and takes something else."""

    status = 405

    def __init__(self) -> None:
        super().__init__(_("This address only takes what a form of ours sends to it."))


class Conflict(GoldsmithError):
    """Somebody else was first, or the same request came before with other content."""

    status = 409


class RuleBroken(GoldsmithError):
    """A rule of the trade or of the shop says no; the sentence says which."""

    status = 422


class TooMany(GoldsmithError):
    """Too often in too short a time; `retry_after_s` says when to try again."""

    status = 429
    retry_after_s = 60


class TryLater(GoldsmithError):
    """Nothing is wrong with the request; the house cannot take it now."""

    status = 503
    retry_after_s = 2

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or _("The system is busy. Nothing was changed; please try again in a moment."))
