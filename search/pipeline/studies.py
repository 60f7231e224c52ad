"""Studies that are there, read back. Owns the way from the store to a summary; loads no MLflow."""

from ..engines.optuna_engine import records_of
from ..engines.store import StudyFacts, StudyStore
from ..engines.trials import TrialRecord
from ..errors import StudyError
from ..report.summary import Summary
from ..training.history import Objective
from .places import Places


def read_study(places: Places, name: str | None) -> Summary:
    """Read a study: the one named, or the one searched last.

    Raises:
        StudyError: there is no such study.
    """
    store = places.open_store(must_exist=True)
    return summary_of(store, store.find(name))


def winner_of(summary: Summary) -> TrialRecord:
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
    return Summary(
        study=study.name,
        objective=Objective(study.facts["fingerprint"]["objective"]),
        target=study.facts["target"],
        prior_loss=study.facts["prior_loss"],
        floor=study.facts["floor"],
        records=records_of(store.load(study.name)),
    )
