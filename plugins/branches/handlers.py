"""A new shop gets its first branch."""

from __future__ import annotations

from kernel.events import PluginEnabled, ShopOpened, on
from kernel.uow import UnitOfWork
from plugins.branches.actions import open_first_branch


@on(ShopOpened)
def open_with_the_shop(uow: UnitOfWork, _opened: ShopOpened) -> None:
    open_first_branch(uow)


@on(PluginEnabled)
def open_with_the_plugin(uow: UnitOfWork, enabled: PluginEnabled) -> None:
    """For a shop whose plan did not contain branches when it opened."""
    if enabled.plugin == "branches":
        open_first_branch(uow)
