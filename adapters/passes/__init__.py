"""How access tokens are written."""
