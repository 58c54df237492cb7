"""What the platform does with shops."""
