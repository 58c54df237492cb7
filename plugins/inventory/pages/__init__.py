"""The pages of the stock."""

from plugins.inventory.pages import bulk, categories, imports, low, moving, piece, stock

__all__ = ["bulk", "categories", "imports", "low", "moving", "piece", "stock"]
