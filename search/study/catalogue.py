"""The studies of both stores, and one of them in full. Owns how the stores are matched.

The database of studies has the trials, MLflow their runs; either can lose a study that the other
has.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import TrackingError
from ..report.studies import Runs, StudyRow
from ..store.codec import encode_settings
from ..store.stored_study import StoredStudy
from ..store.study_store import MissingStoreError, StudyStore
from ..tracking.mlflow_studies import StudyRuns, find_runs
from ..trial.confirmation import find_best_network
from ..trial.trial import Trial
from .places import Places

_SHOWN_APART = ("fingerprint", "study_run_id", "corpus", "space")
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class StudyPage:
    """Everything that is known of a study."""

    row: StudyRow
    fingerprint: Mapping[str, Any]
    """What trials must share to be one study."""
    settings: Mapping[str, Any]
    """What else it was asked for and found out about its data when it was last searched."""
    best: Trial | None
    """The trial with the best network; None without one."""
    mlflow: Mapping[str, str | None]
    """Address, experiment and run of the study; None where they were not reached or are gone."""
    results: Mapping[str, Any]
    """What was found besides trials: baselines, confirmed trials, readings of test, learning
    curves, the winner."""

    def as_dict(self) -> dict[str, Any]:
        """Give the page as JSON."""
        network: dict[str, Any] = {}
        if self.best is not None:
            network = {"name": self.best.name, "run_id": self.best.run_id}
            network["hyperparameters"] = dict(self.best.hyperparameters)
        return self.row.as_dict() | {
            "fingerprint": self.fingerprint,
            "settings": self.settings,
            "best_network": network,
            "mlflow": self.mlflow,
            "results": self.results,
        }


def list_rows(places: Places, say: Say) -> list[StudyRow]:
    """List the studies that either store has, the one searched last first.

    Args:
        places: where the stores are.
        say: called with a sentence where MLflow does not answer.

    Raises:
        StudyError: there is no database of studies, and no study in MLflow; or it cannot be read.
    """
    runs = _reach(places, say)
    named = runs.names() if isinstance(runs, StudyRuns) else {}
    try:
        store = places.open_store(must_exist=True)
    except MissingStoreError:
        if not named:
            raise
        return [StudyRow(name) for name in named.values()]
    studies = sorted(store.studies(), key=lambda study: study.last_searched, reverse=True)
    rows = [_make_row(store, study, _find_run(study, runs, named)) for study in studies]
    lone = named.keys() - {study.settings.study_run_id for study in studies}
    return rows + [StudyRow(name) for run_id, name in named.items() if run_id in lone]


def show_study(places: Places, name: str | None, say: Say) -> StudyPage:
    """Describe a study: the one named, or the one searched last.

    Args:
        places: where the stores are.
        name: of the study.
        say: called with a sentence where MLflow does not answer.

    Raises:
        StudyError: there is no such study.
    """
    store = places.open_store(must_exist=True)
    study = store.find(name)
    runs = _reach(places, say)
    settings, run_id = study.settings, study.settings.study_run_id
    row = _make_row(store, study, _find_run(study, runs, {}))
    server = runs.server if isinstance(runs, StudyRuns) else None
    listed = encode_settings(settings).items()
    return StudyPage(
        row=row,
        fingerprint=settings.fingerprint.parts,
        settings={key: value for key, value in listed if key not in _SHOWN_APART},
        best=None if row.best_trial is None else store.trial(study.name, row.best_trial),
        mlflow={
            "tracking_uri": None if server is None else server.uri,
            "experiment_id": None if server is None else server.find_experiment(run_id),
            "study_run_id": run_id,
        },
        results={
            "baselines": [baseline.name for baseline in study.baselines],
            "confirmed_trials": list(study.confirmations),
            "test_read_for": [reading.name for reading in study.test_readings.values()],
            "learning_curves": study.curves is not None,
            "winner": None if study.contest is None else study.contest.find().name,
        },
    )


def _reach(places: Places, say: Say) -> StudyRuns | Runs:
    """Open MLflow's runs, or tell why there are none."""
    try:
        return find_runs(places.tracking_uri) or Runs.GONE
    except TrackingError as error:
        say(f"{error.message}; whether the runs of studies are there is not known")
        return Runs.UNKNOWN


def _find_run(study: StoredStudy, runs: StudyRuns | Runs, named: Mapping[str, str]) -> Runs:
    if isinstance(runs, Runs):
        return runs
    run_id = study.settings.study_run_id
    # A run has no tags of a study yet where the search died while it was opened.
    is_there = run_id in named or runs.server.find_experiment(run_id) is not None
    return Runs.THERE if is_there else Runs.GONE


def _make_row(store: StudyStore, study: StoredStudy, runs: Runs) -> StudyRow:
    settings = study.settings
    trials = store.outcomes(study.name)
    best = find_best_network(trials, settings.objectives.first, study.confirmations)
    return StudyRow(
        name=study.name,
        corpus=settings.corpus,
        space=settings.space,
        objective=settings.fingerprint.objective,
        engine=settings.strategy["engine"],
        trials=store.count_trials(study.name),
        best=None if best is None else best.value,
        best_trial=None if best is None else best.number,
        last_searched=study.last_searched,
        runs=runs,
    )
