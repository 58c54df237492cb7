"""What an entry of the trail says in words, and how long it is kept."""
