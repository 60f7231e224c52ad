"""Divide a corpus into train, validation and test.

Owns the shares of the sides, the rule that repeated texts stay on one side, and the one that a
label stands on every side or in train alone. Knows no file; `strata.py` chooses which texts go
where.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress

import numpy as np
import numpy.typing as npt

from ...errors import DataError
from ..corpus import Corpus, LabelMatrix
from .repeats import Repeats, find_repeats
from .strata import carve_sides

SIDES = ("train", "validation", "test")
"""The sides of a split; a side is its place in this tuple wherever it is a number."""
HELD_OUT_SHARE = 0.1
"""Share of all texts that validation and test each get."""
MAX_SHARE_OF_TRAIN = 0.2
"""A side that a given split lacks takes at most this share of its train side."""

_NAMES_LISTED = 10

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Which texts of a corpus are on which side; the three together cover every text once.

    A side is the positions of its texts in the corpus, ascending, int64.
    """

    train: Indices
    validation: Indices
    test: Indices
    train_only_labels: tuple[str, ...] = ()
    """Labels that train alone has, in the order of the corpus; the negative class counts as one."""
    labels_without_validation: tuple[str, ...] = ()
    """Labels that no text of validation has, those of `train_only_labels` too, in that order."""
    labels_without_test: tuple[str, ...] = ()
    """Labels that no text of test has, those of `train_only_labels` too, in that order."""
    notes: tuple[str, ...] = ()
    """Sentences for the user on how the texts were divided."""
    sha256: str = field(init=False)
    """Hash over the three index arrays."""

    def __post_init__(self) -> None:
        """Check that the sides divide a corpus, and hash them.

        Raises:
            ValueError: a side is not ascending, or the sides do not cover 0 to n-1 once each.
        """
        sides = (self.train, self.validation, self.test)
        if any(side.dtype != np.int64 or (np.diff(side) <= 0).any() for side in sides):
            raise ValueError("each side must be int64 and ascending")
        covered = np.sort(np.concatenate(sides))
        if not np.array_equal(covered, np.arange(covered.size)):
            raise ValueError("the sides must cover every text exactly once")
        digest = hashlib.sha256()
        for side in sides:
            digest.update(side.size.to_bytes(8, "big") + side.astype("<i8").tobytes())
        object.__setattr__(self, "sha256", digest.hexdigest())


def split_corpus(
    corpus: Corpus,
    *,
    seed: int,
    repeats: Repeats | None = None,
    validation_share: float | None = None,
) -> Split:
    """Divide the corpus 80/10/10, or as its given split says.

    Equal and nearly equal texts stay on one side, those that are very many in train. Labels are
    stratified; one that fewer than three different texts have goes to train with all its texts.
    A given split is kept as it is, and a side it lacks is taken from its train side.

    Args:
        corpus: rows without a label are allowed.
        seed: 0 or more; the same seed divides the same corpus in the same way.
        repeats: which texts of the corpus repeat each other; None finds them.
        validation_share: what validation takes of the given train side, in (0, 1), where
            validation is the one side that the file lacks; None for the usual share.

    Raises:
        DataError: the given split has no train side, or too few different texts can be moved.
        ValueError: `repeats` is of another number of texts.
    """
    given = _read_given(corpus)
    repeats = repeats or find_repeats(corpus.texts, corpus.tokens)
    if repeats.near.size != len(corpus.texts):
        raise ValueError(f"repeats of {repeats.near.size} texts, but {len(corpus.texts)} texts")
    strata, names = _stratify(corpus)
    given_train = np.flatnonzero(given == 0)
    missing = [side for side in (2, 1) if not (given == side).any()]
    wanted = validation_share if missing == [1] else None
    n_usual = min(round(HELD_OUT_SHARE * given.size), round(MAX_SHARE_OF_TRAIN * given_train.size))
    share = wanted or n_usual / given_train.size
    sides = given.copy()
    sides[given_train] = carve_sides(
        repeats.near[given_train], strata[given_train], missing=missing, share=share, seed=seed
    )
    counts = np.array([strata[sides == side].sum(axis=0) for side in range(len(SIDES))])
    train_only = tuple(compress(names, (counts[0] > 0) & (counts[1:] == 0).all(axis=0)))
    notes = [*_note_given(corpus, repeats, given, missing), *_note_share(validation_share, missing)]
    notes += [*_note_repeats(repeats), *_note_labels(names, counts, train_only)]
    without = [tuple(compress(names, side == 0)) for side in counts]
    train, validation, test = (np.flatnonzero(sides == side) for side in range(len(SIDES)))
    return Split(train, validation, test, train_only, without[1], without[2], tuple(notes))


def _read_given(corpus: Corpus) -> npt.NDArray[np.int64]:
    """Answer the given side of each text; all train where the file gives none."""
    if not corpus.given_split:
        return np.zeros(len(corpus.texts), dtype=np.int64)
    given = np.array([SIDES.index(side) for side in corpus.given_split], dtype=np.int64)
    if not (given == 0).any():
        found = " and ".join(sorted(set(corpus.given_split)))
        raise DataError(
            f"{corpus.name}: expected texts for train in the given split, found only {found}",
            "Add the train rows to the file, or rename its split column to have it split here.",
        )
    return given


def _stratify(corpus: Corpus) -> tuple[LabelMatrix, tuple[str, ...]]:
    """Answer the columns to stratify by; a single output brings its negative class along."""
    if len(corpus.label_names) > 1:
        return corpus.labels, corpus.label_names
    negative = corpus.negative_name or f"not {corpus.label_names[0]}"
    return np.hstack([corpus.labels, 1 - corpus.labels]), (*corpus.label_names, negative)


def _note_given(
    corpus: Corpus, repeats: Repeats, given: Indices, missing: Sequence[int]
) -> list[str]:
    """Say what the file gave, and how many different texts it has on two sides at once."""
    if not corpus.given_split:
        return []
    taken = "".join(f"; {SIDES[side]} is taken from train" for side in sorted(missing))
    notes = [f"the split is the one of the file{taken}"]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        places = f"in both {SIDES[one]} and {SIDES[other]}"
        exact, near = (
            np.intersect1d(groups[given == one], groups[given == other])
            for groups in (repeats.exact, repeats.near)
        )
        counted = repeats.near[np.isin(repeats.exact, exact)]
        n_more = np.setdiff1d(near, counted).size
        notes += [f"{exact.size:,} texts stand {places}"] if exact.size else []
        notes += [f"{n_more:,} texts stand nearly the same {places}"] if n_more else []
    return notes


def _note_share(validation_share: float | None, missing: Sequence[int]) -> list[str]:
    if validation_share is None or missing == [1]:
        return []
    return [
        f"validation does not take {validation_share:.0%} of train: that is for files that give "
        "train and test, and no validation"
    ]


def _note_repeats(repeats: Repeats) -> list[str]:
    n_different = np.unique(repeats.exact).size
    n_repeats, n_near = repeats.exact.size - n_different, n_different - np.unique(repeats.near).size
    counts = {"repeat": n_repeats, "nearly repeat": n_near}
    return [f"{count:,} texts {verb} an earlier text" for verb, count in counts.items() if count]


def _note_labels(
    names: Sequence[str], counts: npt.NDArray[np.int64], train_only: Sequence[str]
) -> list[str]:
    """Say which labels some side lacks; `counts` is texts, (3, n_labels)."""
    notes = []
    if train_only:
        listed = _list_names(train_only)
        notes.append(f"in train only, having too few different texts to be divided: {listed}")
    for side, name in enumerate(SIDES):
        lacking = (counts[side] == 0) & (counts.sum(axis=0) > 0)
        absent = [label for label in compress(names, lacking) if label not in train_only]
        if absent:
            notes.append(f"no text of {name} has the label: {_list_names(absent)}")
    return notes


def _list_names(names: Sequence[str]) -> str:
    more = len(names) - _NAMES_LISTED
    return ", ".join(names[:_NAMES_LISTED]) + (f" and {more} more" if more > 0 else "")
