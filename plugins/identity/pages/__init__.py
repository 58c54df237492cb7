"""The pages of the door, of one's own account, and of the people of a shop."""

from plugins.identity.pages import account, door, users

__all__ = ["account", "door", "users"]
