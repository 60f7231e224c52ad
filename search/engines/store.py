"""The database of studies. Owns its address, its opening, its list, and deletion; knows no MLflow.

Always an `RDBStorage` made by us: SQLite in WAL mode in the working folder unless told otherwise,
or any PostgreSQL or MySQL address. Optuna's database is what coordinates; MLflow mirrors it.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import optuna
import sqlalchemy
from optuna.exceptions import DuplicatedStudyError
from optuna.storages import BaseStorage, RDBStorage, get_storage
from optuna.study import StudyDirection

from ..errors import StudyError
from .bulk import BulkStorage
from .census import counts_of, delete_trials, outcomes_of, runs_with_networks
from .database import check_schema, holds_studies, path_of, told, without_password
from .holders import held, processes_of
from .trials import TrialRecord

_FACTS = "genre_search"
_RESULT = "genre_search_"
"""What is before the topic in the names of attributes that hold results."""
_SQLITE = "sqlite:///"

TEST, BASELINES, CONFIRMATIONS, REACH = "test", "baselines", "confirmations", "reach"
"""Topics of results: readings of test, and confirmed values, by the trial's number; the baselines'
measures; and what was judged of the target."""


class MissingStoreError(StudyError):
    """There is no database of studies at an address where one must be."""


@dataclass(frozen=True, slots=True)
class StudyFacts:
    """What the store knows of a study besides its trials."""

    name: str
    facts: dict[str, Any]
    last_searched: datetime
    results: dict[str, Any]
    """What was recorded of the study as a whole, by topic."""

    @property
    def test_readings(self) -> dict[str, dict[str, float]]:
        """Measures on the test split by the number of the trial that it was read for."""
        return dict(self.results.get(TEST, {}))


class StudyStore:
    """An open database of studies, whose trials are read into one cache."""

    def __init__(self, url: str, *, must_exist: bool = False, copy: Path | None = None) -> None:
        """Open the database, making it where there is none unless it must exist.

        Args:
            url: its address, by which messages name it.
            must_exist: whether none is made.
            copy: of an SQLite database, to be opened in its place; None for the database itself.

        Raises:
            MissingStoreError: it must exist, and there is none.
            StudyError: the address is none, nothing answers there, or what is there is no database
                of studies of this version of Optuna; it is left as it was.
        """
        self.url = url
        self._shown = without_password(url)
        self._path = path_of(url)
        self._is_new = self._path is not None and not self._path.exists()
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        has_tables = holds_studies(url)
        if must_exist and not has_tables:
            raise MissingStoreError(
                f"{self._path or self._shown}: expected a database of studies, found none",
                "Run `genre-search search` first, or say where it is with --storage.",
            )
        opened = url if copy is None else f"{_SQLITE}{copy}"
        self._database = _opened(opened, self._shown, has_tables=has_tables)
        self.storage: BaseStorage = get_storage(self._database)

    def names(self) -> list[str]:
        """List the studies that are there."""
        return sorted(study.name for study in self.studies())

    def exists(self, name: str) -> bool:
        """Tell whether a study of this name is there."""
        return name in self.names()

    def find(self, name: str | None) -> StudyFacts:
        """Find a study; without a name, or as "latest", the one searched last.

        Raises:
            StudyError: there is none of that name, or none at all.
        """
        studies = self.studies()
        if not studies:
            raise StudyError(
                f"{self._shown}: expected a study, found none", "Run `genre-search search` first."
            )
        if name in (None, "latest"):
            return max(studies, key=lambda study: study.last_searched)
        for study in studies:
            if study.name == name:
                return study
        known = ", ".join(study.name for study in studies)
        raise StudyError(f"{self._shown}: there is no study named {name}", f"There are: {known}.")

    def create(
        self, name: str, facts: dict[str, Any], *, directions: Sequence[str]
    ) -> optuna.Study:
        """Make a study with its facts.

        Args:
            name: of no study that is there.
            facts: JSON.
            directions: `minimize` or `maximize` for each objective.

        Raises:
            StudyError: there is a study of that name, or the database cannot be written.
        """
        ways = [optuna.study.StudyDirection[direction.upper()] for direction in directions]
        with self._told("could not make a study: {}"):
            try:
                study = optuna.create_study(storage=self.storage, study_name=name, directions=ways)
            except DuplicatedStudyError:
                study = self._unstamped(name, ways)
        self.stamp(name, facts)
        return study

    def _unstamped(self, name: str, ways: list[StudyDirection]) -> optuna.Study:
        """Take up a study that a process made and died before it wrote the facts.

        Raises:
            StudyError: it is another one.
        """
        study = self.load(name)
        if study.user_attrs or self.counts(name) or study.directions != ways:
            raise StudyError(
                f"{self._shown}: there is a study named {name} already",
                "Run the same command again where another process has just begun it, or name "
                "another with --study.",
            )
        return study

    def load(self, name: str) -> optuna.Study:
        """Open a study that is there."""
        return optuna.load_study(study_name=name, storage=self.storage)

    def stamp(self, name: str, facts: dict[str, Any]) -> None:
        """Write a study's facts, which must be JSON, and that it is searched now."""
        self._write(name, _FACTS, facts | {"last_searched": datetime.now().isoformat()})

    def record(self, name: str, topic: str, result: Any) -> None:
        """Write down a result of a study, JSON; apart from the facts that a search writes."""
        self._write(name, _RESULT + topic, result)

    def _write(self, name: str, key: str, value: Any) -> None:
        with self._told("could not be written: {}"):
            self.storage.set_study_user_attr(self._id(name), key, value)

    def held(self, name: str) -> AbstractContextManager[None]:
        """Let `owners` know of this process for as long as what is done within takes."""
        with self._told("could not be read: {}"):
            return held(self._database, self._id(name))

    def counts(self, name: str) -> dict[str, int]:
        """Count a study's trials without loading them: by state, in Optuna's words.

        Trials that were not trained here are REUSED, those that were too large REFUSED, and those
        that were interrupted CUT_OFF. What there is none of is left out.
        """
        with self._told("could not be read: {}"):
            return counts_of(self._database.engine, self._id(name))

    def outcomes(self, name: str) -> list[TrialRecord]:
        """List a study's trials by number with states and values alone, which is fast."""
        with self._told("could not be read: {}"):
            return outcomes_of(self._database.engine, self._id(name))

    def runs_with_networks(self, name: str) -> list[str]:
        """List the runs of the trials whose network or checkpoint was kept at some time."""
        with self._told("could not be read: {}"):
            return runs_with_networks(self._database.engine, self._id(name))

    def owners(self, name: str) -> list[dict[str, Any]]:
        """List the processes (`host`, `pid`) that hold a study or run its trials, but dead ones.

        Of those on other machines it is not known whether they live.
        """
        with self._told("could not be read: {}"):
            return processes_of(self._database, self._id(name))

    def facts_of(self, name: str, number: int) -> dict[str, Any]:
        """Give what was noted of one trial, without loading the others."""
        with self._told("could not be read: {}"):
            trial_id = self.storage.get_trial_id_from_study_id_trial_number(self._id(name), number)
            return self.storage.get_trial(trial_id).user_attrs

    def delete(self, name: str) -> None:
        """Delete a study with its trials; one that was half deleted goes whole."""
        with self._told("could not delete a study: {}"):
            study_id = self._id(name)
            delete_trials(self._database.engine, study_id)
            self.storage.delete_study(study_id)

    def remove_if_new(self) -> None:
        """Take an SQLite database away again that this object made."""
        if self._is_new and self._path is not None:
            self._database.engine.dispose()
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self._path}{suffix}").unlink(missing_ok=True)

    def studies(self) -> list[StudyFacts]:
        """List the studies that are there, with what is known of them; their trials stay unread."""
        with self._told("could not be read: {}"):
            stored = self.storage.get_all_studies()
        return [
            StudyFacts(
                study.study_name,
                facts,
                datetime.fromisoformat(facts["last_searched"]),
                {
                    key.removeprefix(_RESULT): value
                    for key, value in study.user_attrs.items()
                    if key.startswith(_RESULT)
                },
            )
            for study in stored
            if (facts := study.user_attrs.get(_FACTS)) is not None
        ]

    def _id(self, name: str) -> int:
        return self.storage.get_study_id_from_name(name)

    def _told(self, message: str) -> AbstractContextManager[None]:
        return told(self._shown, message)


def default_store_url(tracking_uri: str) -> str:
    """Give the store's address: `studies.db` beside MLflow's SQLite database, or right here."""
    is_file = tracking_uri.startswith(_SQLITE)
    folder = Path(tracking_uri.removeprefix(_SQLITE)).parent if is_file else Path()
    return f"{_SQLITE}{folder / 'studies.db'}"


def _opened(url: str, shown: str, *, has_tables: bool) -> RDBStorage:
    with told(shown, "expected a database of studies, got {}"):
        storage = BulkStorage(url, skip_table_creation=has_tables, skip_compatibility_check=True)
        try:
            check_schema(storage, shown)
            if storage.engine.dialect.name == "sqlite":
                with storage.engine.connect() as connection:
                    connection.execute(sqlalchemy.text("PRAGMA journal_mode=WAL"))
        except BaseException:
            storage.engine.dispose()
            raise
    return storage
