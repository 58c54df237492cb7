"""What is done with the stock, one verb a file."""
