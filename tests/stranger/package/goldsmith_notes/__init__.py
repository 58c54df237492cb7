"""Notes that a shop writes to itself."""
