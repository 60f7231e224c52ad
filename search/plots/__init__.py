"""From numbers to figures of matplotlib."""
