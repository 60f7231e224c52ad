"""Find texts that name their own label. Owns the counting; what names a label `text` says."""

import numpy as np

from ...text.label_names import LabelNames
from ..corpus import Corpus, Task
from .finding import LEAK, Finding, LabelPart, counted, few


def find_own_labels_named(corpus: Corpus) -> Finding:
    """Find the texts that name a label they have; of a binary task, their class.

    The parts by label list the share of each label's rows whose text names it, greatest first.
    """
    names = LabelNames(corpus.outcome_names)
    labels = corpus.labels.astype(np.bool_)
    if corpus.task is Task.BINARY and corpus.negative_name:
        labels = np.hstack([labels, ~labels])
    own = names.find_named(corpus.tokens) & labels
    named = own.any(axis=1)
    count = int(named.sum())
    sentence = counted(count, "text names a label that it has", "texts name a label that they have")
    if names.wordless:
        sentence += f"; not looked for, being no words: {', '.join(map(repr, names.wordless[:5]))}"
    rows = labels.sum(axis=0)
    parts = [
        LabelPart(name, int(n_named), float(n_named / n_rows))
        for name, n_named, n_rows in zip(names.names, own.sum(axis=0), rows, strict=True)
        if n_named
    ]
    return Finding(
        kind=LEAK,
        count=count,
        total=len(corpus.texts),
        sentence=sentence,
        examples=few(corpus.texts[text] for text in np.flatnonzero(named)),
        by_label=tuple(sorted(parts, key=lambda part: (-part.share, -part.count, part.label))),
    )
