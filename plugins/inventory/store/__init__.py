"""Writing the stock. Quantities only ever change in `movements`."""

from plugins.inventory.store import categories, imports, items, movements, totals

__all__ = ["categories", "imports", "items", "movements", "totals"]
