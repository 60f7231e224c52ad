"""A corpus as a file. Owns which columns make the same corpus when the file is read again."""

import json
import os
from pathlib import Path

import numpy as np

from ..errors import DataError
from .corpus import Corpus, DataSource, Task
from .read.label_sets import SEPARATORS

_SUFFIX = ".jsonl"


def write_corpus(corpus: Corpus, path: Path) -> DataSource:
    """Write a corpus as JSON lines with the columns `text`, `labels` and, if given, `split`.

    A corpus of a file or of `Corpus.from_lists` is read back with the same texts, labels and hash.

    Args:
        corpus: each of its texts has a label, or it is a binary one.
        path: a file name that ends in .jsonl; a file there is replaced, and its folder is made.

    Returns:
        The source that gives the corpus again, under the same name.

    Raises:
        DataError: the file cannot be written, or `path` has another suffix.
    """
    if path.suffix != _SUFFIX:
        message = f"expected a file name that ends in {_SUFFIX}, found {path.name!r}"
        raise DataError(message, f"Write to {path.with_suffix(_SUFFIX)}.", parameter="path")
    unfinished = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("w", encoding="utf-8", newline="\n") as file:
            for place, text in enumerate(corpus.texts):
                row = {"text": text, "labels": _list_labels(corpus, place)}
                if corpus.given_split:
                    row["split"] = corpus.given_split[place]
                # In ASCII: a JSON file may have held half a character, which is no UTF-8.
                file.write(json.dumps(row) + "\n")
        # In one step: another process may be reading the file of the same name.
        unfinished.replace(path)
    except OSError as error:
        message = f"{path}: expected a place that can be written, found: {error.strerror or error}"
        raise DataError(message, "Mend that, or choose another folder.") from error
    return DataSource(str(path), label_separator=_choose_separator(corpus), name=corpus.name)


def _list_labels(corpus: Corpus, place: int) -> str | list[str]:
    """Answer the labels of a text: the class of a binary task, or a list."""
    entries = corpus.labels[place]
    if corpus.task is Task.BINARY:
        return corpus.label_names[0] if entries[0] else corpus.negative_name
    return [corpus.label_names[label] for label in np.flatnonzero(entries)]


def _choose_separator(corpus: Corpus) -> str | None:
    """Choose a sign that keeps the names of two classes whole; None where none is needed."""
    names = "".join(corpus.outcome_names)
    if corpus.task is not Task.BINARY or not any(sign in names for sign in SEPARATORS):
        return None
    signs = (*SEPARATORS, *map(chr, range(0xE000, 0xF900)))
    return next(sign for sign in signs if sign not in names)
