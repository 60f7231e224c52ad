"""Find texts that name their own label. Owns the counting; what names a label `text` says."""

from itertools import compress

from ...text.label_names import LabelNames
from ..corpus import Corpus
from .finding import LEAK, Finding, LabelPart, counted, few


def find_own_labels_named(corpus: Corpus) -> Finding:
    """Find the texts that name a label they have; of a binary task, their class.

    The parts by label list the share of each label's rows whose text names it, greatest first.
    """
    names = LabelNames(corpus.outcome_names)
    own = names.find_named(corpus.tokens) & (corpus.outcomes == 1)
    named = own.any(axis=1)
    count = int(named.sum())
    sentence = counted(count, "text names a label that it has", "texts name a label that they have")
    if names.wordless:
        sentence += f"; not looked for, being no words: {', '.join(map(repr, names.wordless[:5]))}"
    counts = zip(corpus.outcome_counts.items(), own.sum(axis=0).tolist(), strict=True)
    parts = [
        LabelPart(name, n_named, n_named / n_texts)
        for (name, n_texts), n_named in counts
        if n_named
    ]
    parts.sort(key=lambda part: (-part.share, -part.count, part.label))
    examples = few(compress(corpus.texts, named))
    return Finding(LEAK, count, len(corpus.texts), sentence, examples, tuple(parts))
