"""Corpora: reading files, named corpora, the generated default, splits, descriptions."""
