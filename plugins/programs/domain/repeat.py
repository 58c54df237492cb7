"""A change that is sent again, because its answer may have been lost."""

from __future__ import annotations

from datetime import timedelta

from kernel.errors import Conflict
from kernel.i18n import _

#: At least so long; what is older goes with the next night.
KEPT = timedelta(days=1)
#: A longer answer is not kept: that it was done is.
BODY_BYTES_MAX = 64 * 1024


class KeyUsedOtherwise(Conflict):
    def __init__(self) -> None:
        super().__init__(_("This Idempotency-Key came before with something else. Please send a new one."))


class UnderWay(Conflict):
    """The same change is being made at this moment."""

    retry_after_s = 1

    def __init__(self) -> None:
        super().__init__(_("The same is being done at this moment. Please send it again for the answer."))


class DoneBefore(Conflict):
    def __init__(self) -> None:
        super().__init__(_("This was done when it came first; the answer was too long to be kept."))
