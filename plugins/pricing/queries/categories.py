"""The categories of the stock, where the shop keeps one."""

from __future__ import annotations

from kernel.uow import UnitOfWork
from plugins.inventory import public as inventory
from plugins.inventory.public import Category


def categories(uow: UnitOfWork) -> list[Category]:
    """The tree, each category below its parent; empty where the plugin is off."""
    return inventory.categories(uow) if "inventory" in uow.shop.plugins else []
