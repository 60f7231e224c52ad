from pathlib import Path
from typing import Any

import optuna
import pytest
from optuna.trial import TrialState as States

from search.engines.engine import Engine
from search.engines.store import StudyStore
from search.engines.trials import Proposal, SpaceExhausted, TrialState
from search.engines.tuner import PROPOSED_BY, TunerProposer
from search.space.dimension import Dimension
from search.space.distribution import Categorical, Fixed, Float
from search.space.space import Space, Start

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
    return TunerProposer(
        space, tuner=tuner, options=options, seed=7, n_epochs=N_EPOCHS, is_minimized=is_minimized
    )


@pytest.fixture
def study(tmp_path: Path) -> optuna.Study:
    store = StudyStore(f"sqlite:///{tmp_path / 'studies.db'}")
    return optuna.create_study(storage=store.storage, study_name="films")


def resumed(study: optuna.Study, of: TunerProposer | None = None, **changes: Any) -> Engine:
    return Engine(study, changes.get("space", SPACE), of or proposer(**changes), seed=7)


def run(engine: Engine, *values: float | None) -> list[Proposal]:
    """Run a trial for each value; one without fails."""
    proposals = []
    for value in values:
        proposal = engine.ask()
        state = TrialState.FAIL if value is None else TrialState.COMPLETE
        engine.tell(proposal.number, state, None if value is None else [value])
        proposals.append(proposal)
    return proposals


def told(proposals: list[Proposal]) -> list[tuple[int | None, int | None]]:
    return [(proposal.n_epochs, proposal.resumes) for proposal in proposals]


def points(proposals: list[Proposal]) -> list[Any]:
    return [(p.hyperparameters, p.n_epochs, p.resumes) for p in proposals]


def test_hyperband_promotes_the_best_and_then_starts_the_next_bracket(
    study: optuna.Study,
) -> None:
    proposals = run(resumed(study), 0.5, 0.3, 0.4, 0.2, 0.6, 0.7, 0.8)
    assert told(proposals) == [
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
    assert study.trials[3].user_attrs[PROPOSED_BY] == {
        "keras_tuner_id": "3",
        "sweep": 0,
        "bracket": 1,
        "round": 1,
        "past_id": "1",
    }


def test_hyperband_promotes_the_highest_where_that_is_better(tmp_path: Path) -> None:
    store = StudyStore(f"sqlite:///{tmp_path / 'studies.db'}")
    study = optuna.create_study(storage=store.storage, direction="maximize")
    engine = resumed(study, proposer(is_minimized=False))
    assert told(run(engine, 0.5, 0.3, 0.4, 0.2))[-1] == (3, 0)


def test_what_may_be_promoted_is_known_as_soon_as_a_trial_has_ended(study: optuna.Study) -> None:
    engine = resumed(study)
    seen = []
    for value in (0.5, 0.3, 0.4, 0.2, 0.6):
        run(engine, value)
        seen.append(set(engine.promotable))
    # The promotion is of the last round; then the bracket is done with.
    assert seen == [{0}, {0, 1}, {0, 1, 2}, set(), set()]


def test_the_weights_of_a_promoted_trial_are_kept_while_the_promotion_is_run_again(
    study: optuna.Study,
) -> None:
    engine = resumed(study)
    run(engine, 0.5, 0.3, 0.4)
    promotion = engine.ask()
    engine.abandon(promotion.number, "interrupted")
    assert engine.promotable == {0, 1, 2}
    again = engine.ask()
    assert (again.n_epochs, again.resumes) == (3, 1)
    assert again.hyperparameters == promotion.hyperparameters
    engine.tell(again.number, TrialState.COMPLETE, [0.1])
    assert engine.promotable == set()


def test_a_promotion_goes_on_from_the_trial_that_was_run_again(study: optuna.Study) -> None:
    engine = resumed(study)
    first = engine.ask()
    engine.abandon(first.number, "interrupted")
    # Number 1 is number 0 again.
    assert told(run(engine, 0.1, 0.3, 0.4, 0.2)) == [(1, None), (1, None), (1, None), (3, 1)]


def test_failures_are_not_promoted_and_end_no_search(study: optuna.Study) -> None:
    proposals = run(resumed(study), *[None] * 6, 0.1)
    assert [proposal.resumes for proposal in proposals] == [None] * 7


@pytest.mark.parametrize(
    ("tuner", "options"),
    [("hyperband", {}), ("random", {}), ("bayesian", {"num_initial_points": 3})],
)
def test_four_trials_and_four_more_are_eight(
    tuner: Any, options: dict[str, Any], tmp_path: Path
) -> None:
    values = (0.5, 0.3, 0.4, 0.2, 0.6)
    runs = []
    for n_first in (len(values), 2):
        store = StudyStore(f"sqlite:///{tmp_path / f'{n_first}.db'}")
        study = optuna.create_study(storage=store.storage, study_name="films")
        begun = run(resumed(study, proposer(tuner, **options)), *values[:n_first])
        again = optuna.load_study(storage=StudyStore(store.url).storage, study_name="films")
        runs.append(begun + run(resumed(again, proposer(tuner, **options)), *values[n_first:]))
    assert points(runs[0]) == points(runs[1])


def test_another_seed_proposes_others(study: optuna.Study) -> None:
    first, other = study, optuna.create_study()
    settings: dict[str, Any] = {"options": {}, "n_epochs": 3, "is_minimized": True}
    TunerProposer(SPACE, tuner="random", seed=7, **settings).prepare(first)
    TunerProposer(SPACE, tuner="random", seed=8, **settings).prepare(other)
    assert first.trials[0].system_attrs != other.trials[0].system_attrs


def test_a_process_that_died_before_its_proposal_was_written_loses_nothing(
    study: optuna.Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(resumed(study), 0.5, 0.3)

    def die(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(study, "enqueue_trial", die)
        dying = proposer()
        with pytest.raises(KeyboardInterrupt):
            dying.prepare(study)
    proposer().prepare(study)
    uninterrupted = optuna.create_study()
    run(resumed(uninterrupted), 0.5, 0.3)
    proposer().prepare(uninterrupted)
    for waiting in (study.trials[2], uninterrupted.trials[2]):
        assert waiting.state is States.WAITING
    assert study.trials[2].system_attrs == uninterrupted.trials[2].system_attrs
    assert study.trials[2].user_attrs == uninterrupted.trials[2].user_attrs


def test_a_proposal_is_waiting_with_what_the_oracle_said(study: optuna.Study) -> None:
    proposer("random").prepare(study)
    (waiting,) = study.trials
    assert waiting.state is States.WAITING
    assert waiting.user_attrs == {PROPOSED_BY: {"keras_tuner_id": "0"}}
    assert set(waiting.system_attrs["fixed_params"]) == {"learning_rate", "cell"}


def test_starts_are_run_first_and_not_proposed_again(study: optuna.Study) -> None:
    space = Space("cells", "", CELLS.hyperparameters, (Start("ours", {"cell": "lstm"}),))
    engine = resumed(study, proposer("random", space), space=space)
    engine.enqueue_starts()
    first, second = run(engine, 0.5, 0.4)
    assert (first.start, first.hyperparameters) == ("ours", {"cell": "lstm"})
    assert (second.start, second.hyperparameters) == ("", {"cell": "gru"})
    with pytest.raises(SpaceExhausted):
        engine.ask()


def test_what_others_tried_in_the_space_is_learned_from(study: optuna.Study) -> None:
    # Three starting points are there already, so the first proposal comes from the model.
    for rate in (1e-4, 1e-3, 1e-1):
        study.enqueue_trial({"learning_rate": rate, "cell": "gru"})
    engine = resumed(study, proposer("bayesian", num_initial_points=3, beta=0.0))
    run(engine, 0.9, 0.1, 0.9)
    (proposal,) = run(engine, 0.1)
    assert 5e-4 < float(proposal.hyperparameters["learning_rate"]) < 3e-2


def test_a_trial_outside_of_the_space_is_left_aside(study: optuna.Study) -> None:
    study.enqueue_trial({}, user_attrs={"given": {"cell": "simple_rnn"}})
    proposals = run(resumed(study, proposer("random")), 0.5, 0.4)
    assert proposals[0].hyperparameters == {"cell": "simple_rnn"}
    assert proposals[1].hyperparameters["cell"] in ("lstm", "gru")


def test_sweeps_end_where_they_are_told_to(study: optuna.Study) -> None:
    engine = resumed(study, proposer(hyperband_iterations=1))
    run(engine, 0.5, 0.3, 0.4, 0.2, 0.6, 0.7)
    with pytest.raises(SpaceExhausted):
        engine.ask()


def test_nothing_is_pruned(study: optuna.Study) -> None:
    engine = resumed(study)
    number = engine.ask().number
    assert not any(engine.report(number, epoch, 9.9) for epoch in range(1, 9))
