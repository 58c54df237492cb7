"""The pages of rates, rules, terms and quotes."""

from plugins.pricing.pages import board, paper, quotes, rules, terms

__all__ = ["board", "paper", "quotes", "rules", "terms"]
