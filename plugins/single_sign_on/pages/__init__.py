"""The shop's own gate, where it is set up, and what each person has to do with it."""

from plugins.single_sign_on.pages import account, door, settings

__all__ = ["account", "door", "settings"]
