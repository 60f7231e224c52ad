"""A space of three hyperparameters and one fixed, with two starts. Knows no test."""

from collections.abc import Mapping

from search.engines.engine import Engine
from search.engines.sampling import OptunaProposer
from search.engines.store import StudyStore
from search.engines.strategy import choose_strategy
from search.space.dimension import Dimension
from search.space.distribution import Categorical, Fixed, Float, Int
from search.space.hyperparameters import Value
from search.space.space import Space, Start

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


def open_engine(store: StudyStore, *, seed: int = 7, is_minimized: bool = True) -> Engine:
    """Take the study "films" up in a store, making it where it is not there."""
    if store.exists("films"):
        study = store.load("films")
    else:
        direction = "minimize" if is_minimized else "maximize"
        study = store.create("films", {}, directions=[direction])
    strategy = choose_strategy(sampler_options=["n_startup_trials=3"])
    proposer = OptunaProposer(strategy, SPACE, seed=seed, n_epochs=5)
    return Engine(study, SPACE, proposer, seed=seed)
