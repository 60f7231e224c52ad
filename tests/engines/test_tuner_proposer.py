from typing import Any

import optuna
import pytest
from optuna.trial import TrialState as States

from search.engines.proposer import make_proposer
from search.engines.strategy import choose_strategy
from search.engines.tuner_proposer import TunerProposer
from search.space.dimension import Dimension
from search.space.distribution import Categorical, Fixed, Float
from search.space.space import Space, Start
from search.store.codec import OWNER, QueueEntry, decode_queue_entry, encode_queue_entry
from search.store.trial_store import TrialStore
from search.trial.process import Process
from search.trial.proposal import Proposal, SpaceExhausted
from search.trial.state import TrialState
from tests.engines.tiny import begin, finish

SPACE = Space(
    "tiny",
    "",
    {
        "learning_rate": Dimension(Float(1e-4, 1e-1, log=True)),
        "cell": Dimension(Categorical(("lstm", "gru"))),
        "batch_size": Dimension(Fixed(16)),
    },
    (Start("small", {"learning_rate": 0.01, "cell": "gru"}),),
)
CELLS = Space("cells", "", {"cell": Dimension(Categorical(("lstm", "gru")))})
# A sweep of three epochs and factor 3: three trials of one epoch, the best of them up to three,
# and two of three epochs.
N_EPOCHS = 3


def proposer(
    tuner: Any = "hyperband", space: Space = SPACE, *, is_minimized: bool = True, **options: Any
) -> TunerProposer:
    strategy = choose_strategy(engine="keras-tuner", tuner=tuner, tuner_options=options)
    return TunerProposer(strategy, space, seed=7, n_epochs=N_EPOCHS, is_minimized=is_minimized)


@pytest.fixture
def study() -> optuna.Study:
    """Make a study in memory; tests/store/test_contract.py has those in databases."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna.create_study(study_name="films")


def resume(study: optuna.Study, of: TunerProposer | None = None, **changes: Any) -> TrialStore:
    return TrialStore(study, changes.get("space", SPACE), of or proposer(**changes), seed=7)


def run(trials: TrialStore, *values: float | None) -> list[Proposal]:
    """Run a trial for each value; one without fails."""
    proposals = []
    for value in values:
        proposal = trials.ask()
        if value is None:
            trials.end(begin(proposal, state=TrialState.FAIL))
        else:
            finish(trials, proposal, value)
        proposals.append(proposal)
    return proposals


def list_epochs(proposals: list[Proposal]) -> list[tuple[int | None, int | None]]:
    return [(proposal.n_epochs, proposal.resumes) for proposal in proposals]


def points(proposals: list[Proposal]) -> list[Any]:
    return [(p.hyperparameters, p.n_epochs, p.resumes) for p in proposals]


def test_hyperband_promotes_the_best_and_then_starts_the_next_bracket(
    study: optuna.Study,
) -> None:
    proposals = run(resume(study), 0.5, 0.3, 0.4, 0.2, 0.6, 0.7, 0.8)
    assert list_epochs(proposals) == [
        (1, None),
        (1, None),
        (1, None),
        (3, 1),
        (3, None),
        (3, None),
        # The second sweep.
        (1, None),
    ]
    assert proposals[3].hyperparameters == proposals[1].hyperparameters
    assert decode_queue_entry(study.trials[3].user_attrs).proposed_by == {
        "keras_tuner_id": "3",
        "sweep": 0,
        "bracket": 1,
        "round": 1,
        "past_id": "1",
    }


def test_hyperband_promotes_the_highest_where_that_is_better() -> None:
    study = optuna.create_study(direction="maximize")
    trials = resume(study, proposer(is_minimized=False))
    assert list_epochs(run(trials, 0.5, 0.3, 0.4, 0.2))[-1] == (3, 0)


def test_a_trial_may_be_promoted_as_soon_as_it_has_ended(study: optuna.Study) -> None:
    trials = resume(study)
    seen = []
    for value in (0.5, 0.3, 0.4, 0.2, 0.6):
        run(trials, value)
        seen.append(set(trials.promotable))
    # The promotion is of the last round; then the bracket is done with.
    assert seen == [{0}, {0, 1}, {0, 1, 2}, set(), set()]


def test_the_weights_of_a_promoted_trial_are_kept_while_the_promotion_is_repeated(
    study: optuna.Study,
) -> None:
    trials = resume(study)
    run(trials, 0.5, 0.3, 0.4)
    promotion = trials.ask()
    trials.interrupt(begin(promotion), "Ctrl-C")
    assert trials.promotable == {0, 1, 2}
    again = trials.ask()
    assert (again.n_epochs, again.resumes) == (3, 1)
    assert again.hyperparameters == promotion.hyperparameters
    finish(trials, again, 0.1)
    assert trials.promotable == set()


def test_a_promotion_goes_on_from_the_trial_that_was_run_again(study: optuna.Study) -> None:
    trials = resume(study)
    first = trials.ask()
    trials.interrupt(begin(first), "Ctrl-C")
    # Number 1 is number 0 again.
    assert list_epochs(run(trials, 0.1, 0.3, 0.4, 0.2)) == [(1, None), (1, None), (1, None), (3, 1)]


def test_the_weights_of_a_round_are_dropped_with_a_rival_that_died_for_the_third_time(
    study: optuna.Study,
) -> None:
    trials = resume(study)
    run(trials, 0.5, 0.3)
    dead = Process.current().as_dict() | {"born": 0.0}
    for n_died in range(3):
        assert trials.promotable == {0, 1}
        number = trials.ask().number
        assert number == 2 + n_died
        study._storage.set_trial_user_attr(study.trials[number]._trial_id, OWNER, dead)
        trials.recover()
    # The oracle lacks a third candidate now, and promotes neither of the two.
    assert trials.promotable == set()


def test_failures_are_not_promoted_and_end_no_search(study: optuna.Study) -> None:
    proposals = run(resume(study), *[None] * 6, 0.1)
    assert [proposal.resumes for proposal in proposals] == [None] * 7


@pytest.mark.parametrize(
    ("tuner", "options"),
    [("hyperband", {}), ("random", {}), ("bayesian", {"num_initial_points": 3})],
    ids=["hyperband", "random", "bayesian"],
)
def test_four_trials_and_four_more_are_eight(tuner: Any, options: dict[str, Any]) -> None:
    values = (0.5, 0.3, 0.4, 0.2, 0.6)
    runs = []
    for n_first in (len(values), 2):
        study = optuna.create_study()
        begun = run(resume(study, proposer(tuner, **options)), *values[:n_first])
        runs.append(begun + run(resume(study, proposer(tuner, **options)), *values[n_first:]))
    assert points(runs[0]) == points(runs[1])


def test_another_seed_proposes_others(study: optuna.Study) -> None:
    first, other = study, optuna.create_study()
    strategy = choose_strategy(engine="keras-tuner", tuner="random")
    for seed, proposed in ((7, first), (8, other)):
        TunerProposer(strategy, SPACE, seed=seed, n_epochs=3, is_minimized=True).prepare(proposed)
    assert first.trials[0].system_attrs != other.trials[0].system_attrs


def test_a_process_that_died_before_its_proposal_was_written_loses_nothing(
    study: optuna.Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(resume(study), 0.5, 0.3)

    def die(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(study, "enqueue_trial", die)
        dying = proposer()
        with pytest.raises(KeyboardInterrupt):
            dying.prepare(study)
    proposer().prepare(study)
    uninterrupted = optuna.create_study()
    run(resume(uninterrupted), 0.5, 0.3)
    proposer().prepare(uninterrupted)
    for waiting in (study.trials[2], uninterrupted.trials[2]):
        assert waiting.state is States.WAITING
    assert study.trials[2].system_attrs == uninterrupted.trials[2].system_attrs
    assert study.trials[2].user_attrs == uninterrupted.trials[2].user_attrs


def test_a_proposal_is_enqueued_with_the_oracles_answer(study: optuna.Study) -> None:
    proposer("random").prepare(study)
    (waiting,) = study.trials
    assert waiting.state is States.WAITING
    entry = QueueEntry(proposed_by={"keras_tuner_id": "0"})
    assert waiting.user_attrs == encode_queue_entry(entry)
    assert set(waiting.system_attrs["fixed_params"]) == {"learning_rate", "cell"}


def test_starts_are_run_first_and_not_proposed_again(study: optuna.Study) -> None:
    space = Space("cells", "", CELLS.hyperparameters, (Start("ours", {"cell": "lstm"}),))
    trials = resume(study, proposer("random", space), space=space)
    trials.enqueue_starts()
    first, second = run(trials, 0.5, 0.4)
    assert (first.start, first.hyperparameters) == ("ours", {"cell": "lstm"})
    assert (second.start, second.hyperparameters) == ("", {"cell": "gru"})
    with pytest.raises(SpaceExhausted):
        trials.ask()


def test_the_oracle_learns_from_all_trials_in_the_space(study: optuna.Study) -> None:
    # Three starting points are there already, so the first proposal comes from the model.
    for rate in (1e-4, 1e-3, 1e-1):
        study.enqueue_trial({"learning_rate": rate, "cell": "gru"})
    trials = resume(study, proposer("bayesian", num_initial_points=3, beta=0.0))
    run(trials, 0.9, 0.1, 0.9)
    (proposal,) = run(trials, 0.1)
    assert 5e-4 < float(proposal.hyperparameters["learning_rate"]) < 3e-2


def test_the_oracle_does_not_see_a_trial_outside_of_the_space(study: optuna.Study) -> None:
    entry = QueueEntry(given={"cell": "simple_rnn"})
    study.enqueue_trial({}, user_attrs=encode_queue_entry(entry))
    proposals = run(resume(study, proposer("random")), 0.5, 0.4)
    assert proposals[0].hyperparameters == {"cell": "simple_rnn"}
    assert proposals[1].hyperparameters["cell"] in ("lstm", "gru")


def test_sweeps_end_after_the_number_that_was_set(study: optuna.Study) -> None:
    trials = resume(study, proposer(hyperband_iterations=1))
    run(trials, 0.5, 0.3, 0.4, 0.2, 0.6, 0.7)
    with pytest.raises(SpaceExhausted):
        trials.ask()


def test_nothing_is_pruned(study: optuna.Study) -> None:
    trials = resume(study)
    number = trials.ask().number
    assert not any(trials.report(number, epoch, 9.9) for epoch in range(1, 9))


def test_a_tuner_proposes_where_keras_tuner_is_chosen(study: optuna.Study) -> None:
    strategy = choose_strategy(engine="keras-tuner", tuner_options=["factor=2"])
    made = make_proposer(strategy, SPACE, seed=7, n_epochs=N_EPOCHS, is_minimized=True)
    assert isinstance(made, TunerProposer)
    proposals = run(resume(study, made), 0.5, 0.3)
    alone = resume(optuna.create_study(), proposer(factor=2))
    assert points(proposals) == points(run(alone, 0.5, 0.3))
