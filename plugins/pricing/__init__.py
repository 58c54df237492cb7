"""Pricing: rates, prices that can be replayed, and the rules they follow."""
