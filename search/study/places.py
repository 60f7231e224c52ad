"""Where a study's two stores are. Owns the defaults by which every command finds the same ones."""

import os
from dataclasses import dataclass

from ..store.study_store import MissingStoreError, StudyStore, default_store_url


@dataclass(frozen=True, slots=True)
class Places:
    """Addresses as the user gave them; None for the default."""

    tracking_uri: str | None = None
    """MLflow's; by default $MLFLOW_TRACKING_URI, else MLflow's own default."""
    storage: str | None = None
    """The database of studies; by default studies.db beside MLflow's SQLite database, else here."""

    @property
    def store_url(self) -> str:
        """Address of the database of studies."""
        tracking_uri = self.tracking_uri or os.environ.get("MLFLOW_TRACKING_URI", "")
        return self.storage or default_store_url(tracking_uri)

    def open_store(self, *, must_exist: bool = False) -> StudyStore:
        """Open the database of studies.

        Raises:
            StudyError: it cannot be opened, or must exist and does not.
        """
        return StudyStore(self.store_url, must_exist=must_exist)

    def find_store(self) -> StudyStore | None:
        """Open the database of studies; None where there is none.

        Raises:
            StudyError: it cannot be opened.
        """
        try:
            return self.open_store(must_exist=True)
        except MissingStoreError:
            return None
