import json
import math
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from search.engines.engine import Engine
from search.engines.sampling import OptunaProposer
from search.engines.store import StudyStore
from search.engines.strategy import choose_strategy
from search.engines.trials import Proposal, TrialState, derived_seed
from search.space.hyperparameters import Hyperparameters, Value
from tests.engines.tiny import FIRST, SECOND, SPACE, open_engine

ROOT = Path(__file__).parents[2]
ASKING = """
import sys, time
from search.engines.store import StudyStore
from tests.engines.tiny import open_engine
engine = open_engine(StudyStore(sys.argv[1]))
proposal = engine.ask()
engine.note(proposal.number, {"run_id": "run of the dead"})
print("asked", flush=True)
time.sleep(600)
"""


@pytest.fixture
def store(tmp_path: Path) -> StudyStore:
    return StudyStore(f"sqlite:///{tmp_path / 'studies.db'}")


@pytest.fixture
def engine(store: StudyStore) -> Engine:
    return open_engine(store)


def complete(engine: Engine, value: float) -> Proposal:
    """Run a trial whose three epochs all have one value."""
    proposal = engine.ask()
    for epoch in (1, 2, 3):
        engine.report(proposal.number, epoch, value)
    engine.tell(proposal.number, TrialState.COMPLETE, [value])
    return proposal


def search(engine: Engine, n_trials: int) -> list[Proposal]:
    """Run trials whose value is a simple function of the hyperparameters."""
    proposals = []
    for _ in range(n_trials):
        proposal = engine.ask()
        rate = proposal.hyperparameters["learning_rate"]
        assert isinstance(rate, float)
        engine.tell(proposal.number, TrialState.COMPLETE, [abs(rate - 0.01)])
        proposals.append(proposal)
    return proposals


@contextmanager
def another_process(store: StudyStore) -> Iterator["subprocess.Popen[str]"]:
    """Start a process that holds a running trial of the study."""
    arguments = [sys.executable, "-c", ASKING, store.url]
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "asked\n"
        try:
            yield process
        finally:
            process.kill()


def test_the_known_good_starts_come_first_and_in_order(engine: Engine) -> None:
    engine.enqueue_starts()
    first, second, third = (complete(engine, 0.5) for _ in range(3))
    assert first.hyperparameters == {**FIRST, "batch_size": 16}
    assert second.hyperparameters == {**SECOND, "batch_size": 16}
    assert [first.start, second.start, third.start] == ["small", "large", ""]
    assert [first.number, second.number, third.number] == [0, 1, 2]


def enqueue(engine: Engine, name: str, **values: Value) -> None:
    engine.enqueue(name, Hyperparameters.of(values), values)


def test_what_is_enqueued_comes_before_the_starts_that_follow_it(engine: Engine) -> None:
    enqueue(engine, "ours", learning_rate=0.05, units_1=3, cell="gru", batch_size=16)
    engine.enqueue_starts()
    ours, small = engine.ask(), engine.ask()
    assert (ours.start, small.start) == ("ours", "small")
    assert ours.hyperparameters == {
        "learning_rate": 0.05,
        "units_1": 3,
        "cell": "gru",
        "batch_size": 16,
    }


def test_a_configuration_outside_of_the_space_is_tried_as_it_is(engine: Engine) -> None:
    outside: dict[str, Value] = {"cell": "simple_rnn", "units_1": 64, "optimizer": "rmsprop"}
    enqueue(engine, "notes", **outside)
    proposal = complete(engine, 0.1)
    assert (proposal.start, proposal.hyperparameters) == ("notes", outside)
    assert engine.records()[0].hyperparameters == outside


def test_the_sampler_models_all_parameters_together_beside_a_trial_outside_of_the_space(
    engine: Engine, store: StudyStore
) -> None:
    enqueue(engine, "notes", cell="simple_rnn")
    complete(engine, 0.1)
    search(engine, 6)
    attributes = store.load("films").trials[-1].system_attrs
    together = json.loads(attributes["tpe:relative_params:0"])
    assert set(together) == {"learning_rate", "units_1", "cell"}


def test_a_configuration_is_put_there_once_in_a_study(engine: Engine) -> None:
    # The first start of the space under another name, and one outside of it.
    for _ in range(2):
        enqueue(engine, "ours", **FIRST, batch_size=16)
        enqueue(engine, "notes", cell="simple_rnn")
        engine.enqueue_starts()
    assert engine.waiting() == ["ours", "notes", "large"]
    assert [engine.ask().start for _ in range(4)] == ["ours", "notes", "large", ""]
    enqueue(engine, "notes", cell="simple_rnn")
    assert engine.waiting() == []


def test_another_configuration_of_the_same_name_is_another(engine: Engine) -> None:
    engine.enqueue_starts()
    enqueue(engine, "small", cell="simple_rnn")
    assert engine.waiting() == ["small", "large", "small"]


def test_what_was_enqueued_is_called_by_its_name(engine: Engine) -> None:
    enqueue(engine, "notes", cell="simple_rnn")
    engine.enqueue_starts()
    assert [engine.ask().name for _ in range(2)] == ["#0 notes", ""]


def test_a_trial_outside_of_the_space_that_was_cut_off_is_proposed_again(
    engine: Engine,
) -> None:
    enqueue(engine, "notes", cell="simple_rnn")
    first = engine.ask()
    engine.abandon(first.number, "interrupted")
    again = engine.ask()
    assert (again.start, again.hyperparameters) == ("notes", {"cell": "simple_rnn"})


def test_starts_that_wait_are_no_records(engine: Engine) -> None:
    engine.enqueue_starts()
    assert engine.records() == []


def test_a_proposal_is_within_the_space(engine: Engine) -> None:
    for proposal in search(engine, 6):
        rate, units = (proposal.hyperparameters[name] for name in ("learning_rate", "units_1"))
        assert isinstance(rate, float) and 1e-4 <= rate <= 1e-1
        assert isinstance(units, int) and 2 <= units <= 16
        assert proposal.hyperparameters["cell"] in ("lstm", "gru")


def test_each_trial_has_a_seed_of_its_own_from_that_of_the_study(
    engine: Engine, tmp_path: Path
) -> None:
    seeds = [proposal.seed for proposal in search(engine, 4)]
    assert len(set(seeds)) == 4
    assert all(0 <= seed < 2**31 for seed in seeds)
    other = StudyStore(f"sqlite:///{tmp_path / 'other.db'}")
    assert [proposal.seed for proposal in search(open_engine(other, seed=8), 4)] != seeds


def test_derived_seeds_differ_for_neighbours() -> None:
    seeds = {derived_seed(seed, number) for seed in range(30) for number in range(30)}
    assert len(seeds) == 900


def test_a_resumed_study_draws_what_one_process_would_have_drawn(
    store: StudyStore, tmp_path: Path
) -> None:
    # Three trials are drawn at random and the others from the model of TPE.
    whole = search(open_engine(StudyStore(f"sqlite:///{tmp_path / 'whole.db'}")), 7)
    begun = search(open_engine(store), 2)
    resumed = search(open_engine(StudyStore(store.url)), 5)
    assert begun + resumed == whole
    assert len({proposal.hyperparameters["learning_rate"] for proposal in whole}) == 7


def test_records_tell_what_became_of_a_trial(engine: Engine) -> None:
    proposal = engine.ask()
    engine.note(proposal.number, {"run_id": "abc", "metrics": {"val_loss": 0.4}})
    (running,) = engine.records()
    assert (running.state, running.value, running.ended) == (TrialState.RUNNING, None, None)
    engine.tell(proposal.number, TrialState.COMPLETE, [0.4])
    (record,) = engine.records()
    assert (record.number, record.state, record.value) == (0, TrialState.COMPLETE, 0.4)
    assert record.hyperparameters == proposal.hyperparameters
    assert record.facts["run_id"] == "abc"
    assert record.facts["metrics"] == {"val_loss": 0.4}
    assert record.started is not None and record.ended is not None
    assert not record.is_refused


def test_a_failed_trial_has_no_value(engine: Engine) -> None:
    proposal = engine.ask()
    engine.note(proposal.number, {"refused": "9 parameters > 5"})
    engine.tell(proposal.number, TrialState.FAIL, None)
    (record,) = engine.records()
    assert (record.state, record.value, record.is_refused) == (TrialState.FAIL, None, True)


@pytest.mark.parametrize(("is_minimized", "good", "bad"), [(True, 0.3, 0.8), (False, 0.8, 0.3)])
def test_a_hopeless_trial_is_given_up_after_warm_up_with_its_best_value(
    store: StudyStore, is_minimized: bool, good: float, bad: float
) -> None:
    engine = open_engine(store, is_minimized=is_minimized)
    for _ in range(3):
        complete(engine, good)
    number = engine.ask().number
    assert not engine.report(number, 1, bad)
    assert engine.report(number, 2, bad)
    engine.tell(number, TrialState.PRUNED, [bad])
    record = engine.records()[number]
    assert (record.state, record.value) == (TrialState.PRUNED, bad)


def test_a_trial_as_good_as_the_others_goes_on(engine: Engine) -> None:
    for _ in range(3):
        complete(engine, 0.3)
    number = engine.ask().number
    assert not any(engine.report(number, epoch, 0.3) for epoch in (1, 2, 3))


def test_what_was_enqueued_is_never_given_up(engine: Engine) -> None:
    for _ in range(3):
        complete(engine, 0.1)
    enqueue(engine, "notes", cell="simple_rnn")
    hopeless = engine.ask()
    assert hopeless.start == "notes"
    assert not any(engine.report(hopeless.number, epoch, 0.9) for epoch in range(1, 6))


def test_nothing_is_pruned_before_three_trials_are_complete(engine: Engine) -> None:
    for _ in range(2):
        complete(engine, 0.3)
    number = engine.ask().number
    assert not any(engine.report(number, epoch, 0.9) for epoch in (1, 2, 3))


def test_a_trial_beyond_a_limit_is_infeasible(engine: Engine) -> None:
    for excess in (0.01, 0.0, -0.2):
        proposal = engine.ask()
        engine.constrain(proposal.number, "gap", excess)
        engine.tell(proposal.number, TrialState.COMPLETE, [0.5])
    assert [record.is_feasible for record in engine.records()] == [False, True, True]


def test_the_sampler_turns_away_from_infeasible_trials(store: StudyStore) -> None:
    rates: dict[bool, list[float]] = {}
    for is_limited in (False, True):
        engine = open_engine(StudyStore(f"{store.url}-{is_limited}"))
        for _ in range(30):
            proposal = engine.ask()
            rate = proposal.hyperparameters["learning_rate"]
            assert isinstance(rate, float)
            if is_limited:
                engine.constrain(proposal.number, "rate", rate - 1e-3)
            # The best lies where the limit does not allow it.
            engine.tell(proposal.number, TrialState.COMPLETE, [abs(math.log(rate / 0.05))])
            rates.setdefault(is_limited, []).append(rate)
    feasible = {key: sum(rate <= 1e-3 for rate in values[15:]) for key, values in rates.items()}
    # By chance it were 5 of 15: a third of the range, on its logarithmic scale.
    assert feasible[False] < 5 < feasible[True]


def test_an_abandoned_trial_is_proposed_again(engine: Engine) -> None:
    engine.enqueue_starts()
    first = engine.ask()
    engine.abandon(first.number, "interrupted")
    others = [complete(engine, 0.5), engine.ask()]
    (again,) = (other for other in others if other.hyperparameters == first.hyperparameters)
    assert again.start == "small"
    records = engine.records()
    assert (records[0].state, records[0].facts["failure"]) == (TrialState.FAIL, "interrupted")
    assert records[again.number].facts["retry_of"] == 0


def test_a_trial_whose_process_was_killed_is_swept_and_proposed_again(store: StudyStore) -> None:
    engine = open_engine(store)
    with another_process(store) as process:
        assert engine.sweep() == []
        (running,) = engine.records()
        assert running.state is TrialState.RUNNING
        process.kill()
        process.wait()
    (swept,) = engine.sweep()
    assert (swept.number, swept.facts["run_id"]) == (0, "run of the dead")
    (record,) = engine.records()
    assert record.state is TrialState.FAIL
    assert record.facts["failure"] == "its process ended without a word"
    again = engine.ask()
    assert again.number == 1
    assert again.hyperparameters == running.hyperparameters
    assert engine.sweep() == []


def test_a_killed_process_that_nobody_reaped_is_dead(store: StudyStore) -> None:
    engine = open_engine(store)
    with another_process(store) as process:
        process.kill()
        # Waits without reaping.
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert psutil.Process(process.pid).status() == psutil.STATUS_ZOMBIE
        assert [record.number for record in engine.sweep()] == [0]


def test_the_trial_of_a_living_process_is_left_alone(engine: Engine) -> None:
    engine.ask()
    assert engine.sweep() == []
    assert engine.records()[0].state is TrialState.RUNNING


def test_a_process_that_was_given_the_same_number_later_does_not_own_the_trial(
    engine: Engine,
) -> None:
    number = engine.ask().number
    born = psutil.Process().create_time() - 3600
    owner = {"host": socket.gethostname(), "pid": os.getpid(), "born": born}
    engine.note(number, {"owner": owner})
    assert [record.number for record in engine.sweep()] == [number]


def test_a_clock_that_was_set_a_little_kills_nobody(engine: Engine) -> None:
    number = engine.ask().number
    born = psutil.Process().create_time() + 1
    owner = {"host": socket.gethostname(), "pid": os.getpid(), "born": born}
    engine.note(number, {"owner": owner})
    assert engine.sweep() == []


def test_the_trials_of_other_machines_are_left_alone(engine: Engine) -> None:
    number = engine.ask().number
    engine.note(number, {"owner": {"host": "another machine", "pid": 1, "born": 1.0}})
    assert engine.sweep() == []


def test_refused_trials_teach_the_sampler_where_networks_are_too_large(store: StudyStore) -> None:
    units: dict[bool, list[Value]] = {}
    for is_limited in (False, True):
        engine = open_engine(StudyStore(f"{store.url}-{is_limited}"))
        for _ in range(40):
            proposal = engine.ask()
            n_units = proposal.hyperparameters["units_1"]
            assert isinstance(n_units, int)
            units.setdefault(is_limited, []).append(n_units)
            if is_limited and n_units > 4:
                engine.note(proposal.number, {"refused": "too large"})
                engine.constrain(proposal.number, "parameters", n_units / 4 - 1)
                engine.tell(proposal.number, TrialState.PRUNED, None)
            else:
                engine.tell(proposal.number, TrialState.COMPLETE, [0.5])
    small = {key: sum(int(n) <= 4 for n in values[20:]) for key, values in units.items()}
    # By chance it were 4 of 20: 3 of the 15 sizes.
    assert small[False] < 8 < small[True]


def test_a_refused_trial_does_not_count(engine: Engine) -> None:
    proposal = engine.ask()
    engine.note(proposal.number, {"refused": "too large"})
    engine.tell(proposal.number, TrialState.PRUNED, None)
    (record,) = engine.records()
    assert (record.is_refused, record.counts, record.value) == (True, False, None)


def test_trials_of_another_study_are_known_and_do_not_count(
    store: StudyStore, tmp_path: Path
) -> None:
    other = open_engine(StudyStore(f"sqlite:///{tmp_path / 'other.db'}"))
    enqueue(other, "outside", cell="simple_rnn", units_1=64)
    complete(other, 0.1)
    whole = complete(other, 0.4)
    pruned = other.ask()
    other.report(pruned.number, 1, 0.9)
    other.tell(pruned.number, TrialState.PRUNED, None)
    other.tell(other.ask().number, TrialState.FAIL, None)

    engine = open_engine(store)
    n_taken = engine.take_over("other", other.records(), lambda record: {"gap": 0.5})
    records = engine.records()
    assert (n_taken, len(records)) == (2, 2)  # Neither what failed nor what lies outside.
    assert [record.value for record in records] == [0.4, 0.9]
    assert [record.state.value for record in records] == ["COMPLETE", "PRUNED"]
    assert records[0].hyperparameters == whole.hyperparameters
    assert records[0].facts["reused_from"] == {"study": "other", "trial": 1}
    assert not any(record.counts or record.is_feasible for record in records)


def test_the_best_of_another_study_are_tried_first_where_values_do_not_compare(
    store: StudyStore, tmp_path: Path
) -> None:
    other = open_engine(StudyStore(f"sqlite:///{tmp_path / 'other.db'}"))
    inside = complete(other, 0.4)
    engine = open_engine(store)
    engine.enqueue_from("other", other.records())
    engine.enqueue_starts()
    first = engine.ask()
    assert (first.start, first.hyperparameters) == ("other-0", inside.hyperparameters)
    assert engine.ask().start == "small"


def test_with_several_objectives_values_are_kept_in_order_and_nothing_is_pruned(
    store: StudyStore,
) -> None:
    study = store.create("two", {}, directions=["minimize", "maximize"])
    strategy = choose_strategy(n_objectives=2)
    proposer = OptunaProposer(strategy, SPACE, seed=1, n_epochs=5)
    engine = Engine(study, SPACE, proposer, seed=1)
    for value in (0.1, 0.2, 0.3, 0.9):
        proposal = engine.ask()
        assert not engine.report(proposal.number, 3, value)
        engine.tell(proposal.number, TrialState.COMPLETE, [value, 10 * value])
    assert [record.values for record in engine.records()][::3] == [(0.1, 1.0), (0.9, 9.0)]
    assert [record.value for record in engine.records()] == [0.1, 0.2, 0.3, 0.9]
