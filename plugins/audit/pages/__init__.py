"""Pages of the trail: a shop's, and the platform's."""

from plugins.audit.pages import platform, shop

__all__ = ["platform", "shop"]
