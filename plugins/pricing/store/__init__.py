"""Writing rates, rules and quotes."""
