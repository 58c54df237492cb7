"""The platform's pages of shops and plans."""
