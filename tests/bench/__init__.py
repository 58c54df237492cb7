"""Benchmarks: `./run bench` starts its own servers, fills its own data, prints a JSON line per metric, cleans up."""
