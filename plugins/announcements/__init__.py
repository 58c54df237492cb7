"""What the platform's people tell the shops: on their pages and by e-mail, and who has read it."""
