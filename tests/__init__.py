"""Named a package, so that what others install as `tests` never stands in for it."""
