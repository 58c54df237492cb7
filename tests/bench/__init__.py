"""Benchmarks: `./run bench` starts its own servers, fills its own data, prints one JSON line per metric, and cleans up."""
