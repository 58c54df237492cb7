"""Jobs travel through dramatiq on Valkey or Redis; what they are and whether they are done stands in PostgreSQL."""
