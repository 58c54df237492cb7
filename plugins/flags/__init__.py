"""Feature flags for the platform's people: what is tried in which shops, and what comes of it."""
