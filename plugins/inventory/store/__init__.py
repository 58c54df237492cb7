"""Writing the stock. Quantities only ever change in `movements`."""

from plugins.inventory.store import bulk, categories, imports, items, movements, totals

__all__ = ["bulk", "categories", "imports", "items", "movements", "totals"]
