"""A corpus, and the source that it is read from.

Owns the name of a corpus, and which reader a source needs. Each of the two types names the other,
so they share a module. Knows neither formats nor columns: it calls the modules that do.
"""

import difflib
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

from ..errors import DataError
from .file_errors import naming_file
from .labelled_texts import LabelledTexts, LabelMatrix, Task
from .masking import mask_label_names
from .named.files import Progress

__all__ = ["Corpus", "DataSource", "LabelMatrix", "Task", "open_corpus"]

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
        cls, texts: Iterable[str], labels: Iterable[Any], *, name: str = "texts"
    ) -> Self:
        """Make a corpus of texts in memory.

        Texts and labels are understood as the two columns of a file are: texts are stripped; rows
        without a text or a label are dropped; two different single labels make a binary task,
        anything else a task of several labels. `write_corpus` makes a file of it that gives the
        same corpus.

        Args:
            texts: n strings.
            labels: for each text a list, tuple or set of label names; or one label a text, as a
                name, 0 or 1, True or False.
            name: becomes the name of the corpus.

        Raises:
            DataError: texts and labels are of different number or of another type, there are none,
                or they make no corpus (too few texts, one label only).
        """
        from .read.assembly import assemble_texts
        from .read.lists import LIST_COLUMNS, tabulate

        content = assemble_texts(tabulate(texts, labels), LIST_COLUMNS)
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
    label_separator: str | None = None
    """What separates the labels of a field; None infers it."""
    mask_label_names: bool = False
    """Whether the names of labels are taken out of the texts."""
    name: str | None = None
    """Name for the corpus; None takes the file's stem or the name of the named corpus."""

    def fetch(self, progress: Progress | None = None) -> None:
        """Download what the corpus is read from, unless it is there; `open` then downloads nothing.

        Args:
            progress: called with how far a download is.

        Raises:
            DataError: nothing is found under `source`, it has no columns to choose, the separator
                is empty, or a file cannot be downloaded.
        """
        from .named.catalogue import NAMED
        from .named.downloads import fetch_all

        names = ("text_column", "label_column", "label_separator")
        given = [name for name in names if getattr(self, name) is not None]
        if given and self.source in NAMED:
            listed = ", ".join(f"`{name}`" for name in given)
            raise DataError(
                f"expected a file with columns, found the named corpus {self.source!r}",
                f"Leave off {listed}, or give the path of a table.",
                parameter=given[0],
            )
        if self.label_separator == "":
            raise DataError(
                "expected a sign, found an empty string",
                "Leave off `label_separator` to have it inferred.",
                parameter="label_separator",
            )
        if self.source in NAMED:
            fetch_all(NAMED[self.source].files, progress)
        elif not Path(self.source).exists():
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
        from .read.assembly import assemble_texts
        from .read.columns import find_columns
        from .read.tables import read_table

        frame = read_table(Path(self.source))
        with naming_file(Path(self.source)):
            columns = find_columns(
                frame, text_column=self.text_column, label_column=self.label_column
            )
            return assemble_texts(frame, columns, label_separator=self.label_separator)


def open_corpus(
    path_or_name: str | Path,
    *,
    text_column: str | None = None,
    label_column: str | None = None,
    label_separator: str | None = None,
    mask_label_names: bool = False,
    name: str | None = None,
    progress: Progress | None = None,
) -> Corpus:
    """Open a corpus by the path of a file or by its name.

    Args:
        path_or_name: a CSV, TSV, JSON, JSON lines or Parquet file, or one of NAMED_CORPORA.
        text_column: the column of the texts; None detects it.
        label_column: the column of the labels; None detects it.
        label_separator: what separates the labels of a field; None infers it.
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
        label_separator=label_separator,
        mask_label_names=mask_label_names,
        name=name,
    )
    return source.open(progress)


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
    return Path(path.name.removesuffix(".gz")).stem
