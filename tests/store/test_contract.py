"""What every engine does, over SQLite and PostgreSQL."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import optuna
import pytest

from search.engines.optuna_proposer import OptunaProposer
from search.engines.strategy import choose_strategy
from search.space.condition import Condition
from search.space.dimension import Dimension
from search.space.distribution import Categorical, Fixed, Float, Int
from search.space.hyperparameters import Value
from search.space.preset import Preset
from search.space.space import Space, Start
from search.store.study_store import StudyStore
from search.store.trial_store import TrialStore
from search.trial.proposal import Proposal
from search.trial.state import TrialState
from tests.engines.tiny import begin, finish
from tests.store.conftest import close
from tests.store.test_codec import TRAINING

ROOT = Path(__file__).parents[2]
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
from search.store.study_store import StudyStore
from tests.engines.tiny import begin
from tests.store.test_contract import open_trials
kind, url, name = sys.argv[1:]
trials = open_trials(kind, StudyStore(url), name)
trials.save(begin(trials.ask(), run_id="run of the dead"))
print("asked", flush=True)
time.sleep(600)
"""

Opener = Callable[..., TrialStore]


def open_trials(kind: str, store: StudyStore, study_name: str) -> TrialStore:
    """Open the trials of a study, and make the study where there is none."""
    study = optuna.create_study(storage=store.storage, study_name=study_name, load_if_exists=True)
    if kind == "optuna":
        strategy = choose_strategy(sampler_options=["n_startup_trials=3"])
        proposer = OptunaProposer(strategy, SPACE, seed=7, n_epochs=3)
        return TrialStore(study, SPACE, proposer, seed=7)
    # Loads Keras.
    from search.engines.tuner_proposer import TunerProposer

    strategy = choose_strategy(engine="keras-tuner", tuner_options=["factor=3"])
    tuner = TunerProposer(strategy, SPACE, seed=7, n_epochs=3, is_minimized=True)
    return TrialStore(study, SPACE, tuner, seed=7)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        path = tmp_path / "studies.db"
        path.write_bytes(request.getfixturevalue("empty_database"))
        return f"sqlite:///{path}"
    return str(request.getfixturevalue("postgresql"))


@pytest.fixture
def open_store(url: str) -> Iterator[Callable[[], StudyStore]]:
    """Give what opens the database as another process would, and closes all at the end."""
    stores: list[StudyStore] = []

    def open_store() -> StudyStore:
        stores.append(StudyStore(url))
        return stores[-1]

    yield open_store
    for store in stores:
        close(store)


@pytest.fixture(params=["optuna", "keras-tuner"])
def opened(request: pytest.FixtureRequest, open_store: Callable[[], StudyStore]) -> Opener:
    """Give what opens the trials of a study: the same at each call, or that of another name."""
    one = uuid4().hex
    return lambda name=one: open_trials(request.param, open_store(), name)


def search(trials: TrialStore, n_trials: int) -> list[Proposal]:
    """Run trials whose value is a simple function of the learning rate."""
    proposals = []
    for _ in range(n_trials):
        proposal = trials.ask()
        rate = float(proposal.hyperparameters.get("learning_rate", 0.5))
        finish(trials, proposal, abs(rate - 0.01))
        proposals.append(proposal)
    return proposals


def test_a_proposal_has_the_active_hyperparameters_of_a_point_of_the_space(
    opened: Opener,
) -> None:
    for proposal in search(opened(), 8):
        point = proposal.hyperparameters
        assert SPACE.find_problems(point) == []
        assert set(point) == set(SPACE.list_active(point))
        assert ("units_2" in point) == (point["recurrent_layers"] == 2)
        assert point["batch_size"] == 16


def test_numbers_count_up_and_seeds_differ(opened: Opener) -> None:
    proposals = search(opened(), 5)
    assert [proposal.number for proposal in proposals] == [0, 1, 2, 3, 4]
    assert len({proposal.seed for proposal in proposals}) == 5


def test_starts_come_first_in_their_order(opened: Opener) -> None:
    trials = opened()
    trials.enqueue_starts()
    assert trials.waiting() == ["small", "large"]
    first, second, third = search(trials, 3)
    assert first.hyperparameters == FIRST | {"batch_size": 16}
    assert second.hyperparameters == SECOND | {"batch_size": 16}
    assert [first.start, second.start, third.start] == ["small", "large", ""]
    opened().enqueue_starts()
    assert trials.waiting() == []


def test_an_enqueued_preset_is_run_as_it_is_also_outside_of_the_space(opened: Opener) -> None:
    trials = opened()
    given: dict[str, Value] = {"cell": "simple_rnn", "units_1": 64}
    trials.enqueue_preset(Preset("notes", "", given))
    trials.enqueue_starts()
    notes, start, other = search(trials, 3)
    assert (notes.start, notes.hyperparameters) == ("notes", given)
    assert (start.start, other.start) == ("small", "large")
    assert SPACE.find_problems(search(trials, 1)[0].hyperparameters) == []
    assert trials.trials()[0].hyperparameters == given


def test_an_interrupted_trial_is_proposed_again_as_it_was(opened: Opener) -> None:
    trials = opened()
    # With KerasTuner the fourth is a promotion.
    search(trials, 3)
    first = trials.ask()
    trials.interrupt(begin(first), "Ctrl-C")
    again = opened().ask()
    assert again.number == first.number + 1
    assert again.hyperparameters == first.hyperparameters
    assert (again.n_epochs, again.resumes) == (first.n_epochs, first.resumes)
    trial = trials.trials()[first.number]
    assert (trial.state, trial.values, trial.is_interrupted) == (TrialState.FAIL, (), True)


def test_a_study_that_is_resumed_proposes_what_one_run_does(opened: Opener) -> None:
    begun = search(opened(), 4)
    resumed = search(opened(), 4)
    assert begun + resumed == search(opened("whole " + uuid4().hex), 8)


def test_failed_and_refused_trials_have_no_value(opened: Opener) -> None:
    trials = opened()
    for refusal in ("", "9 parameters > 5"):
        trials.end(begin(trials.ask(), state=TrialState.FAIL, refusal=refusal))
    search(trials, 1)
    states = [(trial.state, trial.values == ()) for trial in trials.trials()]
    assert states == [(TrialState.FAIL, True)] * 2 + [(TrialState.COMPLETE, False)]
    assert [trial.is_refused for trial in trials.trials()] == [False, True, False]


def test_a_trial_is_read_as_it_was_saved_and_ended(opened: Opener) -> None:
    trials = opened()
    proposal = trials.ask()
    running = begin(proposal, run_id="abc", name="#0 gru 8", violations={"gap": 0.25})
    trials.save(running)
    (read,) = opened().trials()
    assert read.started is not None
    assert replace(read, started=None) == running
    assert not trials.report(proposal.number, 1, 0.4)
    ended = replace(running, state=TrialState.COMPLETE, values=(0.4,), training=TRAINING)
    trials.end(ended)
    (read,) = opened().trials()
    assert read.ended is not None
    assert replace(read, started=None, ended=None) == ended


# Keras takes long to load in another process: once is enough.
@pytest.mark.parametrize(
    ("kind", "url"),
    [("optuna", "sqlite"), ("optuna", "postgresql"), ("keras-tuner", "sqlite")],
    ids=["optuna-sqlite", "optuna-postgresql", "keras-tuner-sqlite"],
    indirect=["url"],
)
def test_the_trial_of_a_killed_process_is_recovered_and_proposed_again(
    kind: str, url: str, open_store: Callable[[], StudyStore]
) -> None:
    name = uuid4().hex
    trials = open_trials(kind, open_store(), name)
    arguments = [sys.executable, "-c", ASKING, kind, url, name]
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "asked\n"
            assert trials.recover() == []
            (running,) = trials.trials()
            assert running.state is TrialState.RUNNING
        finally:
            process.kill()
    (recovered,) = trials.recover()
    assert (recovered.number, recovered.run_id) == (0, "run of the dead")
    assert recovered.is_interrupted and "died" in recovered.failure
    (trial,) = trials.trials()
    assert trial.state is TrialState.FAIL
    again = trials.ask()
    assert (again.number, again.hyperparameters) == (1, running.hyperparameters)
    assert trials.recover() == []
