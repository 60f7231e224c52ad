"""A corpus, however it is named, and the corpus of a study, read again."""

from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from ..data.corpus import Corpus, DataSource
from ..data.split.split import Split, split_corpus
from ..errors import DataError, ExportError, naming_parameter
from ..metrics.task import Task
from ..store.stored_study import StoredStudy

Readable: TypeAlias = Corpus | DataSource | str | Path
"""A corpus, what it is read from, or the path or name of that."""


def read_corpus(corpus: Readable | None) -> Corpus:
    """Read a corpus, unless it is one already.

    Raises:
        DataError: it is none of these, or cannot be read.
    """
    if isinstance(corpus, Corpus):
        return corpus
    if not isinstance(corpus, DataSource | str | Path):
        raise DataError(
            f"expected a corpus, or the path or name of one, got {type(corpus).__name__}",
            "Make a corpus of texts in memory with Corpus.from_lists(texts, labels).",
            parameter="corpus",
        )
    source = corpus if isinstance(corpus, DataSource) else DataSource(str(corpus))
    with naming_parameter("corpus"):
        return source.open()


def reopen_corpus(stored: StoredStudy) -> tuple[Corpus, Split]:
    """Read a study's corpus again, with its split.

    Raises:
        ExportError: the data are others now, or this version divides them otherwise.
        DataError: the corpus cannot be read any more.
    """
    fingerprint, source = stored.settings.fingerprint, stored.settings.source
    corpus = source.open()
    if corpus.task.is_multiclass and fingerprint.task is None:
        # Studies that are older than this task read one name a text as several labels.
        corpus = replace(source, task=Task.MULTILABEL.value).open()
    if corpus.sha256 != fingerprint.data:
        raise ExportError(
            f"{source.source}: expected the data of study {stored.name} (SHA-256 "
            f"{fingerprint.data[:12]}), found other data ({corpus.sha256[:12]})",
            "Put the file back as it was when the study was searched.",
        )
    split = split_corpus(corpus, seed=fingerprint.seed)
    if split.sha256 != fingerprint.split:
        raise ExportError(
            f"study {stored.name}: expected its split (SHA-256 {fingerprint.split[:12]}), but "
            f"this version divides the same data otherwise ({split.sha256[:12]})",
            "Export with the version that searched it, or search again under another `name`.",
        )
    return corpus, split
