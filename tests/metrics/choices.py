"""Texts that each have exactly one label, with probabilities, for the tests of the measures."""

from typing import Any

import numpy as np


def draw_choices(
    n_texts: int = 300, n_labels: int = 6, *, n_without: int = 0, decimals: int = 8
) -> tuple[Any, Any]:
    """Draw probabilities, float64, whose rows sum to about 1, and labels, one 1 a row.

    The probable labels are more often the true ones; the last `n_without` labels are on no text.
    """
    generator = np.random.default_rng(n_labels)
    true = generator.integers(0, n_labels - n_without, n_texts)
    labels = np.eye(n_labels, dtype=np.uint8)[true]
    logits = generator.normal(0.0, 1.5, (n_texts, n_labels)) + labels
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return probabilities.round(decimals), labels
