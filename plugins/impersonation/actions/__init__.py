"""An admin begins to act in somebody's account, is allowed to change things, and leaves."""
