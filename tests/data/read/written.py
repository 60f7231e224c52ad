"""Small files with a text and a label in each row, for the tests of reading."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from search.data.corpus import Corpus, open_corpus
from search.errors import DataError

TEXTS = tuple(f"a storm keeps {i} people on the island for a long night" for i in range(24))
LABELS = ("Drama", "War", "Comedy") * 8
HEADER = ("text", "label")


def write(path: Path, content: str | bytes) -> Path:
    """Write text as UTF-8, with the ends of lines as they are."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def delimit(
    texts: Iterable[str] = TEXTS,
    labels: Iterable[str] = LABELS,
    *,
    header: Sequence[str] = HEADER,
    delimiter: str = ",",
    quote: str = '"',
    all_quoted: bool = False,
) -> str:
    """Write rows as the csv module does, a header first where there is one."""
    file = io.StringIO()
    writer = csv.writer(
        file,
        delimiter=delimiter,
        quotechar=quote,
        quoting=csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL,
        lineterminator="\n",
    )
    writer.writerows([header] if header else [])
    writer.writerows(zip(texts, labels, strict=True))
    return file.getvalue()


def join(
    texts: Iterable[str] = TEXTS, labels: Iterable[str] = LABELS, delimiter: str = "\t"
) -> str:
    """Write rows without quotes, a header first."""
    rows = [HEADER, *zip(texts, labels, strict=True)]
    return "".join(delimiter.join(row) + "\n" for row in rows)


def dump(labels: Sequence[Any], name: str = "labels") -> str:
    """Write a JSON list with a text and a label cell in each object."""
    return json.dumps([{"text": f"text {i}", name: cell} for i, cell in enumerate(labels)])


def replace_one(texts: Sequence[str], place: int, text: str) -> list[str]:
    """Put another text in one place."""
    return [*texts[:place], text, *texts[place + 1 :]]


def refuse(path: Path, **options: Any) -> DataError:
    """Answer why a file makes no corpus; the error names the file and says what to do."""
    with pytest.raises(DataError) as caught:
        open_corpus(path, **options)
    assert str(path) in caught.value.message
    assert caught.value.hint
    return caught.value


def list_labels(corpus: Corpus) -> list[set[str]]:
    """List the label names of each text."""
    return [
        {name for name, holds in zip(corpus.label_names, row, strict=True) if holds}
        for row in corpus.labels.tolist()
    ]
