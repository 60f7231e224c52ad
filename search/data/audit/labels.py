"""Find labels that are rare, never vary, come together, keep apart, or are told by a column.

Owns what is rare and what belongs together; sees label matrix and file facts only.
"""

from itertools import compress

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from ..corpus import Corpus
from ..masking import outcome_names
from .finding import EXAMPLES, Finding, LabelPart, counted, cut

RARE_ROWS = 20
"""A label with fewer rows is rare: its validation tenth has two rows at most."""


def find_in_labels(corpus: Corpus) -> list[Finding]:
    """Find what makes labels hard to learn or strange to count.

    Both classes of a binary task are asked for rarity; the other questions go to outputs.
    """
    findings = [_find_constant(corpus), _find_rare(corpus)]
    if len(corpus.label_names) > 1:
        findings += [_find_together(corpus), _find_apart(corpus)]
    if corpus.met is not None:
        findings.append(_find_told(corpus))
    return findings


def _find_constant(corpus: Corpus) -> Finding:
    rows = corpus.labels.sum(axis=0, dtype=np.int64)
    never, always = rows == 0, rows == len(corpus.texts)
    parts = [
        LabelPart(name, int(count), float(count > 0))
        for name, count in compress(zip(corpus.label_names, rows, strict=True), never | always)
    ]
    return Finding(
        kind="constant_labels",
        count=len(parts),
        total=rows.size,
        unit="labels",
        told=counted(int(never.sum()), "label stands on no text", "labels stand on no text")
        + f", and {always.sum():,} on every text",
        by_label=tuple(parts),
    )


def _find_rare(corpus: Corpus) -> Finding:
    names = outcome_names(corpus)
    rows = corpus.labels.sum(axis=0, dtype=np.int64)
    if len(names) > rows.size:
        rows = np.append(rows, len(corpus.texts) - rows)
    parts = [
        LabelPart(name, int(count), float(count / len(corpus.texts)))
        for name, count in zip(names, rows, strict=True)
        if count < RARE_ROWS
    ]
    return Finding(
        kind="rare_labels",
        count=len(parts),
        total=rows.size,
        unit="labels",
        told=f"{counted(len(parts), 'label has', 'labels have')} fewer than {RARE_ROWS} texts",
        by_label=tuple(sorted(parts, key=lambda part: (part.count, part.label))),
    )


def _find_together(corpus: Corpus) -> Finding:
    """Find labels with the same texts; of labels with one text that would be chance."""
    same: dict[bytes, list[str]] = {}
    for name, column in zip(corpus.label_names, corpus.labels.T, strict=True):
        if column.sum(dtype=np.int64) > 1:
            same.setdefault(np.packbits(column).tobytes(), []).append(name)
    groups = [names for names in same.values() if len(names) > 1]
    count = sum(map(len, groups))
    return Finding(
        kind="labels_together",
        count=count,
        total=len(corpus.label_names),
        unit="labels",
        told=counted(count, "label stands", "labels stand") + " on the same texts as another one",
        examples=tuple(cut(" = ".join(names)) for names in groups[:EXAMPLES]),
    )


def _find_apart(corpus: Corpus) -> Finding:
    """Find groups of labels of which no text has two labels of different groups.

    Only of a corpus where some texts have several labels; labels without a text are in no group.
    """
    groups = _connect(corpus.labels) if (corpus.labels.sum(axis=1) > 1).any() else []
    groups = groups if len(groups) > 1 else []
    parts = [", ".join(corpus.label_names[label] for label in group[:4]) for group in groups]
    count = sum(len(group) for group in groups[1:])
    told = "no labels keep apart from the others"
    if groups:
        told = (
            f"the labels fall into {len(groups):,} groups that never share a text: "
            f"{' + '.join(f'{len(group):,}' for group in groups[:5])}"
            f"{' + …' if len(groups) > 5 else ''} labels"
        )
    return Finding(
        kind="labels_apart",
        count=count,
        total=len(corpus.label_names),
        unit="labels",
        told=told,
        examples=tuple(
            cut(
                f"{counted(len(group), 'label', 'labels')}: {part}{', …' if len(group) > 4 else ''}"
            )
            for group, part in list(zip(groups, parts, strict=True))[:EXAMPLES]
        ),
    )


def _connect(labels: npt.NDArray[np.uint8]) -> list[list[int]]:
    """Group the labels that texts connect, the largest group first."""
    present = np.flatnonzero(labels.any(axis=0))
    sparse = csr_array(labels[:, present].astype(np.int32))
    _, group_of = connected_components(sparse.T @ sparse, directed=False)
    groups = [present[group_of == group].tolist() for group in np.unique(group_of)]
    return sorted(groups, key=len, reverse=True)


def _find_told(corpus: Corpus) -> Finding:
    told = corpus.met.told if corpus.met else ()
    return Finding(
        kind="labels_told",
        count=len(told),
        total=len(corpus.label_names),
        unit="labels",
        told=counted(len(told), "label follows", "labels follow")
        + " another column of the file, which explains a fifth or more of the label's entropy",
        examples=tuple(
            cut(f"{label.label}: {100 * label.share:.0f} % by {label.column!r}")
            for label in told[:EXAMPLES]
        ),
        by_label=tuple(
            LabelPart(
                f"{label.label} by {label.column!r}",
                int(corpus.labels[:, corpus.label_names.index(label.label)].sum(dtype=np.int64)),
                label.share,
            )
            for label in told
        ),
    )
