import itertools

from search.plots.search.looks import KINDS, told
from search.plots.search.trials import Outcome
from tests.plots.search.searches import search, trial


def test_every_trial_with_values_is_of_exactly_one_kind() -> None:
    outcomes = (Outcome.COMPLETE, Outcome.PRUNED)
    for outcome, is_feasible, is_best in itertools.product(outcomes, (True, False), (True, False)):
        entry = trial(0, 0.1, outcome=outcome, is_feasible=is_feasible, is_best=is_best)
        assert sum(kind.is_of(entry) for kind in KINDS) == 1


def test_a_trial_is_told_with_name_values_and_kind() -> None:
    entry = trial(3, 0.123456789, outcome=Outcome.PRUNED, is_feasible=False)
    lines = ["#3 bilstm 64", "val_loss 0.123457", "given up early", "beyond a limit"]
    assert told(search([entry]), entry).split("\n") == lines
