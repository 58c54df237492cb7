"""Where an admin begins, allows themselves to change things, and leaves; and where a shop reads of it."""

from plugins.impersonation.pages import acting, bell, platform

__all__ = ["acting", "bell", "platform"]
