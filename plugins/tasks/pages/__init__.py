"""Pages of long work and of the bell."""
