"""What a shop has: pieces, counted goods and scrap, and why they come and go. Plain Python, no I/O."""
