"""The capabilities of Goldsmith, one folder each."""
