"""The reading of the sealed test split. The caller decides when to read it, once."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..data.corpus import Corpus
from ..data.split.split import Split
from ..export.predictor import Predictor
from ..metrics.comparison import LEVEL, resample_means, text_losses
from ..metrics.scores import score_at

_N_RESAMPLES = 2000


def measure_test(
    predictor: Predictor, raw: Sequence[str], corpus: Corpus, split: Split
) -> dict[str, float]:
    """Measure a bundle on the test split, at its thresholds.

    The ends of the interval of its mean loss are `loss_low` and `loss_high`: the middle 90 % of the
    means over texts drawn with replacement.

    Args:
        predictor: the bundle.
        raw: texts of the whole corpus, as `raw_texts` gives them.
        corpus: with their labels.
        split: of the corpus.
    """
    probabilities = predictor.predict_probabilities([raw[row] for row in split.test])
    thresholds = np.array(predictor.bundle.thresholds)
    truth = corpus.labels[split.test]
    measured = score_at(probabilities, truth, thresholds, corpus.task).measured()
    losses = text_losses(probabilities, truth, corpus.task)
    means = resample_means(losses[None, :], seed=0, n_resamples=_N_RESAMPLES)
    low, high = np.quantile(means, [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0])
    return measured | {"loss_low": float(low), "loss_high": float(high)}


def raw_texts(corpus: Corpus) -> tuple[str, ...]:
    """Give the texts as a user has them, with their label names where those were masked."""
    source = corpus.source
    if source is None or not source.mask_label_names:
        return corpus.texts
    return replace(source, mask_label_names=False).open().texts
