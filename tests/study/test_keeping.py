from collections.abc import Sequence

import numpy as np
import pytest

from search.store.codec import QueueEntry
from search.trial.objective import Objectives
from search.trial.state import StopReason
from tests.memory_tracker import MemoryRecord, MemoryTracker
from tests.trials import make_trial

from .scripted import ScriptedProposer, ScriptedSearch

LOSS_AND_SIZE = Objectives.parse("val_loss,parameters")
CHECKPOINT = "checkpoint/weights.bin"


def test_the_networks_of_the_best_are_kept_and_a_beaten_one_is_dropped() -> None:
    search = ScriptedSearch([0.5, 0.4, 0.6, 0.3, 0.4, 0.35])
    kept = []
    for n_trials in range(1, 7):
        search.run(n_trials, n_kept=2)
        kept.append(search.with_networks)
    # The third is worse than both, and the fifth no better than the second.
    assert kept == [[0], [0, 1], [0, 1], [1, 3], [1, 3], [3, 5]]
    assert [trial.has_model for trial in search.trials] == [True, True, False, True, False, True]
    assert search.tracker.trials[0].files == {"plots/curve.png": b"a curve"}
    assert search.tracker.trials[3].files["model/weights.bin"] == b"3"


def test_the_only_network_that_is_kept_is_the_winners() -> None:
    search = ScriptedSearch([0.5, 0.4, 0.6])
    search.run(3, n_kept=1)
    assert search.with_networks == [1]


def test_a_network_of_the_ensemble_is_kept_beyond_the_best() -> None:
    # The first is right about the first text, the second about the second one.
    predictions = [[0.9, 0.5], [0.5, 0.1], [0.6, 0.5], [0.5, 0.5]]
    search = ScriptedSearch([0.40, 0.41, 0.39, 0.42], predictions=predictions)
    search.run(4, n_kept=1)
    assert search.with_networks == [0, 1, 2]
    names = {model.component.name for model in search.roster.models().members}
    assert names == {"#0 gru 1", "#1 gru 2", "#2 gru 3"}


def test_a_network_of_a_fresh_seed_is_left_alone() -> None:
    search = ScriptedSearch([0.5, 0.4, 0.3])
    again = make_trial(0, (0.6,), name="#0 gru 1 again", run_id="a confirmation's")
    search.roster.add(again, np.full((2, 1), 0.5, np.float32))
    # There is no run of that id to drop from.
    search.run(3, n_kept=1)
    assert search.with_networks == [2]


def test_a_trial_that_repeats_another_keeps_no_network() -> None:
    search = ScriptedSearch([0.5, 0.4, 0.6], ScriptedProposer(units=[3, 3, 4, 5]))
    search.run(3, n_kept=2)
    assert search.with_networks == [0, 2]


@pytest.mark.parametrize(
    ("units", "values", "kept"),
    [
        pytest.param([1, 2], [0.5, 0.6], [0], id="larger and worse than the first"),
        pytest.param([1, 2], [0.5, 0.4], [0, 1], id="larger and better"),
        pytest.param([2, 1], [0.5, 0.4], [1], id="smaller and better"),
        pytest.param([3, 2, 1], [0.4, 0.5, 0.3], [2], id="two are dominated at once"),
        pytest.param(
            [1, 3, 2, 4], [0.6, 0.4, 0.4, 0.2], [0, 2, 3], id="as good as one and smaller"
        ),
    ],
)
def test_of_several_objectives_the_networks_of_the_front_are_kept(
    units: Sequence[int], values: Sequence[float], kept: Sequence[int]
) -> None:
    search = ScriptedSearch(values, ScriptedProposer(units=units), objectives=LOSS_AND_SIZE)
    search.run(len(values), n_kept=1)
    assert search.with_networks == list(kept)


def test_a_network_off_the_front_is_kept_among_the_best() -> None:
    search = ScriptedSearch([0.5, 0.6], ScriptedProposer(units=[1, 2]), objectives=LOSS_AND_SIZE)
    search.run(2, n_kept=2)
    assert search.with_networks == [0, 1]


def short(*numbers: int) -> dict[int, QueueEntry]:
    """Let the proposals with these numbers be trained for two epochs."""
    return {number: QueueEntry(n_epochs=2) for number in numbers}


def test_a_checkpoint_is_kept_as_long_as_a_trial_may_go_on_from_it() -> None:
    # After so many trials have ended.
    promotable = {0: (), 1: (0,), 2: (0, 1), 3: (1,), 4: ()}
    proposer = ScriptedProposer(entries=short(0, 1, 2), promotable=lambda n: promotable[n])
    search = ScriptedSearch([0.5, 0.4, 0.3, 0.2], proposer)
    kept = []
    for n_trials in range(1, 5):
        search.run(n_trials)
        kept.append(search.with_file(CHECKPOINT))
    assert kept == [[0], [0, 1], [1], []]
    assert [trial.has_checkpoint for trial in search.trials] == [True, True, True, False]


def test_a_trial_that_no_other_may_go_on_from_has_no_checkpoint() -> None:
    search = ScriptedSearch([0.5])
    search.run(1)
    assert search.with_file(CHECKPOINT) == []


def test_a_pruned_trial_keeps_the_checkpoint_that_another_may_go_on_from() -> None:
    proposer = ScriptedProposer(hopeless=[0], entries=short(0), promotable=lambda n: (0,))
    search = ScriptedSearch([StopReason.PRUNED], proposer)
    search.run(1)
    assert (search.with_file(CHECKPOINT), search.with_networks) == ([0], [])


def test_a_checkpoint_that_a_failed_trial_made_useless_is_dropped_with_the_next_trial() -> None:
    promotable = {0: (), 1: (0,), 2: (), 3: ()}
    proposer = ScriptedProposer(entries=short(0), promotable=lambda n: promotable[n])
    search = ScriptedSearch([0.5, ValueError("cause"), 0.4], proposer)
    search.run(2)
    assert search.with_file(CHECKPOINT) == []


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
    proposer = ScriptedProposer(entries=short(0, 1, 2), promotable=lambda n: (0,) if n == 1 else ())
    ScriptedSearch([0.5, 0.4, 0.3, 0.2], proposer, tracker).run(4, n_kept=9)
    assert sorted(tracker.reopened) == ["trial-0", "trial-1", "trial-2"]
