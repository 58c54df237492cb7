"""How a shop presents itself, in plain Python: its head, its logo, its papers. No I/O."""
