"""How a change in a shop is told to the pages that are open on it."""
