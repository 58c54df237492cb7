"""What programs show to be let in: short-lived passes, refresh tokens that are used once, and keys."""
