"""Rates, rules, quotes and the terms of trade for programs."""

from plugins.pricing.rest import quotes, rates, rules, terms

__all__ = ["quotes", "rates", "rules", "terms"]
