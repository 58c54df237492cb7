"""How a price comes about, exactly, and why: plain Python that a goldsmith could check. No I/O."""
