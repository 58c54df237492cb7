"""What is decided about labels, one verb a file."""
