import pytest

from search.engines.trials import TrialState
from search.study.ending import Ending, ending_of
from search.study.objectives import Objectives
from search.study.settings import Budget

from .scripted import trial

LOSS = Objectives(("val_loss",))
PRUNED, FAIL = TrialState.PRUNED, TrialState.FAIL


def test_a_study_without_a_trial_is_not_at_its_end() -> None:
    assert ending_of([], LOSS, Budget(1, target=0.5, patience=1)) is None


def test_the_total_of_complete_and_pruned_trials_is_an_end() -> None:
    records = [trial(0, 0.5), trial(1, 0.9, PRUNED), trial(2, None, FAIL)]
    assert ending_of(records, LOSS, Budget(2)) is Ending.TRIALS
    assert ending_of(records, LOSS, Budget(1)) is Ending.TRIALS
    assert ending_of(records, LOSS, Budget(3)) is None


def test_what_was_not_trained_does_not_count() -> None:
    records = [
        trial(0, 0.5),
        trial(1, 0.5, reused_from={"trial": 0}),
        trial(2, None, PRUNED, refused="20 parameters > 10"),
    ]
    assert ending_of(records, LOSS, Budget(2, patience=1)) is None


def test_a_target_is_told_before_the_total_and_the_total_before_patience() -> None:
    records = [trial(0, 0.1), trial(1, 0.2), trial(2, 0.3)]
    for target, n_trials, ending in (
        (0.1, 3, Ending.TARGET),
        (0.05, 3, Ending.TRIALS),
        (None, 3, Ending.TRIALS),
        (0.05, 4, Ending.PATIENCE),
        (0.1, 4, Ending.TARGET),
    ):
        assert ending_of(records, LOSS, Budget(n_trials, target=target, patience=2)) is ending


def test_a_target_that_fresh_seeds_disproved_is_not_met() -> None:
    records = [trial(0, 0.01), trial(1, 0.2)]
    assert ending_of(records, LOSS, Budget(9, target=0.05), disproved={0}) is None
    assert ending_of(records, LOSS, Budget(9, target=0.05), disproved={1}) is Ending.TARGET


@pytest.mark.parametrize(("patience", "ending"), [(1, Ending.PATIENCE), (2, None)])
def test_patience_counts_the_trials_since_the_last_better_one(
    patience: int, ending: Ending | None
) -> None:
    records = [trial(0, 0.5), trial(1, 0.6), trial(2, 0.4), trial(3, 0.4)]
    assert ending_of(records, LOSS, Budget(9, patience=patience)) is ending


def test_patience_that_is_over_stays_so_until_it_is_raised() -> None:
    records = [trial(0, 0.5), trial(1, 0.6), trial(2, 0.7)]
    assert ending_of(records, LOSS, Budget(9, patience=2)) is Ending.PATIENCE
    assert ending_of(records, LOSS, Budget(9, patience=3)) is None


def test_the_target_is_held_against_the_first_of_several_objectives() -> None:
    objectives = Objectives(("macro_f1", "parameters"))
    records = [trial(0, (0.6, 500.0)), trial(1, (0.3, 5.0))]
    assert ending_of(records, objectives, Budget(9, target=0.6)) is Ending.TARGET
    assert ending_of(records, objectives, Budget(9, target=0.7)) is None
