"""PostgreSQL and Valkey from their wheels, as child processes: for the demo, for tests, never for production."""
