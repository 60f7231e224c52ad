"""The database of studies. Owns its address, its opening and its list; knows no MLflow.

Always an `RDBStorage` made by us: SQLite in WAL mode in the working folder unless told otherwise,
or any PostgreSQL or MySQL address. Optuna's database is what coordinates; MLflow mirrors it.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import optuna
import sqlalchemy
from optuna.storages import RDBStorage
from sqlalchemy.exc import SQLAlchemyError

from ..errors import StudyError

_FACTS = "genre_search"
_RESULT = "genre_search_"
"""What is before the topic in the names of attributes that hold results."""
_SQLITE = "sqlite:///"

TEST, BASELINES, CONFIRMATIONS, REACH = "test", "baselines", "confirmations", "reach"
"""Topics of results: readings of test, and confirmed values, by the trial's number; the baselines'
measures; and what was judged of the target."""


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
    """An open database of studies."""

    def __init__(self, url: str, *, must_exist: bool = False) -> None:
        """Open the database, making it where there is none unless it must exist.

        Raises:
            StudyError: the address is none, nothing answers there, or it is no Optuna database.
        """
        self.url = url
        shown = _without_password(url)
        self._path = Path(url.removeprefix(_SQLITE)) if url.startswith(_SQLITE) else None
        path = self._path
        self._is_new = path is not None and not path.exists()
        if must_exist and self._is_new:
            raise StudyError(
                f"{path}: expected a database of studies, found none",
                "Run `genre-search search` first, or say where it is with --storage.",
            )
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        try:
            self.storage = RDBStorage(url)
            if url.startswith("sqlite"):
                with self.storage.engine.connect() as connection:
                    connection.execute(sqlalchemy.text("PRAGMA journal_mode=WAL"))
        except (SQLAlchemyError, ImportError, RuntimeError, ValueError) as error:
            raise StudyError(
                f"{shown}: expected a database of studies, got {_first_line(error)}",
                "Give another with --storage, such as sqlite:///studies.db.",
            ) from error

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
                f"{_without_password(self.url)}: expected a study, found none",
                "Run `genre-search search` first.",
            )
        if name in (None, "latest"):
            return max(studies, key=lambda study: study.last_searched)
        for study in studies:
            if study.name == name:
                return study
        known = ", ".join(study.name for study in studies)
        raise StudyError(
            f"{_without_password(self.url)}: there is no study named {name}", f"There are: {known}."
        )

    def create(self, name: str, facts: dict[str, Any], *, is_minimized: bool) -> optuna.Study:
        """Make a study with its facts."""
        directions = optuna.study.StudyDirection
        direction = directions.MINIMIZE if is_minimized else directions.MAXIMIZE
        study = optuna.create_study(storage=self.storage, study_name=name, direction=direction)
        self.stamp(name, facts)
        return study

    def load(self, name: str) -> optuna.Study:
        """Open a study that is there."""
        return optuna.load_study(study_name=name, storage=self.storage)

    def stamp(self, name: str, facts: dict[str, Any]) -> None:
        """Write a study's facts, which must be JSON, and that it is searched now."""
        stamped = facts | {"last_searched": datetime.now().isoformat()}
        self.load(name).set_user_attr(_FACTS, stamped)

    def record(self, name: str, topic: str, result: Any) -> None:
        """Write down a result of a study, JSON; apart from the facts that a search writes."""
        self.load(name).set_user_attr(_RESULT + topic, result)

    def remove_if_new(self) -> None:
        """Take an SQLite database away again that this object made."""
        if self._is_new and self._path is not None:
            self.storage.engine.dispose()
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self._path}{suffix}").unlink(missing_ok=True)

    def studies(self) -> list[StudyFacts]:
        """List the studies that are there, with what is known of them."""
        found = []
        for summary in optuna.get_all_study_summaries(self.storage, include_best_trial=False):
            facts = summary.user_attrs.get(_FACTS)
            if facts is not None:
                stamp = datetime.fromisoformat(facts["last_searched"])
                results = {
                    key.removeprefix(_RESULT): value
                    for key, value in summary.user_attrs.items()
                    if key.startswith(_RESULT)
                }
                found.append(StudyFacts(summary.study_name, facts, stamp, results))
        return found


def default_store_url(tracking_uri: str) -> str:
    """Give the store's address: `studies.db` beside MLflow's SQLite database, or right here."""
    is_file = tracking_uri.startswith(_SQLITE)
    folder = Path(tracking_uri.removeprefix(_SQLITE)).parent if is_file else Path()
    return f"{_SQLITE}{folder / 'studies.db'}"


def _without_password(url: str) -> str:
    try:
        return sqlalchemy.make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return url


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
