"""Open a corpus by the path of a file or by its name.

Owns the list of named corpora and which files each is fetched from. Knows neither formats nor
columns: it calls the modules that do.
"""

import difflib
from pathlib import Path

import numpy as np

from ..errors import DataError
from .assemble import assemble_corpus
from .columns import find_columns
from .corpus import Corpus, Task
from .download.fetch import Progress, fetch
from .download.files import IMDB_ARCHIVE, IMDB_INDEX, WIKIPEDIA_FILES, RemoteFile
from .imdb import INDEX_NAME, read_imdb
from .reading import read_table
from .wikipedia import read_wikipedia

NAMED_CORPORA = ("synopses", "imdb", "wikipedia-movies")
"""What can be opened without a file."""

_ARCHIVE_SUFFIX = ".npz"


def open_corpus(
    source: str,
    *,
    text_column: str | None = None,
    label_column: str | None = None,
    label_separator: str | None = None,
    progress: Progress | None = None,
) -> Corpus:
    """Open the corpus that `source` names, or the file at that path.

    A name wins over a file of the same name; write `./synopses` for the file. What a corpus is
    fetched from is fetched once (see `fetch_corpus`).

    Args:
        source: a name of NAMED_CORPORA, or a path; an .npz is read as Keras's imdb.npz, with the
            imdb_word_index.json that lies beside it, else with Keras's own.
        text_column: the column of the texts; None finds it.
        label_column: the column of the labels; None finds it.
        label_separator: what separates the labels of a cell; None infers it.
        progress: told how far a file is that is fetched.

    Raises:
        DataError: nothing is found under `source`, the file cannot be read, fetched, or makes no
            corpus, or an option is given that a named corpus or an archive does not have.
    """
    check_options(
        source,
        text_column=text_column,
        label_column=label_column,
        label_separator=label_separator,
    )
    fetched = fetch_corpus(source, progress)
    if source == "synopses":
        return _generate_synopses()
    if source == "imdb":
        return read_imdb(fetched[0], fetched[1], name=source)
    if source == "wikipedia-movies":
        return read_wikipedia(fetched, name=source)
    path = Path(source)
    if _is_archive(path):
        index = fetched[0] if fetched else path.with_name(INDEX_NAME)
        return read_imdb(path, index, name=_stem(path))
    frame = read_table(path)
    try:
        columns = find_columns(frame, text_column=text_column, label_column=label_column)
        return assemble_corpus(frame, columns, name=_stem(path), label_separator=label_separator)
    except DataError as error:
        raise DataError(f"{source}: {error.message}", error.hint) from error


def fetch_corpus(source: str, progress: Progress | None = None) -> tuple[Path, ...]:
    """Answer the files, not counting `source` itself, that the corpus is read from.

    Those that are not in the cache folder (GENRE_SEARCH_CACHE, else the platform's) are fetched
    from their homes, or from the mirror of GENRE_SEARCH_MIRROR.

    Raises:
        DataError: nothing is found under `source`, or a file cannot be fetched.
    """
    files = _files_of(source)
    return tuple(
        fetch(file, progress, others=files[place:]) for place, file in enumerate(files, start=1)
    )


def check_options(
    source: str,
    *,
    text_column: str | None,
    label_column: str | None,
    label_separator: str | None,
) -> None:
    """Check the options of columns, before anything is fetched or read.

    Raises:
        DataError: an empty separator, or any option where there are no columns.
    """
    options = {
        "--text-column": text_column,
        "--label-column": label_column,
        "--label-separator": label_separator,
    }
    given = ", ".join(option for option, value in options.items() if value is not None)
    found = f"the named corpus {source!r}" if source in NAMED_CORPORA else f"the archive {source}"
    if given and (source in NAMED_CORPORA or _is_archive(Path(source))):
        message = f"expected a file of columns for {given}, found {found}"
        raise DataError(message, f"Leave off {given}, or give the path of a table.")
    if label_separator == "":
        raise DataError("--label-separator: expected a sign, found an empty string", "Leave it off")


def _files_of(source: str) -> tuple[RemoteFile, ...]:
    if source in NAMED_CORPORA:
        named = {"imdb": (IMDB_ARCHIVE, IMDB_INDEX), "wikipedia-movies": WIKIPEDIA_FILES}
        return named.get(source, ())
    path = Path(source)
    if not path.exists():
        raise _nothing_found(source, path)
    needs_index = _is_archive(path) and not path.with_name(INDEX_NAME).exists()
    return (IMDB_INDEX,) if needs_index else ()


def _is_archive(path: Path) -> bool:
    return path.suffix.lower() == _ARCHIVE_SUFFIX


def _generate_synopses() -> Corpus:
    # Imported here: the grammar is of no use to whoever opens a file.
    from .synopses import generate

    synopses = generate()
    return Corpus(
        name="synopses",
        texts=tuple(synopses.texts),
        labels=np.asarray(synopses.labels, dtype=np.uint8),
        label_names=tuple(synopses.label_names),
        task=Task.MULTILABEL,
        notes=(
            "generated by a grammar: these texts tell of no real film",
            f"no model can have a loss below {synopses.floor:.4f} nats a label on these texts, "
            "because some labels are drawn at random",
        ),
        floor=float(synopses.floor),
    )


def _nothing_found(source: str, path: Path) -> DataError:
    """Word the error, with the nearest name among the named corpora and the files beside."""
    folder = path.parent
    beside = [str(file.name) for file in folder.iterdir()] if folder.is_dir() else []
    # By their stems: a shared .csv makes no two names alike.
    stems = {_stem(Path(name)): name for name in [*beside, *NAMED_CORPORA]}
    near = [stems[stem] for stem in difflib.get_close_matches(_stem(path), list(stems), n=1)]
    known = ", ".join(NAMED_CORPORA)
    message = (
        f"expected a file or a named corpus ({known}), found nothing: no corpus is named "
        f"{source!r} and no file is at {path.absolute()}"
    )
    if not near:
        return DataError(message, "Check the path.")
    found = near[0] if near[0] in NAMED_CORPORA else str(folder / near[0])
    return DataError(message, f"Did you mean {found}?")


def _stem(path: Path) -> str:
    """Answer the name of the file without its format: netflix_titles of netflix_titles.csv.gz."""
    return Path(path.name.removesuffix(".gz")).stem
