"""The reading of the test part of a split. Owns it alone; whoever calls says when, and once."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..data.corpus import Corpus
from ..data.split import Split
from ..export.predictor import Predictor
from ..metrics.scores import score_at
from .places import DataSource


def measure_test(
    predictor: Predictor, raw: Sequence[str], corpus: Corpus, split: Split
) -> dict[str, float]:
    """Measure a bundle on the test part, at its thresholds, from what `raw_texts` gives on."""
    probabilities = predictor.predict([raw[row] for row in split.test])
    thresholds = np.array(predictor.bundle.thresholds)
    return score_at(probabilities, corpus.labels[split.test], thresholds).measured()


def raw_texts(source: DataSource, corpus: Corpus) -> tuple[str, ...]:
    """Give the texts as a user has them, with their label names where those were masked."""
    if not source.mask_label_names:
        return corpus.texts
    return replace(source, mask_label_names=False).open().texts
