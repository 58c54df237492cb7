"""The pages of the door, of one's own account and preferences, and of the people of a shop."""

from plugins.identity.pages import (
    account,
    door,
    forgotten,
    invitations,
    preferences,
    proof,
    roles,
    second_step,
    security,
    sessions,
    switching,
    users,
)

__all__ = [
    "account",
    "door",
    "forgotten",
    "invitations",
    "preferences",
    "proof",
    "roles",
    "second_step",
    "security",
    "sessions",
    "switching",
    "users",
]
