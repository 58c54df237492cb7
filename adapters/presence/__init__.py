"""Where workers and schedulers say that they live."""
