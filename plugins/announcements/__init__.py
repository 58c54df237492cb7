"""What the platform's people tell the shops: on their pages and by letter, and who has read it."""
