"""The only place that wires the rooms together: a command's request to what it comes to."""
