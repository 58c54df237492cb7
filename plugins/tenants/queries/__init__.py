"""Reading the shops of the installation and their plans."""
