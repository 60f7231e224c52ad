"""The reading of the sealed test split. The caller decides when to read it, once."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..data.corpus import Corpus
from ..data.split.split import Split
from ..export.predictor import Predictor
from ..metrics.scores import score_at


def measure_test(
    predictor: Predictor, raw: Sequence[str], corpus: Corpus, split: Split
) -> dict[str, float]:
    """Measure a bundle on the test split, at its thresholds.

    Args:
        predictor: the bundle.
        raw: texts of the whole corpus, as `raw_texts` gives them.
        corpus: with their labels.
        split: of the corpus.
    """
    probabilities = predictor.predict_probabilities([raw[row] for row in split.test])
    thresholds = np.array(predictor.bundle.thresholds)
    truth = corpus.labels[split.test]
    return score_at(probabilities, truth, thresholds, corpus.task).measured()


def raw_texts(corpus: Corpus) -> tuple[str, ...]:
    """Give the texts as a user has them, with their label names where those were masked."""
    source = corpus.source
    if source is None or not source.mask_label_names:
        return corpus.texts
    return replace(source, mask_label_names=False).open().texts
