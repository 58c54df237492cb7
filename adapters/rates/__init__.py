"""Where rates of metal come from: vendors over HTTP, a simulation for the demo, and several tried in order."""
