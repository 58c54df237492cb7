"""Reading the stock."""

from plugins.inventory.queries import bulk, categories, find, for_sale, imports, items, movements, past, totals

__all__ = ["bulk", "categories", "find", "for_sale", "imports", "items", "movements", "past", "totals"]
