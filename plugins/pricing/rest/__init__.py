"""Rates, rules and quotes for programs."""

from plugins.pricing.rest import quotes, rates, rules

__all__ = ["quotes", "rates", "rules"]
