"""Pages of announcements: the platform's, and a shop's."""

from plugins.announcements.pages import platform, shop

__all__ = ["platform", "shop"]
