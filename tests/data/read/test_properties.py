"""What is written in any form is read back the same."""

import bz2
import csv
import gzip
import io
import json
import lzma
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.data.corpus import open_corpus
from tests.data.read.written import list_labels
from tests.space.drawing import checked

Draw = Callable[[st.SearchStrategy[Any]], Any]

SIGNS = "ab ,;|\t\"'\n[]{}:é日😀Ж\u2028"
# No comma, pipe or semicolon: in a file without quotes nothing could hold them.
NAMES = ("Drama", "Sci-Fi", "Film noir", "Été", "R&B (live)", "[REC]")
SEPARATOR = "/"
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be")
LEGACY = ("windows-1252", "shift_jis", "gb18030", "iso-8859-5")
"""Always named: a few drawn letters have no frequencies by which one could be recognised."""


def zip_one(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a", content)
    return file.getvalue()


COMPRESSIONS: dict[str, Callable[[bytes], bytes]] = {
    **{"": bytes, ".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress},
    ".zip": zip_one,
}


@dataclass
class Written:
    """A file, what has to be said of it, and what stands in it."""

    content: bytes
    suffix: str
    texts: list[str]
    label_sets: list[list[str]]
    options: dict[str, Any] = field(default_factory=dict)


@st.composite
def tables(draw: Draw, often: str = "") -> tuple[list[str], list[list[str]]]:
    """20 texts or more with one to three labels each; all texts are rough, or only a few.

    Args:
        draw: of Hypothesis.
        often: signs that some of the texts consist of.
    """
    words = (st.text(SIGNS, max_size=20) | st.text(f"{often} a\n", max_size=6)).map(str.strip)
    words = words.filter(bool)
    n = draw(st.integers(20, 25))
    if draw(st.booleans()):
        texts = draw(st.lists(words, min_size=n, max_size=n))
    else:
        rough = draw(st.dictionaries(st.integers(0, n - 1), words, min_size=1, max_size=3))
        texts = [rough.get(i, f"text {i}") for i in range(n)]
    names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)
    return texts, [["Drama", "Sci-Fi"], *draw(st.lists(names, min_size=n - 1, max_size=n - 1))]


@st.composite
def encoded(draw: Draw, text: str, options: dict[str, Any]) -> bytes:
    """Text in an encoding that has its characters."""
    usable = [name for name in LEGACY if text.encode(name, "ignore").decode(name) == text]
    encoding = draw(st.sampled_from([*UNICODE, *usable]))
    if encoding in LEGACY:
        options["encoding"] = encoding
    return text.encode(encoding)


@st.composite
def delimited(draw: Draw) -> Written:
    """Rows with or without quotes, with or without a header."""
    delimiter = draw(st.sampled_from([",", ";", "\t", "|"]))
    quoting = draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONE]))
    quote = draw(st.sampled_from(['"', "'"]))
    texts, label_sets = draw(tables(often=delimiter + quote))
    options: dict[str, Any] = {"label_separator": SEPARATOR}
    if quoting == csv.QUOTE_NONE:
        texts = [text.replace(delimiter, " ").replace("\n", " ") for text in texts]
        options["quote"] = "none"
    elif delimiter == "\t" or quote == "'":
        # Named where it is truly ambiguous: a quoted text with a tab and a line break makes the
        # same bytes as two rows in which quotes are plain characters, and those must not be
        # joined. A text that begins with an apostrophe looks as if apostrophes enclose it.
        options["quote"] = quote
    has_header = draw(st.booleans())
    if not has_header:
        # Any sign that stands as often in each of the drawn texts may separate them; in a header
        # it does not stand.
        options |= {"header": False, "delimiter": delimiter}
        options |= {"text_column": "column 1", "label_column": "column 2"}
        # A file that begins as JSON does is read as JSON.
        texts[0] = texts[0].lstrip("[{")
    texts = [text.strip() or "x" for text in texts]
    rows = [["text", "label"]] * has_header
    rows += [[t, SEPARATOR.join(names)] for t, names in zip(texts, label_sets, strict=True)]
    file, end = io.StringIO(), draw(st.sampled_from(["\n", "\r\n"]))
    if quoting == csv.QUOTE_NONE:
        file.writelines(delimiter.join(row) + end for row in rows)
    else:
        writer = csv.writer(
            file, delimiter=delimiter, quotechar=quote, quoting=quoting, lineterminator=end
        )
        writer.writerows(rows)
    content = draw(encoded(file.getvalue(), options))
    suffix = draw(st.sampled_from([".csv", ".tsv", ".txt", ""]))
    return Written(content, suffix, texts, label_sets, options)


@st.composite
def json_records(draw: Draw) -> Written:
    """A list, lines, or columns; labels as lists, or as lists written into strings."""
    texts, label_sets = draw(tables())
    write_cell = draw(st.sampled_from([list, json.dumps, repr, name_all]))
    cells = [write_cell(names) for names in label_sets]
    records = [{"text": t, "label": cell} for t, cell in zip(texts, cells, strict=True)]
    options: dict[str, Any] = {}
    is_ascii = draw(st.booleans())
    form = draw(st.sampled_from(["list", "lines", "columns", "pandas"]))
    columns = {"text": texts, "label": cells}
    by_row = {name: {str(i): c for i, c in enumerate(column)} for name, column in columns.items()}
    documents: dict[str, list[Any]] = {"list": [records], "columns": [columns], "pandas": [by_row]}
    documents["lines"] = [*records]
    indent = None if form == "lines" else draw(st.sampled_from([None, 1]))
    dumped = [json.dumps(part, ensure_ascii=is_ascii, indent=indent) for part in documents[form]]
    content = draw(encoded("\n".join(dumped), options))
    suffix = draw(st.sampled_from([".json", ".jsonl", ".txt", ".csv", ""]))
    return Written(content, suffix, texts, label_sets, options)


def name_all(names: Sequence[str]) -> list[dict[str, str]]:
    return [{"id": str(i), "name": name} for i, name in enumerate(names)]


@st.composite
def workbooks(draw: Draw) -> Written:
    """The same as an Excel file; it holds each line break as \\n."""
    texts, label_sets = draw(tables())
    cells = [SEPARATOR.join(names) for names in label_sets]
    file = io.BytesIO()
    pd.DataFrame({"text": texts, "label": cells}).to_excel(file, index=False, engine="openpyxl")
    suffix = draw(st.sampled_from([".xlsx", ".csv", ""]))
    return Written(file.getvalue(), suffix, texts, label_sets, {"label_separator": SEPARATOR})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Answer a folder that all examples share."""
    return tmp_path_factory.mktemp("written")


# Most of what can be read wrongly is in delimited text.
@checked(60)
@given(
    written=st.one_of(delimited(), delimited(), delimited(), json_records(), workbooks()),
    compression=st.sampled_from(list(COMPRESSIONS)),
)
def test_what_is_written_in_any_form_is_read_back(
    folder: Path, written: Written, compression: str
) -> None:
    path = folder / f"a{written.suffix}{compression}"
    path.write_bytes(COMPRESSIONS[compression](written.content))
    corpus = open_corpus(path, **written.options)
    assert corpus.texts == tuple(written.texts)
    assert list_labels(corpus) == [set(names) for names in written.label_sets]
    counts = Counter(name for names in written.label_sets for name in names)
    assert list(corpus.label_names) == sorted(counts, key=lambda name: (-counts[name], name))
