import json

import pytest

from search.engines.trials import Proposal, TrialRecord, TrialState
from search.study.confirmation import (
    N_SEEDS,
    Confirmation,
    Retraining,
    confirm,
    equals_of,
    pick,
)
from search.training.history import Objective

LOSS, F1 = Objective.VAL_LOSS, Objective.MACRO_F1


def confirmed(number: int, *values: float) -> Confirmation:
    return Confirmation(number, tuple(Retraining(v, {"run_id": str(v)}) for v in values))


STEADY = confirmed(4, 0.130, 0.131, 0.132)
FAR = confirmed(1, 0.150, 0.151, 0.152)


def trial(number: int) -> TrialRecord:
    return TrialRecord(number, TrialState.COMPLETE, (0.1,), {"units_1": number}, {}, None, None)


def test_mean_and_spread_are_those_of_the_seeds() -> None:
    assert STEADY.mean == pytest.approx(0.131)
    assert STEADY.spread == pytest.approx(0.001)
    assert confirmed(0, 0.2).spread == 0.0


def test_a_clear_winner_has_no_equals() -> None:
    assert equals_of([FAR, STEADY], LOSS) == (STEADY,)
    assert pick([FAR, STEADY], LOSS) is STEADY
    assert pick([FAR, STEADY], F1) is FAR


def test_means_that_the_spread_does_not_tell_apart_are_equal_and_the_steadier_one_wins() -> None:
    # Means 0.1305 and 0.131 with deviations 0.0071 and 0.001: far from significant.
    wild = confirmed(2, 0.1234, 0.1305, 0.1376)
    assert equals_of([FAR, STEADY, wild], LOSS) == (wild, STEADY)
    assert pick([FAR, STEADY, wild], LOSS) is STEADY


def test_the_test_of_equality_is_welchs() -> None:
    # By hand: t = 0.002 / sqrt(2 * 1e-6 / 3) = 2.449 at 4 degrees of freedom, p = 0.0705.
    ahead = confirmed(0, 0.128, 0.129, 0.130)
    assert equals_of([ahead, STEADY], LOSS) == (ahead,)
    # t = 0.0015 / 0.000816 = 1.837, p = 0.140.
    closer = confirmed(0, 0.1285, 0.1295, 0.1305)
    assert equals_of([closer, STEADY], LOSS) == (closer, STEADY)


def test_values_without_spread_are_equal_where_they_are_the_same() -> None:
    one, same, other = (confirmed(n, v, v, v) for n, v in ((0, 0.2), (1, 0.2), (2, 0.3)))
    assert equals_of([other, same, one], LOSS) == (one, same)
    assert pick([other, same, one], LOSS) is one


def test_the_middle_retraining_has_the_median() -> None:
    assert confirmed(0, 0.3, 0.1, 0.2).middle.value == 0.2


def test_a_retraining_without_facts_diverged() -> None:
    assert Retraining(0.17).diverged
    assert not Retraining(0.17, {"run_id": "run"}).diverged


def test_a_confirmation_survives_json() -> None:
    stored = json.loads(json.dumps(STEADY.as_list()))
    assert Confirmation.from_list(4, stored) == STEADY


def test_nothing_to_pick_from_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to pick from"):
        pick([], LOSS)


class Trainings:
    """Trains nothing: notes what was asked, and runs out of time after some."""

    def __init__(self, n_until_over: int = 99) -> None:
        self.seeds: list[tuple[int, int]] = []
        self.indices: list[int] = []
        self.kept: dict[int, Confirmation] = {}
        self.n_left = n_until_over

    def train(self, proposal: Proposal, index: int) -> Retraining | None:
        if not self.n_left:
            return None
        self.n_left -= 1
        self.seeds.append((proposal.number, proposal.seed))
        self.indices.append(index)
        return Retraining(proposal.number + index / 10, {"run_id": "run"})

    def keep(self, confirmation: Confirmation) -> None:
        self.kept[confirmation.number] = confirmation


def test_each_trial_is_trained_with_fresh_seeds_that_are_all_different() -> None:
    trainings = Trainings()
    assert confirm(
        [trial(3), trial(0)], {}, study_seed=7, train=trainings.train, keep=trainings.keep
    )
    values = {number: entry.values for number, entry in trainings.kept.items()}
    assert values == {3: (3.1, 3.2, 3.3), 0: (0.1, 0.2, 0.3)}
    assert len({seed for _, seed in trainings.seeds}) == 2 * N_SEEDS


def test_a_confirmation_that_was_cut_off_goes_on_where_it_was() -> None:
    whole, first, second = Trainings(), Trainings(n_until_over=4), Trainings()
    trials = [trial(3), trial(0)]
    confirm(trials, {}, study_seed=7, train=whole.train, keep=whole.keep)
    assert not confirm(trials, {}, study_seed=7, train=first.train, keep=first.keep)
    assert confirm(trials, first.kept, study_seed=7, train=second.train, keep=second.keep)
    assert second.indices == [2, 3]
    assert first.seeds + second.seeds == whole.seeds
