"""The pages of the till and of what was sold there."""
