"""The pages of the door, of one's own account and preferences, and of the people of a shop."""

from plugins.identity.pages import account, door, preferences, roles, second_step, users

__all__ = ["account", "door", "preferences", "roles", "second_step", "users"]
