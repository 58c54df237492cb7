"""A shop that can only be read: every page of it says so, and every change is refused with the same sentence."""

from __future__ import annotations

from kernel.errors import GoldsmithError
from kernel.i18n import _
from kernel.tenancy import ShopState


class ShopClosed(GoldsmithError):
    status = 403

    def __init__(self, state: ShopState) -> None:
        said = _("This shop is suspended: everything can be read, nothing can be changed.")
        if state is ShopState.PAST_DUE:
            said = _("This shop has not been paid for: everything can be read, nothing can be changed.")
        super().__init__(said)
