"""Reading rates, rules, quotes and market files."""
