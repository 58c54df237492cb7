"""The pages of rates, rules, terms and quotes."""

from plugins.pricing.pages import board, quotes, rules, terms

__all__ = ["board", "quotes", "rules", "terms"]
