"""Who a person is, what a password must be, what a session is."""
