"""Labels and tags, in plain Python: what stands on them and where. No I/O."""
