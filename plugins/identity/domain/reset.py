"""A password is chosen anew by whoever reads the person's letters."""

from __future__ import annotations

from datetime import timedelta

from kernel.errors import RuleBroken
from kernel.i18n import _

#: The link in the letter: once, and for so long.
GOOD_FOR = timedelta(minutes=30)


class ResetIsOver(RuleBroken):
    """Used, too old, or never given: one sentence for all."""

    def __init__(self) -> None:
        super().__init__(_("This link does not work any more. Ask for a new one."))
