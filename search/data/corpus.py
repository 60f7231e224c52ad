"""A corpus, and the source that it is read from.

Owns the name of a corpus, and which reader a source needs. Each of the two types names the other,
so they share a module. Knows neither formats nor columns: it calls the modules that do.
"""

import difflib
import os
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

from ..errors import DataError
from ..metrics.task import Task
from .file_errors import naming_file
from .labelled_texts import LabelledTexts, LabelMatrix
from .masking import mask_label_names
from .named.files import Progress
from .read.compression import SUFFIXES

__all__ = ["Corpus", "DataSource", "LabelMatrix", "Task", "open_corpus"]

USUAL_BAD_SHARE = 0.01
"""Share of broken rows that are left out at most where no other is given."""

_SIGNS = ("label_separator", "delimiter")
_WORDS: dict[str, dict[str | bool, Any]] = {
    "header": {"yes": True, "no": False, "auto": None},
    "task": {"auto": None},
    "merge_label_case": {"yes": True, "no": False},
    "skip_bad_rows": {**dict.fromkeys(("yes", True), USUAL_BAD_SHARE), **{"no": 0.0, False: 0.0}},
}
"""What words of the command line mean."""

# The readers are imported where they are called: whoever loads an exported bundle needs no pandas.


@dataclass(frozen=True, kw_only=True, repr=False)
class Corpus(LabelledTexts):
    """Texts with labels under a name, and where they can be read again."""

    name: str
    """Short name for runs and studies."""
    source: "DataSource | None" = None
    """What the corpus was opened from; None for texts in memory. It does not enter the hash."""

    def __repr__(self) -> str:
        n_labels = len(self.label_names)
        return f"<Corpus {self.name}: {len(self.texts):,} texts, {n_labels} labels>"

    @classmethod
    def from_lists(
        cls,
        texts: Iterable[str],
        labels: Iterable[Any],
        *,
        task: str | None = None,
        name: str = "texts",
    ) -> Self:
        """Make a corpus of texts in memory.

        Texts and labels are understood as the two columns of a file are: texts are stripped; rows
        without a text or a label are dropped; two different single labels make a binary task, more
        of them one choice for each text, and lists a task of several labels. `write_corpus` makes a
        file of it that gives the same corpus.

        Args:
            texts: n strings.
            labels: for each text a list, tuple or set of label names; or one label a text, as a
                name, 0 or 1, True or False.
            task: binary, multiclass or multilabel; None decides by the labels.
            name: becomes the name of the corpus.

        Raises:
            DataError: texts and labels are of different number or of another type, there are none,
                or they make no corpus (too few texts, one label only).
        """
        from .read.assembly import LabelRules, assemble_texts
        from .read.lists import LIST_COLUMNS, tabulate

        _check_choice("task", task, (None, *Task))
        rules = LabelRules(task=None if task is None else Task(task))
        content = assemble_texts(tabulate(texts, labels), LIST_COLUMNS, rules)
        return cls(name=name, **_list_content(content))

    def with_source(self, source: "DataSource") -> Self:
        """Give the same corpus with a source; what was computed of it stays computed."""
        copied = copy(self)
        object.__setattr__(copied, "source", source)
        return copied


@dataclass(frozen=True, slots=True)
class DataSource:
    """A file or a named corpus, and how it is to be read."""

    source: str
    """A path, or one of NAMED_CORPORA. A name wins over a file: write `./synopses` for the file."""
    text_column: str | None = None
    """The column of the texts; None detects it."""
    label_column: str | None = None
    """The column of the labels; None detects it."""
    label_columns: Sequence[str] | None = None
    """Columns of which each says whether a text has one label; `*` and `?` stand for characters.
    None detects them."""
    label_separator: str | None = None
    """What separates the labels of a cell; None infers it."""
    empty_labels: str = "drop"
    """What becomes of texts without a label: drop, or keep with an empty label set."""
    merge_label_case: bool = False
    """Whether labels that differ only in case are one label."""
    delimiter: str | None = None
    """What separates the fields of a line; None detects it."""
    quote: str | None = None
    """What encloses a field, '"' or "'", or none; None detects it."""
    header: bool | None = None
    """Whether the first row names the columns; None decides by the content."""
    encoding: str | None = None
    """Of a text file; None detects it."""
    skip_bad_rows: float = 0.0
    """Largest share of broken rows that are left out, in [0, 1]; True for 0.01."""
    task: str | None = None
    """What is predicted: binary, multiclass or multilabel; None decides by the labels."""
    mask_label_names: bool = False
    """Whether the names of labels are taken out of the texts."""
    name: str | None = None
    """Name for the corpus; None takes the file's stem or the name of the named corpus."""

    def __post_init__(self) -> None:
        """Check what can be checked without the file.

        Raises:
            DataError: an option has a value that it cannot have.
        """
        self._translate_words()
        for parameter in (*_SIGNS, "encoding", "text_column", "label_column"):
            value = getattr(self, parameter)
            if not (value is None or isinstance(value, str)):
                message = f"expected a string, got {value!r:.60}"
                raise DataError(message, "Give a string.", parameter=parameter)
        for parameter in _SIGNS:
            if getattr(self, parameter) == "":
                message = "expected a sign, found an empty string"
                hint = f"Leave off `{parameter}` to have it detected."
                raise DataError(message, hint, parameter=parameter)
        _check_choice("empty_labels", self.empty_labels, ("drop", "keep"))
        _check_choice("quote", self.quote, (None, '"', "'", "none"))
        _check_choice("task", self.task, (None, *Task))
        _check_choice("header", self.header, (None, True, False))
        _check_choice("merge_label_case", self.merge_label_case, (True, False))
        is_number = isinstance(self.skip_bad_rows, int | float)
        if not (is_number and 0 <= self.skip_bad_rows <= 1):
            raise DataError(
                f"expected a share of the rows from 0 to 1, got {self.skip_bad_rows!r}",
                "Give a share such as 0.01 for 1 %.",
                parameter="skip_bad_rows",
            )

    def _translate_words(self) -> None:
        """Take words of the command line, such as yes, for what they mean."""
        names = self.label_columns
        if isinstance(names, str):
            names = names.split(",")
        if names is not None:
            if not (isinstance(names, list | tuple) and all(isinstance(n, str) for n in names)):
                message = f"expected names of columns, got {names!r:.60}"
                raise DataError(message, "Give a list of names.", parameter="label_columns")
            # The database of studies writes tuples as lists.
            object.__setattr__(self, "label_columns", tuple(name.strip() for name in names))
        for parameter, words in _WORDS.items():
            value = getattr(self, parameter)
            if isinstance(value, str | bool) and value in words:
                object.__setattr__(self, parameter, words[value])

    def fetch(self, progress: Progress | None = None) -> None:
        """Download what the corpus is read from, unless it is there; `open` then downloads nothing.

        Args:
            progress: called with how far a download is.

        Raises:
            DataError: nothing is found under `source`, it is no file that could be read in another
                way, or a file cannot be downloaded.
        """
        from .named.catalogue import NAMED
        from .named.downloads import fetch_all

        given = [
            field.name
            for field in fields(self)
            if field.name not in ("source", "mask_label_names", "name")
            and getattr(self, field.name) != field.default
        ]
        if given and self.source in NAMED:
            listed = ", ".join(f"`{name}`" for name in given)
            raise DataError(
                f"expected a file with columns, found the named corpus {self.source!r}",
                f"Leave off {listed}, or give the path of a table.",
                parameter=given[0],
            )
        if self.source in NAMED:
            fetch_all(NAMED[self.source].files, progress)
        elif not os.path.lexists(self.source):
            raise _find_nothing(self.source, tuple(NAMED))

    def open(self, progress: Progress | None = None) -> Corpus:
        """Read the corpus, with label names masked where that was asked for.

        Args:
            progress: called with how far a download is.

        Raises:
            DataError: as `fetch`, or the file cannot be read or makes no corpus.
        """
        from .named.catalogue import NAMED

        self.fetch(progress)
        if self.source in NAMED:
            named, name = NAMED[self.source], self.source
            content = named.read(*named.files)
        else:
            content, name = self._read_file(), _cut_suffix(Path(self.source))
        if self.mask_label_names:
            content = mask_label_names(content)
        return Corpus(name=self.name or name, source=self, **_list_content(content))

    def _read_file(self) -> LabelledTexts:
        from .read.assembly import LabelRules, assemble_texts
        from .read.columns import ColumnChoice, find_columns
        from .read.tables import FileFormat, read_table

        choice = ColumnChoice(self.text_column, self.label_column, tuple(self.label_columns or ()))
        rules = LabelRules(
            self.label_separator,
            self.empty_labels == "keep",
            self.merge_label_case,
            None if self.task is None else Task(self.task),
        )
        file_format = FileFormat(
            self.delimiter, self.quote, self.header, self.encoding, self.skip_bad_rows
        )
        table = read_table(Path(self.source), file_format, choice)
        with naming_file(Path(self.source)):
            try:
                columns = find_columns(table.frame, choice)
                return assemble_texts(table.frame, columns, rules, table.notes)
            except DataError as error:
                message = f"{error.message} (read as: {table.form})"
                raise DataError(message, error.hint, parameter=error.parameter) from error


def open_corpus(
    path_or_name: str | Path,
    *,
    text_column: str | None = None,
    label_column: str | None = None,
    label_columns: Sequence[str] | None = None,
    label_separator: str | None = None,
    empty_labels: str = "drop",
    merge_label_case: bool = False,
    delimiter: str | None = None,
    quote: str | None = None,
    header: bool | None = None,
    encoding: str | None = None,
    skip_bad_rows: float = 0.0,
    task: str | None = None,
    mask_label_names: bool = False,
    name: str | None = None,
    progress: Progress | None = None,
) -> Corpus:
    """Open a corpus by the path of a file or by its name.

    Args:
        path_or_name: a CSV, TSV, JSON, JSON lines, Excel or Parquet file, also compressed, or one
            of NAMED_CORPORA.
        text_column: the column of the texts; None detects it.
        label_column: the column of the labels; None detects it.
        label_columns: columns of which each says whether a text has one label (0 or 1, true or
            false, yes or no); `*` and `?` stand for characters.
        label_separator: what separates the labels of a cell; None infers it.
        empty_labels: what becomes of texts without a label: drop, or keep.
        merge_label_case: whether labels that differ only in case are one label.
        delimiter: what separates the fields of a line; None detects it.
        quote: what encloses a field, '"' or "'", or none; None detects it.
        header: whether the first row names the columns; None decides by the content.
        encoding: of a text file; None detects it.
        skip_bad_rows: largest share of broken rows that are left out, in [0, 1]; True for 0.01.
        task: what is predicted: binary, multiclass or multilabel; None decides by the labels.
        mask_label_names: whether the names of labels are taken out of the texts.
        name: name for the corpus; None takes the file's stem or the name of the named corpus.
        progress: called with how far a download is.

    Raises:
        DataError: nothing is found under that name, or it makes no corpus.
    """
    if not isinstance(path_or_name, str | Path):
        raise DataError(
            f"expected a path or a name, got {type(path_or_name).__name__}",
            'Make a corpus of columns with Corpus.from_lists(frame["text"], frame["labels"]).',
            parameter="path_or_name",
        )
    source = DataSource(
        str(path_or_name),
        text_column=text_column,
        label_column=label_column,
        label_columns=label_columns,
        label_separator=label_separator,
        empty_labels=empty_labels,
        merge_label_case=merge_label_case,
        delimiter=delimiter,
        quote=quote,
        header=header,
        encoding=encoding,
        skip_bad_rows=skip_bad_rows,
        task=task,
        mask_label_names=mask_label_names,
        name=name,
    )
    return source.open(progress)


def _check_choice(parameter: str, value: object, choices: tuple[object, ...]) -> None:
    if value not in choices:
        listed = " or ".join(sorted(str(choice) for choice in choices if choice is not None))
        raise DataError(
            f"expected {listed}, got {value!r}", "Give one of these.", parameter=parameter
        )


def _list_content(content: LabelledTexts) -> dict[str, Any]:
    """Answer the fields of labelled texts by their names, as the constructor takes them."""
    return {
        field.name: getattr(content, field.name) for field in fields(LabelledTexts) if field.init
    }


def _find_nothing(source: str, names: tuple[str, ...]) -> DataError:
    """Word the error, with the nearest name among the named corpora and the files beside."""
    path = Path(source)
    folder = path.parent
    beside = [str(file.name) for file in folder.iterdir()] if folder.is_dir() else []
    # By their stems: a shared .csv makes no two names alike.
    stems = {_cut_suffix(Path(name)): name for name in [*beside, *names]}
    near = [stems[stem] for stem in difflib.get_close_matches(_cut_suffix(path), list(stems), n=1)]
    message = (
        f"expected a file or a named corpus ({', '.join(names)}), found nothing: no corpus is "
        f"named {source!r} and no file is at {path.absolute()}"
    )
    if not near:
        return DataError(message, "Check the path.")
    found = near[0] if near[0] in names else str(folder / near[0])
    return DataError(message, f"Did you mean {found}?")


def _cut_suffix(path: Path) -> str:
    """Name a file without its format: netflix_titles of netflix_titles.csv.gz."""
    name = path.name
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return Path(name).stem
