"""Labels on the screen, and on paper."""
