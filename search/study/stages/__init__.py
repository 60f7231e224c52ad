"""The stages of a search, one after another: baselines, trials, confirmation, learning curves.

A stage returns why the search ends with it, or None where the next one follows.
"""
