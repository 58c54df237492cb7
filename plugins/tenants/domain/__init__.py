"""Shops, plans and overrides: what may not be done with them, and the sentences that say so."""
