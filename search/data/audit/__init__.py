"""What in a corpus makes its numbers misleading, or its search harder than it looks."""
