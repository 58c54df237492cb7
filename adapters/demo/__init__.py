"""Two shops to look at, with a month of trade behind them, made by the same actions that people use."""

from adapters.demo.seed import Login, seed

__all__ = ["Login", "seed"]
