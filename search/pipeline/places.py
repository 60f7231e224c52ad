"""Where a study's two stores are. Owns the defaults by which every command finds the same ones."""

import os
from dataclasses import dataclass

from ..data.corpus import Corpus
from ..data.download.fetch import Progress
from ..data.masking import mask_label_names
from ..data.open import check_options, fetch_corpus, open_corpus
from ..engines.store import StudyStore, default_store_url


@dataclass(frozen=True, slots=True)
class Places:
    """Addresses as the user gave them; None for the default."""

    tracking_uri: str | None = None
    """MLflow's; by default $MLFLOW_TRACKING_URI, else MLflow's own default."""
    storage: str | None = None
    """The store of studies; by default studies.db beside MLflow's SQLite database, else here."""

    @property
    def store_url(self) -> str:
        """Address of the store of studies."""
        tracking_uri = self.tracking_uri or os.environ.get("MLFLOW_TRACKING_URI", "")
        return self.storage or default_store_url(tracking_uri)

    def open_store(self, *, must_exist: bool = False) -> StudyStore:
        """Open the store of studies.

        Raises:
            StudyError: it cannot be opened, or must exist and does not.
        """
        return StudyStore(self.store_url, must_exist=must_exist)


@dataclass(frozen=True, slots=True)
class DataSource:
    """What `--data` and its options say."""

    source: str
    """A path or the name of a corpus."""
    text_column: str | None = None
    label_column: str | None = None
    label_separator: str | None = None
    mask_label_names: bool = False
    """Whether the names of labels are taken out of the texts."""

    def fetch(self, progress: Progress) -> None:
        """Fetch what the corpus is read from, where it is not there; `open` then fetches nothing.

        Raises:
            DataError: there is no such corpus, it has no columns to name, or cannot be fetched.
        """
        check_options(
            self.source,
            text_column=self.text_column,
            label_column=self.label_column,
            label_separator=self.label_separator,
        )
        fetch_corpus(self.source, progress)

    def open(self) -> Corpus:
        """Read the corpus, with label names masked where that was asked for.

        Raises:
            DataError: it cannot be read, or cannot be used as it is.
        """
        corpus = open_corpus(
            self.source,
            text_column=self.text_column,
            label_column=self.label_column,
            label_separator=self.label_separator,
        )
        return mask_label_names(corpus) if self.mask_label_names else corpus
