"""Corpora that are opened by a name: downloaded once, or generated."""
