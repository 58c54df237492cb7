"""The outer skin: entry points, the container, and one folder or module per outside technology."""
