"""Figures of a training, of a study and of its search, drawn from plain values."""
