"""What happens in shops, told to the platform's open pages: that it did, not what."""

from __future__ import annotations

from kernel.events import ShopOpened, on
from kernel.uow import UnitOfWork


@on(ShopOpened)
def tell_of_new_shop(uow: UnitOfWork, opened: ShopOpened) -> None:
    uow.signal_platform("shops")
