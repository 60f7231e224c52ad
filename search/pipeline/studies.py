"""Studies that are there, read back. Owns the way from the store to a summary; loads no MLflow."""

from collections.abc import Mapping
from typing import Any

from ..engines.optuna_engine import records_of
from ..engines.store import BASELINES, CONFIRMATIONS, REACH, StudyFacts, StudyStore
from ..engines.trials import TrialRecord
from ..errors import StudyError
from ..report.baseline import BaselineRecord
from ..report.learning_curves import LearningCurves
from ..report.summary import Summary
from ..study.confirmation import Confirmation
from ..training.history import Objective
from .places import Places


def read_study(places: Places, name: str | None) -> Summary:
    """Read a study: the one named, or the one searched last.

    Raises:
        StudyError: there is no such study.
    """
    store = places.open_store(must_exist=True)
    return summary_of(store, store.find(name))


def required_winner(summary: Summary) -> TrialRecord:
    """Give the best trial.

    Raises:
        StudyError: no trial is complete.
    """
    if summary.best is None:
        raise StudyError(
            f"study {summary.study}: expected a complete trial, found none",
            "Run the search again to go on with it.",
        )
    return summary.best


def summary_of(store: StudyStore, study: StudyFacts) -> Summary:
    """Collect what a study in a store has come to."""
    facts, results = study.facts, study.results
    return Summary(
        study=study.name,
        objective=Objective(facts["fingerprint"]["objective"]),
        target=facts["target"],
        prior_loss=facts["prior_loss"],
        floor=facts["floor"],
        records=records_of(store.load(study.name)),
        # Studies of version 0.1 have neither.
        forced_loss=facts.get("forced_loss", 0.0),
        leaks=facts.get("leaks", False),
        max_gap=facts["fingerprint"].get("max_gap"),
        baselines=[BaselineRecord.from_dict(b) for b in results.get(BASELINES, {}).values()],
        confirmations=confirmations_of(results),
        curves=LearningCurves.from_dict(results[REACH]) if REACH in results else None,
    )


def confirmations_of(results: Mapping[str, Any]) -> dict[int, Confirmation]:
    """Read the confirmations, by the trial's number, out of a study's results."""
    known: Mapping[str, list[dict[str, Any]]] = results.get(CONFIRMATIONS, {})
    return {int(n): Confirmation.from_list(int(n), entries) for n, entries in known.items()}
