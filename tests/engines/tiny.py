"""A space of three hyperparameters and one fixed, with two starts, and how its trials are run."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from search.engines.optuna_proposer import OptunaProposer
from search.engines.strategy import choose_strategy
from search.space.dimension import Dimension
from search.space.distribution import Categorical, Fixed, Float, Int
from search.space.hyperparameters import Value
from search.space.space import Space, Start
from search.store.study_store import StudyStore
from search.store.trial_store import TrialStore
from search.trial.objective import Direction
from search.trial.proposal import Proposal
from search.trial.state import TrialState
from search.trial.trial import Trial
from tests.store.settings import make_settings

FIRST: Mapping[str, Value] = {"learning_rate": 0.01, "units_1": 4, "cell": "gru"}
SECOND: Mapping[str, Value] = {"learning_rate": 0.001, "units_1": 8, "cell": "lstm"}

SPACE = Space(
    name="tiny",
    description="",
    hyperparameters={
        "learning_rate": Dimension(Float(1e-4, 1e-1, log=True)),
        "units_1": Dimension(Int(2, 16)),
        "cell": Dimension(Categorical(("lstm", "gru"))),
        "batch_size": Dimension(Fixed(16)),
    },
    starts=(Start("small", FIRST), Start("large", SECOND)),
)


def open_trials(store: StudyStore, *, seed: int = 7, is_minimized: bool = True) -> TrialStore:
    """Open the trials of the study "films", and make the study where there is none."""
    if store.read("films") is not None:
        study = store.load("films")
    else:
        direction: Direction = "minimize" if is_minimized else "maximize"
        study = store.create("films", make_settings(), directions=[direction])
    return TrialStore(study, SPACE, _propose(seed), seed=seed)


def open_in_memory() -> TrialStore:
    """Open the trials of a new study of the same kind that no database keeps."""
    return TrialStore.in_memory(SPACE, _propose(7), seed=7, directions=["minimize"])


def _propose(seed: int) -> OptunaProposer:
    strategy = choose_strategy(sampler_options=["n_startup_trials=3"])
    return OptunaProposer(strategy, SPACE, seed=seed, n_epochs=5)


def begin(proposal: Proposal, **known: Any) -> Trial:
    """Give the running trial of a proposal, with what else is known of it."""
    trial = Trial(
        proposal.number,
        TrialState.RUNNING,
        hyperparameters=proposal.hyperparameters,
        start=proposal.start,
        is_enqueued=proposal.is_enqueued,
        n_epochs=proposal.n_epochs,
        resumes=proposal.resumes,
    )
    return replace(trial, **known)


def finish(trials: TrialStore, proposal: Proposal, *values: float, **known: Any) -> None:
    """End a trial as COMPLETE with its values, with what else is known of it."""
    trials.end(begin(proposal, **{"state": TrialState.COMPLETE, "values": values} | known))
