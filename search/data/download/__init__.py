"""Files that are fetched once, checked against known sums and kept: which, where, and how."""
