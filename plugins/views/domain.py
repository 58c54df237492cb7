"""The one rule of saved views."""

from __future__ import annotations

from kernel.errors import RuleBroken
from kernel.i18n import _

MOST_VIEWS = 12  #: Of one list; more tabs than that nobody finds anything in.


class TooManyViews(RuleBroken):
    def __init__(self) -> None:
        super().__init__(_("You keep {count} views of this list. Please remove one first.").format(count=MOST_VIEWS))
