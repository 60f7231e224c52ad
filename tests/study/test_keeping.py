from collections.abc import Sequence

import pytest

from search.study.objectives import Objectives
from search.tracking.memory import MemoryRecord, MemoryTracker
from search.training.history import StopReason

from .scripted import ScriptedEngine, Study

CHECKPOINT = "checkpoint/weights.bin"


def test_the_networks_of_the_best_are_kept_and_a_beaten_one_is_dropped() -> None:
    study = Study([0.5, 0.4, 0.6, 0.3, 0.4, 0.35])
    kept = []
    for n_trials in range(1, 7):
        study.run(n_trials, n_kept=2)
        kept.append(study.with_networks)
    # The third is worse than both, and the fifth no better than the second.
    assert kept == [[0], [0, 1], [0, 1], [1, 3], [1, 3], [3, 5]]
    assert study.tracker.trials[0].files == {"plots/curve.png": b"a curve"}
    assert study.tracker.trials[3].files["model/weights.bin"] == b"3"


def test_the_only_network_that_is_kept_is_the_winners() -> None:
    study = Study([0.5, 0.4, 0.6])
    study.run(3, n_kept=1)
    assert study.with_networks == [1]


def test_a_trial_that_repeats_another_keeps_no_network() -> None:
    study = Study([0.5, 0.4, 0.6], ScriptedEngine(units=[3, 3, 4, 5]))
    study.run(3, n_kept=2)
    assert study.with_networks == [0, 2]


@pytest.mark.parametrize(
    ("units", "values", "kept"),
    [
        # Larger and worse than the first.
        ([1, 2], [0.5, 0.6], [0]),
        # Larger and better.
        ([1, 2], [0.5, 0.4], [0, 1]),
        # Smaller and better: the first is dropped.
        ([2, 1], [0.5, 0.4], [1]),
        # Two that each were on the front are dropped at once.
        ([3, 2, 1], [0.4, 0.5, 0.3], [2]),
        # The third is as good as the second and smaller: the second is dropped.
        ([1, 3, 2, 4], [0.6, 0.4, 0.4, 0.2], [0, 2, 3]),
    ],
)
def test_of_several_objectives_the_networks_of_the_front_are_kept(
    units: Sequence[int], values: Sequence[float], kept: Sequence[int]
) -> None:
    study = Study(values, ScriptedEngine(units=units))
    study.objectives = Objectives(("val_loss", "parameters"))
    study.run(len(values), n_kept=1)
    assert study.with_networks == list(kept)


def test_a_network_off_the_front_is_kept_among_the_best() -> None:
    study = Study([0.5, 0.6], ScriptedEngine(units=[1, 2]))
    study.objectives = Objectives(("val_loss", "parameters"))
    study.run(2, n_kept=2)
    assert study.with_networks == [0, 1]


def short(*numbers: int) -> dict[int, dict[str, int]]:
    """Let the proposals with these numbers be trained for two epochs."""
    return {number: {"n_epochs": 2} for number in numbers}


def test_a_checkpoint_is_kept_as_long_as_a_trial_may_go_on_from_it() -> None:
    # After so many trials have ended.
    promotable = {0: (), 1: (0,), 2: (0, 1), 3: (1,), 4: ()}
    engine = ScriptedEngine(proposals=short(0, 1, 2), promotable=lambda n: promotable[n])
    study = Study([0.5, 0.4, 0.3, 0.2], engine)
    kept = []
    for n_trials in range(1, 5):
        study.run(n_trials)
        kept.append(study.with_file(CHECKPOINT))
    assert kept == [[0], [0, 1], [1], []]
    assert engine.kept[2].facts["has_checkpoint"] is True
    assert "has_checkpoint" not in engine.kept[3].facts


def test_a_trial_that_none_can_go_on_from_has_no_checkpoint() -> None:
    study = Study([0.5])
    study.run(1)
    assert study.with_file(CHECKPOINT) == []


def test_a_trial_that_was_given_up_keeps_what_another_may_go_on_from() -> None:
    engine = ScriptedEngine(hopeless=[0], proposals=short(0), promotable=lambda n: (0,))
    study = Study([StopReason.PRUNED], engine)
    study.run(1)
    assert (study.with_file(CHECKPOINT), study.with_networks) == ([0], [])


def test_checkpoints_that_failed_trials_made_useless_go_with_the_next_trial() -> None:
    promotable = {0: (), 1: (0,), 2: (), 3: ()}
    engine = ScriptedEngine(proposals=short(0), promotable=lambda n: promotable[n])
    study = Study([0.5, ValueError("cause"), 0.4], engine)
    study.run(2)
    assert study.with_file(CHECKPOINT) == []


class NotingTracker(MemoryTracker):
    """Notes which runs are taken up again."""

    def __init__(self) -> None:
        super().__init__()
        self.reopened: list[str] = []

    def reopen(self, run_id: str) -> MemoryRecord:
        self.reopened.append(run_id)
        return super().reopen(run_id)


def test_a_checkpoint_is_dropped_once() -> None:
    tracker = NotingTracker()
    engine = ScriptedEngine(proposals=short(0, 1, 2), promotable=lambda n: (0,) if n == 1 else ())
    Study([0.5, 0.4, 0.3, 0.2], engine, tracker).run(4, n_kept=9)
    assert sorted(tracker.reopened) == ["trial-0", "trial-1", "trial-2"]
