"""What is typed about rates, rules, terms and quotes."""
