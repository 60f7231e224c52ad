import json
import math
from dataclasses import asdict, replace

import optuna
import pytest

from search.engines.optuna_proposer import OptunaProposer
from search.engines.strategy import choose_strategy
from search.space.hyperparameters import Hyperparameters, Value
from search.space.preset import Preset
from search.store.codec import OWNER
from search.store.study_store import StudyStore
from search.store.trial_store import TrialStore
from search.trial.epoch import Curves
from search.trial.limits import Limits
from search.trial.process import Process
from search.trial.proposal import Proposal
from search.trial.state import TrialState
from search.trial.trial import Origin
from tests.engines.tiny import FIRST, SPACE, begin, finish, open_in_memory, open_trials
from tests.store.conftest import Connect
from tests.store.settings import make_settings
from tests.store.test_codec import TRAINING

HERE = Process.current()
DEAD = replace(HERE, born=HERE.born - 3600)
"""An earlier process that had the number of this one."""


@pytest.fixture
def other_store(connect: Connect) -> StudyStore:
    return connect("other.db")


@pytest.fixture
def trials(store: StudyStore) -> TrialStore:
    return open_trials(store)


def complete(trials: TrialStore, value: float) -> Proposal:
    """Run a trial whose three epochs all have one value."""
    proposal = trials.ask()
    for epoch in (1, 2, 3):
        trials.report(proposal.number, epoch, value)
    finish(trials, proposal, value)
    return proposal


def prune(trials: TrialStore, value: float) -> Proposal:
    proposal = trials.ask()
    trials.report(proposal.number, 1, value)
    trials.end(begin(proposal, state=TrialState.PRUNED, values=(value,)))
    return proposal


def enqueue(trials: TrialStore, name: str, **values: Value) -> None:
    trials.enqueue_preset(Preset(name, "", values))


def own(store: StudyStore, number: int, owner: Process) -> None:
    """Let a process be the owner of a trial."""
    trial_id = store.load("films").trials[number]._trial_id
    store.storage.set_trial_user_attr(trial_id, OWNER, owner.as_dict())


# The queue.


def test_presets_come_before_the_starts_that_are_enqueued_after_them(trials: TrialStore) -> None:
    values: dict[str, Value] = {
        "learning_rate": 0.05,
        "units_1": 3,
        "cell": "gru",
        "batch_size": 16,
    }
    enqueue(trials, "ours", **values)
    trials.enqueue_starts()
    ours, small = trials.ask(), trials.ask()
    assert (ours.start, small.start) == ("ours", "small")
    assert (ours.is_enqueued, small.is_enqueued) == (True, False)
    assert ours.hyperparameters == values


def test_a_configuration_is_enqueued_once_in_a_study(trials: TrialStore) -> None:
    # The first start of the space under another name, and one outside the space.
    for _ in range(2):
        enqueue(trials, "ours", **FIRST, batch_size=16)
        enqueue(trials, "notes", cell="simple_rnn")
        trials.enqueue_starts()
    assert trials.waiting() == ["ours", "notes", "large"]
    assert [trials.ask().start for _ in range(4)] == ["ours", "notes", "large", ""]
    enqueue(trials, "notes", cell="simple_rnn")
    assert trials.waiting() == []


def test_two_configurations_outside_of_the_space_are_both_enqueued(trials: TrialStore) -> None:
    enqueue(trials, "narrow", cell="simple_rnn", units_1=8)
    enqueue(trials, "wide", cell="simple_rnn", units_1=64)
    assert trials.waiting() == ["narrow", "wide"]
    assert [trials.ask().hyperparameters["units_1"] for _ in range(2)] == [8, 64]


def test_another_configuration_of_the_same_name_is_another(trials: TrialStore) -> None:
    trials.enqueue_starts()
    enqueue(trials, "small", cell="simple_rnn")
    assert trials.waiting() == ["small", "large", "small"]


def test_enqueued_trials_are_not_listed(trials: TrialStore) -> None:
    trials.enqueue_starts()
    assert trials.trials() == []


# Seeds and samplers.


def test_each_trial_has_a_seed_that_depends_on_that_of_the_study(
    trials: TrialStore, other_store: StudyStore
) -> None:
    seeds = [complete(trials, 0.5).seed for _ in range(4)]
    assert len(set(seeds)) == 4
    assert all(0 <= seed < 2**31 for seed in seeds)
    others = open_trials(other_store, seed=8)
    assert not {complete(others, 0.5).seed for _ in range(4)} & set(seeds)


def test_the_sampler_models_all_hyperparameters_jointly_beside_a_trial_outside_of_the_space(
    trials: TrialStore, store: StudyStore
) -> None:
    enqueue(trials, "notes", cell="simple_rnn")
    for value in (0.1, 0.3, 0.5, 0.4, 0.6, 0.2, 0.7):
        complete(trials, value)
    attributes = store.load("films").trials[-1].system_attrs
    jointly = json.loads(attributes["tpe:relative_params:0"])
    assert set(jointly) == {"learning_rate", "units_1", "cell"}


def test_the_sampler_turns_away_from_infeasible_trials() -> None:
    rates: dict[bool, list[float]] = {}
    for is_limited in (False, True):
        trials = open_in_memory()
        for _ in range(30):
            proposal = trials.ask()
            rate = float(proposal.hyperparameters["learning_rate"])
            violations = {"rate": rate - 1e-3} if is_limited else {}
            # The best lies where the limit does not allow it.
            loss = abs(math.log(rate / 0.05))
            finish(trials, proposal, loss, violations=violations)
            rates.setdefault(is_limited, []).append(rate)
    feasible = {key: sum(rate <= 1e-3 for rate in values[15:]) for key, values in rates.items()}
    # Chance would give 5 of 15: a third of the range, on its logarithmic scale.
    assert feasible[False] < 5 < feasible[True]


def test_refused_trials_teach_the_sampler_where_networks_are_too_large() -> None:
    units: dict[bool, list[int]] = {}
    for is_limited in (False, True):
        trials = open_in_memory()
        for _ in range(40):
            proposal = trials.ask()
            n_units = int(proposal.hyperparameters["units_1"])
            units.setdefault(is_limited, []).append(n_units)
            if is_limited and n_units > 4:
                too_large = {"parameters": n_units / 4 - 1}
                refused = begin(proposal, refusal="too large", violations=too_large)
                trials.end(replace(refused, state=TrialState.PRUNED))
            else:
                finish(trials, proposal, 0.5)
    small = {key: sum(n <= 4 for n in values[20:]) for key, values in units.items()}
    # Chance would give 4 of 20: 3 of the 15 sizes.
    assert small[False] < 8 < small[True]


# What is written.


def test_a_trial_beyond_a_limit_is_infeasible(trials: TrialStore) -> None:
    for excess in (0.01, 0.0, -0.2):
        finish(trials, trials.ask(), 0.5, violations={"gap": excess})
    assert [trial.is_feasible for trial in trials.trials()] == [False, True, True]


def test_every_limit_of_a_trial_is_kept_and_given_to_the_sampler(
    trials: TrialStore, store: StudyStore
) -> None:
    proposal = trials.ask()
    trials.save(begin(proposal, violations={"parameters": -0.5}))
    finish(trials, proposal, 0.5, violations={"gap": 0.25})
    both = {"parameters": -0.5, "gap": 0.25}
    assert trials.trials()[0].violations == both
    assert store.load("films").trials[0].constraints == both


def test_a_limit_has_one_violation_in_the_trial_and_for_the_sampler(
    trials: TrialStore, store: StudyStore
) -> None:
    proposal = trials.ask()
    trials.save(begin(proposal, violations={"gap": -0.5}))
    finish(trials, proposal, 0.5, violations={"gap": 0.25})
    assert trials.trials()[0].violations == {"gap": -0.5}
    assert store.load("films").trials[0].constraints == {"gap": -0.5}


def test_a_refused_trial_does_not_count(trials: TrialStore) -> None:
    proposal = trials.ask()
    trials.end(begin(proposal, state=TrialState.PRUNED, refusal="too large"))
    (trial,) = trials.trials()
    assert (trial.is_refused, trial.counts, trial.value) == (True, False, None)


def test_a_study_in_memory_has_trials_like_any_other() -> None:
    trials = open_in_memory()
    trials.enqueue_starts()
    complete(trials, 0.25)
    assert [(trial.start, trial.values) for trial in trials.trials()] == [("small", (0.25,))]


# Pruning.


@pytest.mark.parametrize(
    ("is_minimized", "good", "bad"),
    [
        pytest.param(True, 0.3, 0.8, id="minimized"),
        pytest.param(False, 0.8, 0.3, id="maximized"),
    ],
)
def test_a_trial_behind_the_others_is_pruned_after_warm_up_with_its_best_value(
    store: StudyStore, is_minimized: bool, good: float, bad: float
) -> None:
    trials = open_trials(store, is_minimized=is_minimized)
    for _ in range(3):
        complete(trials, good)
    behind = trials.ask()
    assert not trials.report(behind.number, 1, bad)
    assert trials.report(behind.number, 2, bad)
    trials.end(begin(behind, state=TrialState.PRUNED, values=(bad,)))
    trial = trials.trials()[behind.number]
    assert (trial.state, trial.value) == (TrialState.PRUNED, bad)


def test_a_trial_as_good_as_the_others_is_not_pruned(trials: TrialStore) -> None:
    for _ in range(3):
        complete(trials, 0.3)
    number = trials.ask().number
    assert not any(trials.report(number, epoch, 0.3) for epoch in (1, 2, 3))


def test_an_enqueued_preset_is_never_pruned(trials: TrialStore) -> None:
    for _ in range(3):
        complete(trials, 0.1)
    enqueue(trials, "notes", cell="simple_rnn")
    behind = trials.ask()
    assert behind.start == "notes"
    assert not any(trials.report(behind.number, epoch, 0.9) for epoch in range(1, 6))


def test_nothing_is_pruned_before_three_trials_are_complete(trials: TrialStore) -> None:
    for _ in range(2):
        complete(trials, 0.3)
    number = trials.ask().number
    assert not any(trials.report(number, epoch, 0.9) for epoch in (1, 2, 3))


def test_with_several_objectives_values_are_kept_in_order_and_nothing_is_pruned(
    store: StudyStore,
) -> None:
    study = store.create("two", make_settings(), directions=["minimize", "maximize"])
    proposer = OptunaProposer(choose_strategy(n_objectives=2), SPACE, seed=1, n_epochs=5)
    trials = TrialStore(study, SPACE, proposer, seed=1)
    for value in (0.1, 0.2, 0.3, 0.9):
        proposal = trials.ask()
        assert not trials.report(proposal.number, 3, value)
        finish(trials, proposal, value, 10 * value)
    assert [trial.values for trial in trials.trials()][::3] == [(0.1, 1.0), (0.9, 9.0)]
    assert [trial.value for trial in trials.trials()] == [0.1, 0.2, 0.3, 0.9]


# Interruption and recovery.


def test_an_interrupted_trial_is_repeated_under_its_name(trials: TrialStore) -> None:
    trials.enqueue_starts()
    first = trials.ask()
    trials.interrupt(begin(first), "Ctrl-C")
    assert trials.waiting() == ["large", "small"]
    _, again = complete(trials, 0.5), trials.ask()
    assert (again.start, again.hyperparameters) == ("small", first.hyperparameters)
    interrupted = trials.trials()[0]
    assert (interrupted.state, interrupted.failure) == (TrialState.FAIL, "Ctrl-C")
    assert interrupted.is_interrupted


def test_an_interrupted_trial_outside_of_the_space_is_repeated(trials: TrialStore) -> None:
    enqueue(trials, "notes", cell="simple_rnn")
    trials.interrupt(begin(trials.ask()), "Ctrl-C")
    again = trials.ask()
    assert (again.start, again.hyperparameters) == ("notes", {"cell": "simple_rnn"})
    assert again.is_enqueued


def test_a_trial_is_repeated_until_its_third_process_has_died(
    trials: TrialStore, store: StudyStore
) -> None:
    trials.enqueue_starts()
    finish(trials, trials.ask(), 0.5)
    for number, waiting in ((1, ["large"]), (2, ["large"]), (3, [])):
        assert trials.ask().number == number
        own(store, number, DEAD)
        assert [trial.number for trial in trials.recover()] == [number]
        assert trials.waiting() == waiting
    assert [trial.state for trial in trials.trials()][1:] == [TrialState.FAIL] * 3


def test_interruptions_are_no_deaths_and_forget_none(trials: TrialStore, store: StudyStore) -> None:
    trials.enqueue_starts()
    finish(trials, trials.ask(), 0.5)
    for _ in range(4):
        trials.interrupt(begin(trials.ask()), "Ctrl-C")
    assert trials.waiting() == ["large"]
    for _ in range(2):
        own(store, trials.ask().number, DEAD)
        trials.recover()
        trials.interrupt(begin(trials.ask()), "Ctrl-C")
    assert trials.waiting() == ["large"]
    own(store, trials.ask().number, DEAD)
    trials.recover()
    assert trials.waiting() == []


def test_a_process_that_died_while_it_asked_loses_no_part_of_the_point(
    trials: TrialStore, store: StudyStore
) -> None:
    trials.enqueue_starts()
    enqueue(trials, "notes", cell="simple_rnn")
    study = store.load("films")
    study.sampler = optuna.samplers.RandomSampler(seed=0)
    # One process dies before it has read anything of its point, the next amid reading.
    asked = [study.ask() for _ in range(3)]
    asked[1].suggest_float("learning_rate", 1e-4, 1e-1, log=True)
    for trial in asked:
        own(store, trial.number, DEAD)
    trials.recover()
    small, large, notes = (trials.ask() for _ in range(3))
    assert [small.start, large.start, notes.start] == ["small", "large", "notes"]
    assert small.hyperparameters == {**FIRST, "batch_size": 16}
    assert large.hyperparameters["units_1"] == 8
    assert notes.hyperparameters == {"cell": "simple_rnn"}


@pytest.mark.parametrize(
    ("owner", "is_recovered"),
    [
        pytest.param(HERE, False, id="this-process"),
        pytest.param(DEAD, True, id="an-earlier-process-with-its-number"),
        pytest.param(Process("another machine", 1, 1.0), False, id="another-machine"),
    ],
)
def test_only_trials_of_dead_processes_are_recovered(
    trials: TrialStore, store: StudyStore, owner: Process, is_recovered: bool
) -> None:
    trials.ask()
    own(store, 0, owner)
    assert [trial.number for trial in trials.recover()] == [0] * is_recovered
    expected = TrialState.FAIL if is_recovered else TrialState.RUNNING
    assert trials.trials()[0].state is expected


def test_a_trial_that_has_just_been_asked_for_needs_no_owner_yet(
    trials: TrialStore, store: StudyStore
) -> None:
    store.load("films").ask()
    assert trials.recover() == []


# Trials of another study.


def test_adopted_trials_have_values_and_do_not_count(
    trials: TrialStore, other_store: StudyStore
) -> None:
    others = open_trials(other_store)
    enqueue(others, "outside", cell="simple_rnn", units_1=64)
    complete(others, 0.1)
    whole = others.ask()
    finish(others, whole, 0.4, training=TRAINING)
    prune(others, 0.9)
    others.end(begin(others.ask(), state=TrialState.FAIL))

    # Neither the failed one nor the one outside the space.
    assert trials.adopt("other", others.trials(), Limits(max_gap=0.0)) == 2
    complete_one, pruned = trials.trials()
    assert [trial.values for trial in (complete_one, pruned)] == [(0.4,), (0.9,)]
    assert (complete_one.state, pruned.state) == (TrialState.COMPLETE, TrialState.PRUNED)
    assert complete_one.hyperparameters == whole.hyperparameters
    assert complete_one.origin == Origin(1, "other")
    assert not complete_one.counts and not pruned.counts
    # By this study's limit, from the gap of the training.
    assert complete_one.violations == {"gap": TRAINING.diagnosis.gap}
    assert not complete_one.is_feasible


def test_a_pruned_trial_is_adopted_with_what_it_reported(
    trials: TrialStore, store: StudyStore, other_store: StudyStore
) -> None:
    others = open_trials(other_store)
    proposal = others.ask()
    training = replace(TRAINING, curves=Curves(*([0.5, 0.25],) * 5))
    others.report(proposal.number, 2, 0.25)
    others.end(begin(proposal, state=TrialState.PRUNED, training=training))
    trials.adopt("other", others.trials(), Limits())
    assert store.load("films").trials[0].intermediate_values == {2: 0.25}


def test_adopting_twice_adds_nothing_new(trials: TrialStore, other_store: StudyStore) -> None:
    others = open_trials(other_store)
    complete(others, 0.4)
    assert trials.adopt("other", others.trials(), Limits()) == 1
    assert trials.adopt("other", others.trials(), Limits()) == 0
    complete(others, 0.3)
    assert trials.adopt("other", others.trials(), Limits()) == 1
    assert [trial.values for trial in trials.trials()] == [(0.4,), (0.3,)]


def test_trials_of_two_studies_with_one_number_are_both_adopted(
    trials: TrialStore, other_store: StudyStore
) -> None:
    others = open_trials(other_store)
    complete(others, 0.4)
    assert trials.adopt("one", others.trials(), Limits()) == 1
    assert trials.adopt("two", others.trials(), Limits()) == 1


def test_trials_reused_within_the_other_study_are_not_adopted(
    trials: TrialStore, other_store: StudyStore
) -> None:
    others = open_trials(other_store)
    complete(others, 0.4)
    finish(others, others.ask(), 0.4, origin=Origin(0))
    assert trials.adopt("other", others.trials(), Limits()) == 1


def test_trials_that_the_other_study_adopted_keep_their_first_origin(
    trials: TrialStore, other_store: StudyStore, connect: Connect
) -> None:
    first = open_trials(connect("first.db"))
    complete(first, 0.4)
    others = open_trials(other_store)
    others.adopt("first", first.trials(), Limits())
    assert trials.adopt("other", others.trials(), Limits()) == 1
    assert trials.trials()[0].origin == Origin(0, "first")
    assert trials.adopt("first", first.trials(), Limits()) == 0


def test_the_best_of_another_study_are_tried_first_where_values_do_not_compare(
    trials: TrialStore, other_store: StudyStore
) -> None:
    others = open_trials(other_store)
    inside = complete(others, 0.4)
    outside: dict[str, Value] = {"cell": "simple_rnn"}
    enqueue(others, "notes", **outside)
    complete(others, 0.5)
    trials.enqueue_trials("other", others.trials())
    trials.enqueue_starts()
    first, second, third = (trials.ask() for _ in range(3))
    assert (first.start, first.hyperparameters) == ("other-0", inside.hyperparameters)
    assert asdict(Hyperparameters.from_values(second.hyperparameters)) == asdict(
        Hyperparameters.from_values(outside)
    )
    assert (second.start, third.start) == ("other-1", "small")
    assert not first.is_enqueued
