"""Sampling of the generated corpus: labels, texts that give them away, and noise on the labels.

Owns what is random and at which rate, and so the irreducible cross-entropy; what a text with given
labels reads like is the composition's business.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ...labelled_texts import LabelMatrix
from .composition import write_text
from .dice import Dice
from .grammar import Grammar
from .vocabulary import read_vocabulary

MISS_RATE: Final = 0.07
"""Probability that a true label is not observed, at noise 1."""
FALSE_RATE: Final = 0.035
"""Probability, as a share of the label's prior, that a false label is observed, at noise 1."""
MAX_NOISE: Final = 7.0
"""Largest noise: every rate stays below one half, so an observed label still speaks for itself."""

_MAX_LABELS: Final = 7
_SHIFT: Final = 11
# Of the draws before those without a label or with too many are drawn again; noise then takes
# more labels than it adds, and 3.25 a text are observed.
_EXPECTED_LABELS: Final = 3.37


@dataclass(frozen=True, slots=True)
class Synopses:
    """A generated corpus: what a model may see, and what it may not."""

    texts: tuple[str, ...]
    """Synopses of 25 to 120 words."""
    labels: LabelMatrix
    """Observed labels, with noise: 0 or 1, uint8, (n_texts, 82); a row may be empty."""
    truth: LabelMatrix
    """Labels that follow from the text: 0 or 1, uint8, (n_texts, 82); 1 to 7 in every row."""
    label_names: tuple[str, ...]
    """Names of the label columns, most frequent first."""
    floor: float
    """Irreducible cross-entropy of the observed labels, in nats an entry of `labels`."""


def generate(n_texts: int = 6000, *, seed: int = 0, noise: float = 1.0) -> Synopses:
    """Generate synthetic film synopses with noisy genre labels.

    Texts and truth depend on `n_texts` and `seed` only, so that noise can be compared on the same
    texts.

    Args:
        n_texts: number of texts, at least 1.
        seed: fixes every draw, at least 0.
        noise: factor on both error rates of the labels, from 0 (the labels are the truth) to 7,
            both included.

    Returns:
        Texts, labels and the floor under any model's expected cross-entropy.

    Raises:
        ValueError: `n_texts` is below 1, or `noise` is not in [0, 7].
    """
    if n_texts < 1:
        raise ValueError(f"n_texts must be at least 1, got {n_texts}")
    if not 0.0 <= noise <= MAX_NOISE:
        raise ValueError(f"noise must be in [0, {MAX_NOISE:g}], got {noise}")
    truth_seed, text_seed, noise_seed = np.random.SeedSequence(seed).spawn(3)
    truth = _draw_truth(n_texts, truth_seed)
    error_rates = np.where(truth == 1, noise * MISS_RATE, noise * FALSE_RATE * priors())
    is_error = np.random.Generator(np.random.PCG64(noise_seed)).random(truth.shape) < error_rates
    return Synopses(
        texts=_write_texts(truth, text_seed),
        labels=truth ^ is_error.astype(np.uint8),
        truth=truth,
        label_names=read_vocabulary().label_names,
        floor=float(_entropy(error_rates).mean()),
    )


def priors() -> npt.NDArray[np.float64]:
    """Return how likely each label is in a text, before noise.

    A shifted Zipf law, proportional to 1 / (rank + 11) ** 2 with ranks from 0: the exponent is an
    integer so that every machine computes the same numbers. The first is 69 times the last.

    Returns:
        Probabilities in (0, 1), descending, float64, (82,).
    """
    ranks = np.arange(len(read_vocabulary().label_names), dtype=np.float64)
    weights = 1.0 / np.square(ranks + _SHIFT)
    return np.asarray(_EXPECTED_LABELS * weights / weights.sum(), dtype=np.float64)


def _draw_truth(n_texts: int, seed: np.random.SeedSequence) -> LabelMatrix:
    generator = np.random.Generator(np.random.PCG64(seed))
    probabilities = priors()
    truth = np.zeros((n_texts, probabilities.size), dtype=np.uint8)
    pending = np.arange(n_texts)
    while pending.size:
        truth[pending] = generator.random((pending.size, probabilities.size)) < probabilities
        n_labels = truth[pending].sum(axis=1)
        pending = pending[(n_labels == 0) | (n_labels > _MAX_LABELS)]
    return truth


def _write_texts(truth: LabelMatrix, seed: np.random.SeedSequence) -> tuple[str, ...]:
    vocabulary = read_vocabulary()
    grammar, names = Grammar(Dice(seed), vocabulary), vocabulary.label_names
    label_priors = dict(zip(names, priors().tolist(), strict=True))
    return tuple(
        write_text(grammar, {names[column] for column in np.flatnonzero(row)}, label_priors)
        for row in truth
    )


def _entropy(rates: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    # 0 log 0 is 0; the rates stay below 1, so the other logarithm is finite.
    log_rates = np.log(np.where(rates > 0, rates, 1.0))
    return np.asarray(-(rates * log_rates + (1 - rates) * np.log1p(-rates)), dtype=np.float64)
