"""What the shop decides about itself, one verb a file."""
