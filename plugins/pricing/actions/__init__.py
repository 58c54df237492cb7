"""What is done with rates, rules and quotes."""
