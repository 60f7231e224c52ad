import math
from collections.abc import Iterator, Sequence
from typing import Literal

import optuna
import pytest

from search.engines.pruners import PatientPruner, make_pruner
from search.engines.strategy import choose_strategy


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    yield
    optuna.logging.set_verbosity(before)


def run_trials(
    pruner: str,
    trials: Sequence[Sequence[float]],
    *options: str,
    direction: Literal["minimize", "maximize"] = "minimize",
) -> list[int | None]:
    """Run trials of best values so far; give the epoch, from 1, after which each was pruned."""
    chosen = choose_strategy(pruner=pruner, pruner_options=options).pruner_options
    study = optuna.create_study(
        study_name="films", direction=direction, pruner=make_pruner(pruner, chosen, n_epochs=9)
    )
    ends = []
    for values in trials:
        trial = study.ask()
        end = None
        for epoch, value in enumerate(values, start=1):
            trial.report(value, epoch)
            if trial.should_prune():
                end = epoch
                break
        if end is None:
            study.tell(trial, values[-1])
        else:
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
        ends.append(end)
    return ends


THREE = [[0.5, 0.4, 0.3], [0.5, 0.4, 0.2], [0.5, 0.4, 0.4]]


def test_without_a_pruner_no_trial_is_pruned() -> None:
    assert run_trials("none", [*THREE, [9.0, 9.0, 9.0]]) == [None] * 4


def test_the_median_of_three_trials_is_what_a_fourth_must_reach() -> None:
    # Medians: 0.5, 0.4, 0.3; no trial is judged before the second epoch.
    fourths = [[0.9, 0.39, 0.29], [0.9, 0.4, 0.3], [0.1, 0.1, 0.1]]
    assert [run_trials("median", [*THREE, fourth])[-1] for fourth in fourths] == [None] * 3
    assert run_trials("median", [*THREE, [0.9, 0.41, 0.1]])[-1] == 2
    assert run_trials("median", [*THREE, [0.3, 0.3, 0.3]])[-1] is None
    assert run_trials("median", [*THREE, [0.4, 0.4, 0.31]])[-1] == 3


def test_the_median_waits_for_three_trials_by_default() -> None:
    poor = [0.9, 0.9, 0.9]
    assert run_trials("median", [*THREE[:2], poor])[-1] is None
    assert run_trials("median", [*THREE[:2], poor], "n_startup_trials=2")[-1] == 2
    assert run_trials("median", [*THREE, poor], "n_warmup_steps=3")[-1] == 3
    assert run_trials("median", [*THREE, poor], "n_warmup_steps=0")[-1] == 1


def test_the_median_knows_the_direction() -> None:
    assert run_trials("median", [*THREE, [0.6, 0.6, 0.6]], direction="maximize")[-1] is None
    assert run_trials("median", [*THREE, [0.1, 0.1, 0.1]], direction="maximize")[-1] == 2


def test_the_best_of_a_rung_is_trained_on() -> None:
    # Rungs after epochs 1, 4 and 16; of fewer than eight trials the best alone goes on.
    falling = [[0.5] * 5, [0.4] * 5, [0.45] * 5, [0.3, 0.3, 0.3, 0.3, 0.3], [0.3] * 5]
    assert run_trials("successive-halving", falling) == [None, None, 1, None, None]


def test_a_share_of_a_full_rung_is_trained_on() -> None:
    # By two: of four values at the rung the best two go on, of five as well.
    trials = [[0.1], [0.2], [0.3], [0.15], [0.16]]
    assert run_trials("successive-halving", trials, "reduction_factor=2") == [
        None,
        1,
        1,
        None,
        1,
    ]


def test_the_first_rung_is_where_it_was_set() -> None:
    trials = [[0.5] * 4, [0.6] * 4]
    assert run_trials("successive-halving", trials, "min_resource=3")[-1] == 3
    # 1 * 2^2, the third rung being the first.
    options = ("min_early_stopping_rate=2", "reduction_factor=2")
    assert run_trials("successive-halving", trials, *options)[-1] == 4


def test_hyperband_has_brackets_up_to_the_epochs_of_a_trial() -> None:
    # Nine epochs by three: brackets that begin after 1, 3 and 9 epochs. Worse and worse trials
    # all end at the first rung of their bracket, and in none of them earlier.
    worse = [[0.1 + 0.01 * number] * 9 for number in range(30)]
    ends = run_trials("hyperband", worse)
    assert set(ends) <= {None, 1, 3, 9}
    assert {1, 3, 9} <= set(ends)


def test_hyperband_has_one_bracket_where_a_trial_is_as_long_as_its_first_rung() -> None:
    worse = [[0.1 + 0.01 * number] * 9 for number in range(6)]
    assert run_trials("hyperband", worse, "min_resource=9") == [None, 9, 9, 9, 9, 9]


def test_a_patient_pruner_prunes_a_trial_that_has_not_improved_and_is_behind() -> None:
    leaders = [[0.3] * 6] * 3
    # Behind the median throughout. The best of epoch 2 stands for three epochs at epoch 5.
    assert run_trials("patient", [*leaders, [0.9, 0.8, 0.8, 0.8, 0.8, 0.8]])[-1] == 5
    assert run_trials("patient", [*leaders, [0.9, 0.8, 0.7, 0.6, 0.5, 0.4]])[-1] is None
    # It stands still, but leads.
    assert run_trials("patient", [*leaders, [0.2] * 6])[-1] is None


def test_a_patient_pruner_of_none_asks_no_other() -> None:
    assert run_trials("patient", [[0.2] * 6], "wraps=none") == [4]
    assert run_trials("patient", [[0.2] * 6], "wraps=none", "patience=1") == [2]
    assert run_trials("patient", [[0.2, 0.3, 0.3]], "wraps=none", "patience=1") == [2]
    rising = [[0.2, 0.3, 0.3]]
    assert run_trials("patient", rising, "wraps=none", "patience=1", direction="maximize") == [3]


def test_too_little_is_no_improvement() -> None:
    slow = [[0.5, 0.49, 0.48, 0.47, 0.46]]
    options = ("wraps=none", "patience=2")
    assert run_trials("patient", slow, *options) == [None]
    # Two epochs bring 0.02.
    assert run_trials("patient", slow, *options, "min_delta=0.015") == [None]
    assert run_trials("patient", slow, *options, "min_delta=0.025") == [3]


def test_a_patient_pruner_wraps_others() -> None:
    trials = [[0.5] * 6, [0.6] * 6]
    # The first rung, after one epoch, is looked at once two epochs brought nothing.
    options = ("wraps=successive-halving", "patience=2")
    assert run_trials("patient", trials, *options) == [None, 3]
    assert run_trials("patient", trials, "wraps=hyperband", "patience=2")[0] is None


def test_values_that_are_no_numbers_are_no_improvement() -> None:
    assert run_trials("patient", [[math.nan] * 4], "wraps=none", "patience=2") == [3]


def test_the_patient_pruner_of_optuna_never_prunes_on_best_values() -> None:
    # Why there is one of ours.
    study = optuna.create_study()
    trial = study.ask()
    with pytest.warns(optuna.exceptions.ExperimentalWarning):
        theirs = optuna.pruners.PatientPruner(None, patience=1)
    ours = PatientPruner(None, patience=1, min_delta=0.0)
    for epoch in range(1, 7):
        trial.report(0.5, epoch)
    frozen = study.trials[0]
    assert (theirs.prune(study, frozen), ours.prune(study, frozen)) == (False, True)
