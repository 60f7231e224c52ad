"""What every engine does, over SQLite and PostgreSQL."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import optuna
import pytest

from search.engines.engine import Engine
from search.engines.sampling import OptunaProposer
from search.engines.store import StudyStore
from search.engines.strategy import choose_strategy
from search.engines.trials import Proposal, TrialState
from search.space.condition import Condition
from search.space.dimension import Dimension
from search.space.distribution import Categorical, Fixed, Float, Int
from search.space.hyperparameters import Hyperparameters, Value
from search.space.space import Space, Start
from tests.workspace import ROOT

FIRST: dict[str, Value] = {
    "learning_rate": 0.01,
    "recurrent_layers": 1,
    "units_1": 8,
    "dropout": 0.3,
    "cell": "gru",
}
SECOND: dict[str, Value] = FIRST | {"recurrent_layers": 2, "units_2": 4, "cell": "lstm"}
SPACE = Space(
    name="tiny",
    description="",
    hyperparameters={
        "learning_rate": Dimension(Float(1e-4, 1e-1, log=True)),
        "recurrent_layers": Dimension(Int(1, 2)),
        "units_1": Dimension(Int(4, 16, step=4)),
        "units_2": Dimension(Int(2, 64, log=True), (Condition("recurrent_layers", ">=", (2,)),)),
        "dropout": Dimension(Float(0.1, 0.5, step=0.1)),
        "cell": Dimension(Categorical(("lstm", "gru"))),
        "batch_size": Dimension(Fixed(16)),
    },
    starts=(Start("small", FIRST), Start("large", SECOND)),
)
ASKING = """
import sys, time
from search.engines.store import StudyStore
from tests.engines.test_contract import open_engine
kind, url, name = sys.argv[1:]
engine = open_engine(kind, StudyStore(url), name)
proposal = engine.ask()
engine.note(proposal.number, {"run_id": "run of the dead"})
print("asked", flush=True)
time.sleep(600)
"""

Opener = Callable[..., Engine]


def open_engine(kind: str, store: StudyStore, study_name: str) -> Engine:
    """Take a study up, making it where it is not there."""
    study = optuna.create_study(storage=store.storage, study_name=study_name, load_if_exists=True)
    if kind == "optuna":
        strategy = choose_strategy(sampler_options=["n_startup_trials=3"])
        return Engine(study, SPACE, OptunaProposer(strategy, SPACE, seed=7, n_epochs=3), seed=7)
    # Loads Keras.
    from search.engines.tuner import TunerProposer

    settings: dict[str, Any] = {"options": {"factor": 3}, "n_epochs": 3, "is_minimized": True}
    proposer = TunerProposer(SPACE, tuner="hyperband", seed=7, **settings)
    return Engine(study, SPACE, proposer, seed=7)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'studies.db'}"
    return str(request.getfixturevalue("postgresql"))


@pytest.fixture
def connect(url: str) -> Iterator[Callable[[], StudyStore]]:
    """Give what opens the store as another process would, and close all at the end."""
    stores: list[StudyStore] = []

    def connect() -> StudyStore:
        stores.append(StudyStore(url))
        return stores[-1]

    yield connect
    for store in stores:
        store.storage.remove_session()
        store._database.engine.dispose()


@pytest.fixture(params=["optuna", "keras-tuner"])
def opened(request: pytest.FixtureRequest, connect: Callable[[], StudyStore]) -> Opener:
    """Give what takes up a study: the same at each call, or that of another name."""
    one = uuid4().hex
    return lambda name=one: open_engine(request.param, connect(), name)


def value_of(proposal: Proposal) -> float:
    rate = proposal.hyperparameters["learning_rate"]
    assert isinstance(rate, float)
    return abs(rate - 0.01)


def search(engine: Engine, n_trials: int) -> list[Proposal]:
    proposals = []
    for _ in range(n_trials):
        proposal = engine.ask()
        engine.tell(proposal.number, TrialState.COMPLETE, [value_of(proposal)])
        proposals.append(proposal)
    return proposals


def test_a_proposal_has_the_active_hyperparameters_of_a_point_of_the_space(
    opened: Opener,
) -> None:
    for proposal in search(opened(), 8):
        point = proposal.hyperparameters
        assert SPACE.problems_of(point) == []
        assert set(point) == set(SPACE.active(point))
        assert ("units_2" in point) == (point["recurrent_layers"] == 2)
        assert point["batch_size"] == 16


def test_numbers_count_up_and_seeds_differ(opened: Opener) -> None:
    proposals = search(opened(), 5)
    assert [proposal.number for proposal in proposals] == [0, 1, 2, 3, 4]
    assert len({proposal.seed for proposal in proposals}) == 5


def test_starts_come_first_in_their_order(opened: Opener) -> None:
    engine = opened()
    engine.enqueue_starts()
    assert engine.waiting() == ["small", "large"]
    first, second, third = search(engine, 3)
    assert first.hyperparameters == FIRST | {"batch_size": 16}
    assert second.hyperparameters == SECOND | {"batch_size": 16}
    assert [first.start, second.start, third.start] == ["small", "large", ""]
    opened().enqueue_starts()
    assert engine.waiting() == []


def test_what_is_enqueued_is_run_as_it_is_also_outside_of_the_space(opened: Opener) -> None:
    engine = opened()
    given: dict[str, Value] = {"cell": "simple_rnn", "units_1": 64}
    engine.enqueue("notes", Hyperparameters.of(given), given)
    engine.enqueue_starts()
    notes, start, other = search_any(engine, 3)
    assert (notes.start, notes.hyperparameters) == ("notes", given)
    assert start.start == "small" and other.start == "large"
    assert SPACE.problems_of(search(engine, 1)[0].hyperparameters) == []


def search_any(engine: Engine, n_trials: int) -> list[Proposal]:
    proposals = []
    for _ in range(n_trials):
        proposals.append(engine.ask())
        engine.tell(proposals[-1].number, TrialState.COMPLETE, [0.5])
    return proposals


def test_a_trial_that_was_cut_off_is_proposed_again_as_it_was(opened: Opener) -> None:
    engine = opened()
    # With KerasTuner the fourth is a promotion.
    search(engine, 3)
    first = engine.ask()
    engine.abandon(first.number, "interrupted")
    again = opened().ask()
    assert again.number == first.number + 1
    assert again.hyperparameters == first.hyperparameters
    assert (again.n_epochs, again.resumes) == (first.n_epochs, first.resumes)
    record = engine.records()[first.number]
    assert (record.state, record.values, record.is_cut_off) == (TrialState.FAIL, (), True)


def test_a_study_that_is_resumed_proposes_what_one_run_does(opened: Opener) -> None:
    begun = search(opened(), 4)
    resumed = search(opened(), 4)
    assert begun + resumed == search(opened("whole " + uuid4().hex), 8)


def test_failed_and_refused_trials_have_no_value(opened: Opener) -> None:
    engine = opened()
    for _ in range(4):
        number = engine.ask().number
        engine.note(number, {"refused": "9 parameters > 5"})
        engine.tell(number, TrialState.FAIL, None)
    search(engine, 1)
    states = [(record.state, record.values == ()) for record in engine.records()]
    assert states == [(TrialState.FAIL, True)] * 4 + [(TrialState.COMPLETE, False)]


def test_records_keep_what_was_noted_and_told(opened: Opener) -> None:
    engine = opened()
    proposal = engine.ask()
    engine.note(proposal.number, {"metrics": {"val_loss": 0.4}})
    engine.constrain(proposal.number, "gap", 0.01)
    assert not engine.report(proposal.number, 1, 0.4)
    engine.tell(proposal.number, TrialState.COMPLETE, [0.4])
    (record,) = opened().records()
    assert (record.state, record.values) == (TrialState.COMPLETE, (0.4,))
    assert record.hyperparameters == proposal.hyperparameters
    assert record.facts["metrics"] == {"val_loss": 0.4}
    assert not record.is_feasible
    assert record.started is not None and record.ended is not None


# Keras takes long to load in another process: once is enough.
@pytest.mark.parametrize(
    ("kind", "url"),
    [("optuna", "sqlite"), ("optuna", "postgresql"), ("keras-tuner", "sqlite")],
    indirect=["url"],
)
def test_the_trial_of_a_killed_process_is_swept_and_proposed_again(
    kind: str, url: str, connect: Callable[[], StudyStore]
) -> None:
    name = uuid4().hex
    engine = open_engine(kind, connect(), name)
    arguments = [sys.executable, "-c", ASKING, kind, url, name]
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "asked\n"
            assert engine.sweep() == []
        finally:
            process.kill()
    (swept,) = engine.sweep()
    assert (swept.number, swept.facts["run_id"]) == (0, "run of the dead")
    (record,) = engine.records()
    assert record.state is TrialState.FAIL
    again = engine.ask()
    assert (again.number, again.hyperparameters) == (1, record.hyperparameters)
    assert engine.sweep() == []
