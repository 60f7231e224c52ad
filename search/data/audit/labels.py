"""Find labels that are rare, never vary, come together, keep apart, or follow a column.

Owns what is rare and what belongs together; sees label matrix and file facts only.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from ..corpus import Corpus
from ..file_facts import ExplainedLabel
from .finding import Finding, LabelPart, counted, few

RARE_ROWS = 20
"""A label with fewer rows is rare: its validation tenth has two rows at most."""


def find_in_labels(corpus: Corpus) -> list[Finding]:
    """Find what makes labels hard to learn or strange to count.

    Rarity is checked for both classes of a binary task, everything else for outputs.
    """
    findings = [_find_constant(corpus), _find_rare(corpus), _find_alike(corpus)]
    if len(corpus.label_names) > 1:
        findings += [_find_together(corpus), _find_apart(corpus)]
    if corpus.file_facts is not None:
        findings.append(_find_explained(corpus, corpus.file_facts.explained))
    return findings


def _find_constant(corpus: Corpus) -> Finding:
    counts = corpus.labels.sum(axis=0, dtype=np.int64).tolist()
    parts = [
        LabelPart(name, count, float(count > 0))
        for name, count in zip(corpus.label_names, counts, strict=True)
        if count in (0, len(corpus.texts))
    ]
    n_never = counts.count(0)
    never = counted(n_never, "label stands", "labels stand")
    sentence = f"{never} on no text, and {len(parts) - n_never:,} on every text"
    return Finding("constant_labels", len(parts), len(counts), sentence, by_label=tuple(parts))


def _find_rare(corpus: Corpus) -> Finding:
    counts = corpus.outcome_counts
    parts = [
        LabelPart(name, count, count / len(corpus.texts))
        for name, count in counts.items()
        if count < RARE_ROWS
    ]
    parts.sort(key=lambda part: (part.count, part.label))
    sentence = f"{counted(len(parts), 'label has', 'labels have')} fewer than {RARE_ROWS} texts"
    return Finding("rare_labels", len(parts), len(counts), sentence, by_label=tuple(parts))


def _find_alike(corpus: Corpus) -> Finding:
    """Find labels that differ only in case."""
    alike: dict[str, list[str]] = {}
    for name in corpus.outcome_names:
        alike.setdefault(name.casefold(), []).append(name)
    groups = [names for names in alike.values() if len(names) > 1]
    count = sum(map(len, groups))
    return Finding(
        kind="labels_alike",
        count=count,
        total=len(corpus.outcome_names),
        sentence=counted(count, "label differs", "labels differ")
        + " from another one only in case",
        examples=few(" = ".join(names) for names in groups),
    )


def _find_together(corpus: Corpus) -> Finding:
    """Find labels with the same texts; for labels with one text that would be chance."""
    same: dict[bytes, list[str]] = {}
    for name, column in zip(corpus.label_names, corpus.labels.T, strict=True):
        if column.sum(dtype=np.int64) > 1:
            same.setdefault(np.packbits(column).tobytes(), []).append(name)
    groups = [names for names in same.values() if len(names) > 1]
    count, n_labels = sum(map(len, groups)), len(corpus.label_names)
    standing = counted(count, "label stands", "labels stand")
    sentence = f"{standing} on the same texts as another one"
    return Finding("labels_together", count, n_labels, sentence, few(map(" = ".join, groups)))


def _find_apart(corpus: Corpus) -> Finding:
    """Find groups of labels of which no text has two labels of different groups.

    Only of a corpus where some texts have several labels; labels without a text are in no group.
    """
    n_labels = len(corpus.label_names)
    groups = _connect(corpus.labels) if (corpus.labels.sum(axis=1) > 1).any() else []
    if len(groups) < 2:
        return Finding("labels_apart", 0, n_labels, "no labels keep apart from the others")
    sizes = [f"{len(group):,}" for group in groups[:5]] + ["…"] * (len(groups) > 5)
    sentence = (
        f"the labels fall into {len(groups):,} groups that never share a text: "
        f"{' + '.join(sizes)} labels"
    )
    examples = few(_show_group(corpus, group) for group in groups)
    return Finding("labels_apart", sum(map(len, groups[1:])), n_labels, sentence, examples)


def _connect(labels: npt.NDArray[np.uint8]) -> list[list[int]]:
    """Group the labels that texts connect, the largest group first."""
    present = np.flatnonzero(labels.any(axis=0))
    sparse = csr_array(labels[:, present].astype(np.int32))
    _, group_of = connected_components(sparse.T @ sparse, directed=False)
    groups = [present[group_of == group].tolist() for group in np.unique(group_of)]
    return sorted(groups, key=len, reverse=True)


def _show_group(corpus: Corpus, group: list[int]) -> str:
    names = [corpus.label_names[label] for label in group[:4]] + ["…"] * (len(group) > 4)
    return f"{counted(len(group), 'label', 'labels')}: {', '.join(names)}"


def _find_explained(corpus: Corpus, explained: Sequence[ExplainedLabel]) -> Finding:
    counts = corpus.outcome_counts
    following = counted(len(explained), "label follows", "labels follow")
    return Finding(
        "labels_explained",
        len(explained),
        len(corpus.label_names),
        f"{following} another column of the file, which explains a fifth or more of the label's "
        "entropy",
        few(f"{label.label}: {100 * label.share:.0f} % by {label.column!r}" for label in explained),
        tuple(
            LabelPart(f"{label.label} by {label.column!r}", counts[label.label], label.share)
            for label in explained
        ),
    )
