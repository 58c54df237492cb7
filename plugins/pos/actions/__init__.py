"""What is done at the till, one verb a file."""
