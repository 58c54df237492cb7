"""Where a session that was found a moment ago is remembered."""
