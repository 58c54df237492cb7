"""The audit trail for those who look into it: found, read, exported, and checked every night."""
