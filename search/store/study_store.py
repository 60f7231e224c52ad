"""The database of studies. Owns how it is opened, and how studies are listed, written and deleted.

It is an `RDBStorage` made here: by default SQLite in WAL mode in the working folder, or any
PostgreSQL or MySQL address. Processes coordinate through it; MLflow, unknown here, mirrors it.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import optuna
import sqlalchemy
from optuna.exceptions import DuplicatedStudyError
from optuna.storages import BaseStorage, RDBStorage, get_storage

from ..errors import StudyError
from ..metrics.learning_curves import LearningCurves
from ..trial.baseline import Baseline
from ..trial.candidate import Contest, SealedReading
from ..trial.confirmation import Confirmations
from ..trial.objective import Direction
from ..trial.process import Process
from ..trial.trial import Trial
from . import codec, database
from .bulk import BulkStorage
from .candidates import encode_readings
from .processes import list_processes, process_noted
from .stored_study import StoredStudy, StudySettings
from .trial_counts import count_trials, delete_trials, list_runs_with_networks, read_outcomes
from .trial_store import read_trials

_SQLITE = "sqlite:///"


class MissingStoreError(StudyError):
    """There is no database of studies at an address where one must exist."""


class StudyStore:
    """An open database of studies, with one cache of trials."""

    def __init__(self, url: str, *, must_exist: bool = False, copy: Path | None = None) -> None:
        """Open the database, and make it where there is none, unless it must exist.

        Args:
            url: its address, which messages show.
            must_exist: whether to refuse an address without a database.
            copy: of an SQLite database, opened in its place; None to open the database itself.

        Raises:
            MissingStoreError: it must exist, and there is none.
            StudyError: the address is malformed, nothing answers there, or it is no database of
                studies of this version of Optuna, which is left as it was.
        """
        self.url = url
        self._shown = database.without_password(url)
        self._path = database.find_path(url)
        self._is_new = self._path is not None and not self._path.exists()
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        has_tables = database.holds_studies(url)
        if must_exist and not has_tables:
            raise MissingStoreError(
                f"{self._path or self._shown}: expected a database of studies, found none",
                "Run `genre-search search` first, or say where it is with `storage`.",
            )
        opened = url if copy is None else f"{_SQLITE}{copy}"
        with self._errors("expected a database of studies, got {}"):
            self._database = _open_storage(opened, self._shown, has_tables=has_tables)
        self.storage: BaseStorage = get_storage(self._database)

    def names(self) -> list[str]:
        """List the names of the studies, sorted."""
        return sorted(study.name for study in self.studies())

    def find(self, name: str | None) -> StoredStudy:
        """Find a study; by None or "latest" the one that was searched last.

        Raises:
            StudyError: there is no study of that name, or none at all.
        """
        if name in (None, "latest"):
            studies = self.studies()
            if not studies:
                raise StudyError(
                    f"{self._shown}: expected a study, found none",
                    "Run `genre-search search` first.",
                )
            return max(studies, key=lambda study: study.last_searched)
        study = self.read(str(name))
        if study is None:
            known = ", ".join(self.names()) or "none"
            raise StudyError(
                f"{self._shown}: there is no study named {name}", f"There are: {known}."
            )
        return study

    def read(self, name: str) -> StoredStudy | None:
        """Read a study; None where there is none of that name."""
        with self._errors("could not be read: {}"):
            try:
                study_id = self.storage.get_study_id_from_name(name)
            except KeyError:
                return None
            return codec.decode_study(name, self.storage.get_study_user_attrs(study_id))

    def create(
        self, name: str, settings: StudySettings, *, directions: Sequence[Direction]
    ) -> optuna.Study:
        """Make a study with its settings.

        Args:
            name: of the new study.
            settings: of the study.
            directions: `minimize` or `maximize` for each objective.

        Raises:
            StudyError: there is a study of that name, or the database cannot be written.
        """
        with self._errors("could not make a study: {}"):
            try:
                study = optuna.create_study(
                    storage=self.storage, study_name=name, directions=directions
                )
            except DuplicatedStudyError:
                study = self._take_unfinished(name, directions)
        self.write_settings(name, settings)
        return study

    def _take_unfinished(self, name: str, directions: Sequence[Direction]) -> optuna.Study:
        """Open a study whose process died before it wrote the settings.

        Raises:
            StudyError: the study has attributes, trials or other directions.
        """
        study = self.load(name)
        found = [direction.name.lower() for direction in study.directions]
        if study.user_attrs or self.count_trials(name) or found != list(directions):
            raise StudyError(
                f"{self._shown}: there is a study named {name} already",
                "Run the same command again where another process has just begun it, or name "
                "another with `name`.",
            )
        return study

    def load(self, name: str) -> optuna.Study:
        """Open a study that exists as Optuna's."""
        return optuna.load_study(study_name=name, storage=self.storage)

    def trials(self, name: str) -> list[Trial]:
        """List all trials of a study by number, except those still enqueued.

        Raises:
            StudyError: the database is damaged, or does not answer.
        """
        with database.study_errors(self.url):
            return read_trials(self.load(name), {})

    def write_settings(self, name: str, settings: StudySettings) -> None:
        """Write a study's settings, and that it is being searched now."""
        self._write(name, codec.SETTINGS, codec.encode_search(settings))

    def write_baselines(self, name: str, baselines: Sequence[Baseline]) -> None:
        """Write the baselines of a study."""
        self._write(name, codec.BASELINES, {entry.name: asdict(entry) for entry in baselines})

    def write_confirmations(self, name: str, confirmations: Confirmations) -> None:
        """Write the confirmations of a study's best trials."""
        self._write(name, codec.CONFIRMATIONS, codec.encode_confirmations(confirmations))

    def write_curves(self, name: str, curves: LearningCurves) -> None:
        """Write the learning curves of a study."""
        self._write(name, codec.CURVES, asdict(curves))

    def write_contest(self, name: str, contest: Contest) -> None:
        """Write the candidates of a study."""
        self._write(name, codec.CONTEST, asdict(contest))

    def write_test_readings(self, name: str, readings: Mapping[str, SealedReading]) -> None:
        """Write what was measured on the test split, by the key of the candidate."""
        self._write(name, codec.TEST, encode_readings(readings))

    def _write(self, name: str, key: str, value: Any) -> None:
        with self._errors("could not be written: {}"):
            self.storage.set_study_user_attr(self._find_id(name), key, value)

    def is_open_here(self, name: str) -> bool:
        """Tell whether this process has a study open."""
        return Process.current() in self.processes(name)

    def process_noted(self, name: str) -> AbstractContextManager[None]:
        """Note that this process has a study open, until the end of the block; see `processes`."""
        with self._errors("could not be read: {}"):
            return process_noted(self._database, self._find_id(name))

    def count_trials(self, name: str) -> dict[str, int]:
        """Count a study's trials by state, in Optuna's words, without loading them.

        Trials with the values of another are counted as REUSED, those whose network was too large
        as REFUSED, and interrupted ones as CUT_OFF. Kinds without a trial are left out.
        """
        with self._errors("could not be read: {}"):
            return count_trials(self._database.engine, self._find_id(name))

    def outcomes(self, name: str) -> list[Trial]:
        """List a study's trials by number with their states and values only, which is fast."""
        with self._errors("could not be read: {}"):
            return read_outcomes(self._database.engine, self._find_id(name))

    def runs_with_networks(self, name: str) -> list[str]:
        """List the runs of the trials whose network or checkpoint was ever kept."""
        with self._errors("could not be read: {}"):
            return list_runs_with_networks(self._database.engine, self._find_id(name))

    def processes(self, name: str) -> list[Process]:
        """List the processes that have a study open or run trials of it, except dead ones.

        Processes of other machines are listed: nobody here knows whether they live.
        """
        with self._errors("could not be read: {}"):
            return list_processes(self._database, self._find_id(name))

    def trial(self, name: str, number: int) -> Trial:
        """Read one trial, and load no other."""
        with self._errors("could not be read: {}"):
            study_id = self._find_id(name)
            trial_id = self.storage.get_trial_id_from_study_id_trial_number(study_id, number)
            return codec.decode_trial(self.storage.get_trial(trial_id))

    def delete(self, name: str) -> None:
        """Delete a study with its trials, also one whose deletion was interrupted."""
        with self._errors("could not delete a study: {}"):
            study_id = self._find_id(name)
            delete_trials(self._database.engine, study_id)
            self.storage.delete_study(study_id)

    def remove_if_new(self) -> None:
        """Remove the SQLite database if this object made it."""
        if self._is_new and self._path is not None:
            self._database.engine.dispose()
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self._path}{suffix}").unlink(missing_ok=True)

    def studies(self) -> list[StoredStudy]:
        """List the studies with their settings and results; their trials are not read."""
        with self._errors("could not be read: {}"):
            stored = self.storage.get_all_studies()
        decoded = (codec.decode_study(study.study_name, study.user_attrs) for study in stored)
        return [study for study in decoded if study is not None]

    def _find_id(self, name: str) -> int:
        return self.storage.get_study_id_from_name(name)

    def _errors(self, message: str) -> AbstractContextManager[None]:
        return database.database_errors(self.url, message)


def default_store_url(tracking_uri: str) -> str:
    """Name the database beside MLflow's SQLite database, or else in the working folder."""
    is_file = tracking_uri.startswith(_SQLITE)
    folder = Path(tracking_uri.removeprefix(_SQLITE)).parent if is_file else Path()
    return f"{_SQLITE}{folder / 'studies.db'}"


def _open_storage(url: str, shown: str, *, has_tables: bool) -> RDBStorage:
    storage = BulkStorage(url, skip_table_creation=has_tables, skip_compatibility_check=True)
    try:
        database.check_schema(storage, shown)
        if storage.engine.dialect.name == "sqlite":
            with storage.engine.connect() as connection:
                connection.execute(sqlalchemy.text("PRAGMA journal_mode=WAL"))
    except BaseException:
        storage.engine.dispose()
        raise
    return storage
