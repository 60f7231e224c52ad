"""Reviews in the format of Keras's imdb.npz.

Owns the meaning of its arrays and of its word index, and how texts come back from both. Knows no
address, and how an archive is read only by name.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from ..errors import DataError
from .archive import read_integers, read_lists, read_members
from .assemble import MIN_TEXTS
from .corpus import Corpus, LabelMatrix, Task

INDEX_NAME = "imdb_word_index.json"
"""The word index that is looked for beside an archive."""
MAX_WORDS = 50_000_000
"""Of one side; imdb.npz has 6 million. A small file can claim more: it may hold a list twice."""

_SIDES = ("train", "test")
_MAX_TOLD = 10**12


def read_imdb(archive: Path, index: Path, *, name: str) -> Corpus:
    """Read reviews and their classes, in the order of the archive: train, then test.

    A text is the words of its ranks with blanks between. The ranks of the archive are those of
    the index: the shift by `index_from` and the sign of the start are added when Keras loads it
    (keras.datasets.imdb.load_data).

    Args:
        archive: an .npz with x_train and x_test, lists of ranks, and y_train and y_test, 0 or 1.
        index: a JSON object from word to rank.
        name: becomes the name of the corpus.

    Raises:
        DataError: either cannot be read or is something else, a rank is not in the index, a
            review is empty, or the texts are too few or of one class.
    """
    words = _read_index(index)
    try:
        members = read_members(archive, [f"{axis}_{side}" for side in _SIDES for axis in "xy"])
        texts = {side: _read_texts(f"x_{side}", members, words) for side in _SIDES}
        classes = {side: _read_classes(f"y_{side}", members, len(texts[side])) for side in _SIDES}
        labels = np.concatenate([classes[side] for side in _SIDES])
        _check_enough(labels)
    except DataError as error:
        raise DataError(f"{archive}: {error.message}", error.hint) from error
    return Corpus(
        name=name,
        texts=tuple(text for side in _SIDES for text in texts[side]),
        labels=labels,
        label_names=("positive",),
        task=Task.BINARY,
        negative_name="negative",
        given_split=tuple(side for side in _SIDES for _ in texts[side]),
        notes=(
            "reviews as the archive of Keras has them (Maas et al. 2011): punctuation and case "
            "are gone, and 'br' is what is left of a line break",
            "two classes: the one output is the probability of 'positive', not 'negative'",
            "the archive divides the texts itself: "
            + ", ".join(f"{len(texts[side]):,} {side}" for side in _SIDES),
        ),
    )


def _read_index(path: Path) -> dict[int, str]:
    """Read the words by their ranks."""
    hint = f"Give the {INDEX_NAME} of Keras, a JSON object from word to rank."
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"{path}: expected a readable file, found: {error.strerror or error}"
        raise DataError(message, hint) from error
    # Of no JSON, and of no UTF-8. RecursionError: brackets in brackets without end.
    except (ValueError, RecursionError) as error:
        message = f"{path}: expected a word index, found something else ({error})"
        raise DataError(message, hint) from error
    if not isinstance(index, dict) or not all(type(rank) is int for rank in index.values()):
        raise DataError(f"{path}: expected ranks by their words, found something else", hint)
    words = {rank: word for word, rank in index.items()}
    if len(words) < len(index):
        found = f"{len(index):,} words on {len(words):,} ranks"
        raise DataError(f"{path}: expected a rank a word, found {found}", hint)
    return words


def _read_texts(name: str, members: Mapping[str, bytes], words: Mapping[int, str]) -> list[str]:
    try:
        reviews = read_lists(members[name])
        n_words = sum(map(len, reviews))
        if n_words > MAX_WORDS:
            raise DataError(f"expected at most {MAX_WORDS:,} words, found {n_words:,}")
        return [_join(review, place, words) for place, review in enumerate(reviews)]
    except DataError as error:
        raise DataError(f"{name}: {error.message}", error.hint) from error


def _join(review: list[object], place: int, words: Mapping[int, str]) -> str:
    """Turn ranks into a text.

    Raises:
        DataError: one is no rank of the index, or there is no word.
    """
    ranks = _only_ints(review)
    if ranks is None or not words.keys() >= set(ranks):
        strange = next(rank for rank in review if type(rank) is not int or rank not in words)
        raise DataError(
            f"expected ranks of the {len(words):,} words of the index, found {_told(strange)} in "
            f"review {place:,}",
            f"Put the {INDEX_NAME} that belongs to the archive beside it.",
        )
    text = " ".join([words[rank] for rank in ranks])
    if not text.strip():
        raise DataError(f"expected words, found an empty review, number {place:,}")
    return text


def _only_ints(entries: list[object]) -> list[int] | None:
    """Answer the entries if they are whole numbers.

    Nothing else may be looked up or printed: of tuples in tuples, each twice in the next, that
    takes for ever.
    """
    ints = [entry for entry in entries if type(entry) is int]
    return ints if len(ints) == len(entries) else None


def _told(strange: object) -> str:
    """Name an entry: a number that is short, else the type."""
    if type(strange) is not int:
        return f"a value of type {type(strange).__name__}"
    # Python refuses to print more than 4,300 digits.
    return f"{strange:,}" if abs(strange) < _MAX_TOLD else "a huge number"


def _read_classes(name: str, members: Mapping[str, bytes], n_texts: int) -> LabelMatrix:
    """Read the classes of one side: 0 or 1, uint8, (n_texts, 1)."""
    try:
        classes = read_integers(members[name])
    except DataError as error:
        raise DataError(f"{name}: {error.message}", error.hint) from error
    if len(classes) != n_texts or not np.isin(classes, (0, 1)).all():
        found = f"{len(classes):,} of {np.unique(classes)[:5].tolist()}"
        raise DataError(f"{name}: expected {n_texts:,} classes, each 0 or 1, found {found}")
    return classes.astype(np.uint8).reshape(-1, 1)


def _check_enough(labels: LabelMatrix) -> None:
    n_classes = len(np.unique(labels))
    if len(labels) < MIN_TEXTS or n_classes < 2:
        raise DataError(
            f"expected at least {MIN_TEXTS} reviews of two classes, found {len(labels)} of "
            f"{n_classes}",
            "Give an archive with more reviews.",
        )
