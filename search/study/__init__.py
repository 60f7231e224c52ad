"""A study: its settings, its stages one after another, and what becomes of it."""
