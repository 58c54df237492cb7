"""A shop that sells, to find things in."""

from tests.plugins.pos.conftest import open_counter

__all__ = ["open_counter"]
