"""Pages of the overview: the platform's first page, and its faults."""

from plugins.overview.pages import faults, overview

__all__ = ["faults", "overview"]
