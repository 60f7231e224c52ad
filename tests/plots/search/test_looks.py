import itertools

import pytest

from search.plots.search.layers import Mark
from search.plots.search.looks import (
    BEST,
    COMPLETE,
    INFEASIBLE,
    PRUNED,
    find_kind,
    hover_text,
    mark_trials,
)
from search.trial.state import TrialState
from tests.plots.search.searches import search, trial


@pytest.mark.parametrize(
    ("state", "is_feasible", "leading", "kind"),
    [
        pytest.param(TrialState.COMPLETE, True, [], COMPLETE, id="complete"),
        pytest.param(TrialState.PRUNED, True, [], PRUNED, id="pruned"),
        pytest.param(TrialState.COMPLETE, False, [], INFEASIBLE, id="complete but infeasible"),
        pytest.param(TrialState.PRUNED, False, [], INFEASIBLE, id="pruned and infeasible"),
        pytest.param(TrialState.COMPLETE, True, [3], BEST, id="best"),
    ],
)
def test_a_trial_is_of_one_kind(
    state: TrialState, is_feasible: bool, leading: list[int], kind: Mark
) -> None:
    entry = trial(3, 0.1, state=state, is_feasible=is_feasible)
    assert find_kind(search([entry], *leading), entry) is kind


def test_every_trial_with_values_is_marked_once() -> None:
    states = (TrialState.COMPLETE, TrialState.PRUNED)
    sorts = enumerate(itertools.product(states, (True, False)))
    trials = [trial(n, 0.1, state=state, is_feasible=f) for n, (state, f) in sorts]
    marks = mark_trials(search(trials, 0), [(entry, entry.number, 0.1) for entry in trials])
    assert sorted(x for mark in marks for x in mark.xs) == [0, 1, 2, 3]


def test_the_pointer_shows_name_values_and_kind() -> None:
    entry = trial(3, 0.123456789, state=TrialState.PRUNED, is_feasible=False)
    lines = ["#3 bilstm 64", "val_loss 0.123457", "pruned", "over a limit"]
    assert hover_text(search([entry]), entry).split("\n") == lines
