"""Reading the stock."""

from plugins.inventory.queries import categories, find, for_sale, imports, items, movements

__all__ = ["categories", "find", "for_sale", "imports", "items", "movements"]
