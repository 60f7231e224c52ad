"""The studies of both stores, and one of them in full. Owns how the stores are matched.

The store of studies has the trials, MLflow their runs; either can lose a study that the other has.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..engines.store import BASELINES, REACH, MissingStoreError, StudyFacts, StudyStore
from ..errors import TrackingError
from ..report.studies import Runs, StudyRow
from ..study.objectives import Objectives
from ..study.standing import winner_of
from ..tracking.mlflow_studies import StudyRuns, find_runs
from .places import Places
from .studies import confirmations_of

_SHOWN_APART = ("fingerprint", "study_run_id", "last_searched", "corpus", "space")


@dataclass(frozen=True, slots=True)
class StudyPage:
    """Everything that is known of a study."""

    row: StudyRow
    fingerprint: Mapping[str, Any]
    """What trials must share to be one study."""
    settings: Mapping[str, Any]
    """What else it was asked for and found out about its data when it was last searched."""
    best: Mapping[str, Any]
    """Name, run and hyperparameters of the winner; empty without one."""
    tracking_uri: str | None
    """MLflow's; None where it was not reached or is not there."""
    experiment_id: str | None
    """Of the study's run; None where that is not there."""
    study_run_id: str
    results: Mapping[str, Any]
    """What was found besides trials: baselines, confirmed trials, readings of test, learning
    curves."""

    def as_dict(self) -> dict[str, Any]:
        """Give the page as JSON."""
        return self.row.as_dict() | {
            "fingerprint": dict(self.fingerprint),
            "settings": dict(self.settings),
            "winner": dict(self.best),
            "mlflow": {
                "tracking_uri": self.tracking_uri,
                "experiment_id": self.experiment_id,
                "study_run_id": self.study_run_id,
            },
            "results": dict(self.results),
        }


def list_studies(places: Places, say: Callable[[str], None]) -> list[StudyRow]:
    """List the studies that either store has, the one searched last first.

    Args:
        places: where the stores are.
        say: called with a sentence where MLflow does not answer.

    Raises:
        StudyError: there is no store of studies, and no study in MLflow; or it cannot be read.
    """
    runs = _reached(places, say)
    try:
        store = places.open_store(must_exist=True)
    except MissingStoreError:
        if not isinstance(runs, StudyRuns) or not (alone := runs.names()):
            raise
        return [_lone_row(name) for name in alone.values()]
    studies = sorted(store.studies(), key=lambda study: study.last_searched, reverse=True)
    named = runs.names() if isinstance(runs, StudyRuns) else {}
    known = {study.facts["study_run_id"] for study in studies}
    rows = [_row(store, study, _standing(study, runs, named)) for study in studies]
    return rows + [_lone_row(name) for run_id, name in named.items() if run_id not in known]


def show_study(places: Places, name: str | None, say: Callable[[str], None]) -> StudyPage:
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
    runs = _reached(places, say)
    facts, run_id = study.facts, study.facts["study_run_id"]
    row = _row(store, study, _standing(study, runs, {}))
    server = runs.server if isinstance(runs, StudyRuns) else None
    return StudyPage(
        row=row,
        fingerprint=facts["fingerprint"],
        settings={key: value for key, value in facts.items() if key not in _SHOWN_APART},
        best=_best(store, study, row.best_trial),
        tracking_uri=None if server is None else server.uri,
        experiment_id=None if server is None else server.experiment_of(run_id),
        study_run_id=run_id,
        results={
            "baselines": list(study.results.get(BASELINES, {})),
            "confirmed_trials": list(confirmations_of(study.results)),
            "test_read_for_trials": [int(number) for number in study.test_readings],
            "learning_curves": REACH in study.results,
        },
    )


def _reached(places: Places, say: Callable[[str], None]) -> StudyRuns | Runs:
    """Open MLflow's runs, or tell why there are none."""
    try:
        return find_runs(places.tracking_uri) or Runs.GONE
    except TrackingError as error:
        say(f"{error.message}; whether the runs of studies are there is not known")
        return Runs.UNKNOWN


def _standing(study: StudyFacts, runs: StudyRuns | Runs, named: Mapping[str, str]) -> Runs:
    if isinstance(runs, Runs):
        return runs
    run_id = study.facts["study_run_id"]
    # A run has no tags of a study yet where the search died while it was opened.
    is_there = run_id in named or runs.server.experiment_of(run_id) is not None
    return Runs.THERE if is_there else Runs.GONE


def _row(store: StudyStore, study: StudyFacts, runs: Runs) -> StudyRow:
    facts = study.facts
    objective = facts["fingerprint"]["objective"]
    outcomes = store.outcomes(study.name)
    first = Objectives.parse(objective).first
    best = winner_of(outcomes, first, confirmations_of(study.results))
    return StudyRow(
        name=study.name,
        corpus=facts["corpus"],
        space=facts["space"],
        objective=objective,
        # Studies of version 0.1 have no strategy.
        engine=facts.get("strategy", {}).get("engine", "optuna"),
        counts=store.counts(study.name),
        best=None if best is None else best.value,
        best_trial=None if best is None else best.number,
        last_searched=study.last_searched,
        runs=runs,
    )


def _lone_row(name: str) -> StudyRow:
    return StudyRow(name, None, None, None, None, {}, None, None, None, Runs.ALONE)


def _best(store: StudyStore, study: StudyFacts, number: int | None) -> dict[str, Any]:
    if number is None:
        return {}
    facts = store.facts_of(study.name, number)
    return {key: facts.get(key) for key in ("name", "run_id", "hyperparameters")}
