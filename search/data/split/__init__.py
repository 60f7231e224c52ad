"""Which texts repeat each other, and which of them are train, validation and test."""
