"""The pages of the stock."""

from plugins.inventory.pages import categories, imports, low, moving, piece, stock

__all__ = ["categories", "imports", "low", "moving", "piece", "stock"]
