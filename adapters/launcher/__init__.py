"""What stands behind `goldsmith demo`: keys that are kept, services that are started, processes that are watched."""
