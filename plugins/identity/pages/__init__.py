"""The pages of the door, of one's own account and preferences, and of the people of a shop."""

from plugins.identity.pages import (
    account,
    door,
    invitations,
    preferences,
    proof,
    roles,
    second_step,
    sessions,
    switching,
    users,
)

__all__ = [
    "account",
    "door",
    "invitations",
    "preferences",
    "proof",
    "roles",
    "second_step",
    "sessions",
    "switching",
    "users",
]
