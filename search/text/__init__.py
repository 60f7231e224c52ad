"""Strings to token ids: words, vocabulary, truncation, padding, length buckets."""
