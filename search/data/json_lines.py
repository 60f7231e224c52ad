"""A corpus as a file. Owns which columns make the same corpus when the file is read again."""

import json
import os
from collections.abc import Iterator
from itertools import compress
from pathlib import Path

from ..errors import DataError
from ..metrics.task import Task
from .corpus import Corpus, DataSource
from .read.written_lists import parse_written_list

_SUFFIX = ".jsonl"


def write_corpus(corpus: Corpus, path: Path) -> DataSource:
    """Write a corpus as JSON lines with the columns `text`, `labels` and, if given, `split`.

    A corpus of a file or of `Corpus.from_lists` is read back with the same texts, labels and hash.

    Args:
        corpus: of any task; its texts may have no label.
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
            pairs = zip(corpus.texts, _list_labels(corpus), strict=True)
            for place, (text, labels) in enumerate(pairs):
                row = {"text": text, "labels": labels}
                if corpus.given_split:
                    row["split"] = corpus.given_split[place]
                # In ASCII: a JSON file may have held half a character, which is no UTF-8.
                file.write(json.dumps(row) + "\n")
        # In one step: another process may be reading the file of the same name.
        unfinished.replace(path)
    except OSError as error:
        message = f"{path}: expected a place that can be written, found: {error.strerror or error}"
        raise DataError(message, "Mend that, or choose another folder.") from error
    has_empty = corpus.task is Task.MULTILABEL and not corpus.labels.any(axis=1).all()
    return DataSource(
        str(path),
        text_column="text",
        label_column="labels",
        empty_labels="keep" if has_empty else "drop",
        task=corpus.task.value,
        name=corpus.name,
    )


def _list_labels(corpus: Corpus) -> Iterator[str | list[str]]:
    """Give the labels of each text: its one class, or a list."""
    names = corpus.outcome_names
    # A name may look like a list, and would be read as one.
    is_plain = all(parse_written_list(name) is None for name in names)
    for entries in corpus.outcomes:
        labels = list(compress(names, entries))
        yield labels[0] if corpus.task is not Task.MULTILABEL and is_plain else labels
