"""What every capability stands on: one shop, one transaction, exact numbers, events, hooks."""
