"""Reading what happened at the till."""
