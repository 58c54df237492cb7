"""Reading the stock."""

from plugins.inventory.queries import categories, find, for_sale, imports, items, movements, past, totals

__all__ = ["categories", "find", "for_sale", "imports", "items", "movements", "past", "totals"]
