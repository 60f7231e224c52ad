"""Describe a corpus in numbers: its size, its labels, the lengths of its texts.

Owns the numbers that say how hard a corpus is before anything is trained. Prints nothing.
"""

from dataclasses import asdict, dataclass

import numpy as np

from .corpus import Corpus, Task


@dataclass(frozen=True, slots=True)
class Description:
    """A corpus in numbers; a row is a text."""

    name: str
    task: Task
    rows: int
    n_labels: int
    """Number of outputs: 1 for a binary task."""
    labels_a_row_mean: float
    labels_a_row_min: int
    labels_a_row_max: int
    positive_rate: float
    """Share of the cells of the label matrix that are 1, in [0, 1]."""
    label_counts: tuple[tuple[str, int], ...]
    """Texts of each label, most first, ties alphabetical; both classes of a binary task."""
    words_min: int
    """Words of the shortest text, divided at white space."""
    words_median: float
    words_p95: float
    """Words that 95 % of the texts do not exceed, interpolated linearly."""
    words_max: int
    prior_cross_entropy: float
    """Loss in nats of always predicting each label's share: what no text is needed for."""
    floor: float | None
    """Loss in nats that no model can go below, where it is known."""
    sha256: str
    notes: tuple[str, ...]
    """What was found and decided when the corpus was read."""

    def to_dict(self) -> dict[str, object]:
        """Answer the fields as JSON has them; label_counts is an object in the same order."""
        return {**asdict(self), "task": self.task.value, "label_counts": dict(self.label_counts)}


def describe_corpus(corpus: Corpus) -> Description:
    """Count the labels and words of a corpus.

    Raises:
        ValueError: the corpus has no texts.
    """
    if not corpus.texts:
        raise ValueError("an empty corpus cannot be described")
    a_row = corpus.labels.sum(axis=1, dtype=np.int64)
    counts = corpus.outcome_counts.items()
    words = np.array([len(text.split()) for text in corpus.texts])
    return Description(
        name=corpus.name,
        task=corpus.task,
        rows=len(corpus.texts),
        n_labels=len(corpus.label_names),
        labels_a_row_mean=float(a_row.mean()),
        labels_a_row_min=int(a_row.min()),
        labels_a_row_max=int(a_row.max()),
        positive_rate=corpus.positive_rate,
        label_counts=tuple(sorted(counts, key=lambda entry: (-entry[1], entry[0]))),
        words_min=int(words.min()),
        words_median=float(np.median(words)),
        words_p95=float(np.percentile(words, 95)),
        words_max=int(words.max()),
        prior_cross_entropy=_prior_cross_entropy(corpus),
        floor=corpus.floor,
        sha256=corpus.sha256,
        notes=corpus.notes,
    )


def _prior_cross_entropy(corpus: Corpus) -> float:
    """Average the binary entropy of the labels' shares; a share of 0 or 1 adds nothing."""
    shares = corpus.labels.mean(axis=0, dtype=np.float64)
    both = np.stack([shares] if corpus.task.is_multiclass else [shares, 1 - shares])
    logarithms = np.log(np.where(both > 0, both, 1.0))
    entropies = -(both * logarithms).sum(axis=0)
    return float(entropies.sum() if corpus.task.is_multiclass else entropies.mean())
