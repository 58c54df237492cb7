"""The stock for programs. Amounts are minor units of `currency`, weights milligrams, finenesses parts per thousand."""

from plugins.inventory.rest import bulk, categories, items, moving

__all__ = ["bulk", "categories", "items", "moving"]
