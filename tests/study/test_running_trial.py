from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from search.errors import TrackingError
from search.study.ending import Ending
from search.study.running_trial import RunningTrial
from search.tracking.record import RunStatus
from search.trial.diagnosis import Verdict
from search.trial.limits import Limits
from search.trial.state import StopReason, TrialState
from search.trial.training import Training
from tests.memory_tracker import MemoryRecord, MemoryTracker
from tests.trials import make_training, make_trial

from .scripted import ScriptedSearch


@dataclass
class WitnessedRecord(MemoryRecord):
    """A run that notes the trial's state in the database at each of its last writes."""

    read_state: Callable[[], TrialState] = lambda: TrialState.RUNNING
    writes: list[tuple[str, TrialState]] = field(default_factory=list)
    is_broken: bool = False
    """Whether what a training came to cannot be written."""

    def folder(self, path: str, directory: Path) -> None:
        super().folder(path, directory)
        self.writes.append((path, self.read_state()))

    def file(self, path: str, content: bytes) -> None:
        if self.is_broken:
            raise TrackingError("MLflow: could not write an artifact")
        super().file(path, content)
        self.writes.append((path, self.read_state()))

    def end(self, status: RunStatus) -> None:
        super().end(status)
        self.writes.append((status.value, self.read_state()))


class WitnessingTracker(MemoryTracker):
    """A tracker whose runs look into the database."""

    def __init__(self) -> None:
        super().__init__()
        self.read_state: Callable[[int], TrialState] = lambda number: TrialState.RUNNING
        self.is_broken = False

    def trial(self, number: int, name: str, tags: Mapping[str, Any]) -> MemoryRecord:
        run = super().trial(number, name, tags)
        self.trials[-1] = WitnessedRecord(
            run.run_id,
            run.name,
            kept_tags=run.kept_tags,
            read_state=lambda: self.read_state(number),
            is_broken=self.is_broken,
        )
        return self.trials[-1]


def witnessed_search(script: list[Any], *, is_broken: bool = False) -> ScriptedSearch:
    tracker = WitnessingTracker()
    tracker.is_broken = is_broken
    search = ScriptedSearch(script, tracker=tracker)
    tracker.read_state = lambda number: search.trials[number].state
    return search


def test_weights_are_written_before_the_database_and_the_record_after_it() -> None:
    search = witnessed_search([0.5])
    search.run(1)
    run = search.tracker.trials[0]
    assert isinstance(run, WitnessedRecord)
    assert run.writes == [
        ("model", TrialState.RUNNING),
        ("plots/curve.png", TrialState.COMPLETE),
        ("FINISHED", TrialState.COMPLETE),
    ]


def test_a_failure_is_in_the_database_before_it_is_in_the_record() -> None:
    search = witnessed_search([ValueError("cause"), 0.5])
    search.run(1)
    run = search.tracker.trials[0]
    assert isinstance(run, WitnessedRecord)
    assert run.writes == [("traceback.txt", TrialState.FAIL), ("FAILED", TrialState.FAIL)]


def test_a_trial_stays_complete_whose_record_cannot_be_written() -> None:
    search = witnessed_search([0.5], is_broken=True)
    with pytest.raises(TrackingError, match="could not write an artifact"):
        search.run(2)
    assert search.states == ["COMPLETE"]
    assert search.n_waiting == 0
    # Whoever recovers the study ends its run.
    assert search.statuses == [None]


def test_a_trial_leaves_its_record() -> None:
    search = ScriptedSearch([0.5])
    search.run(1)
    (run,) = search.tracker.trials
    assert run.name == "#0 gru 1"
    assert run.kept_params == {"cell": "gru", "units_1": 1}
    assert run.kept_tags == {
        "trial": 0,
        "state": "COMPLETE",
        "seed": search.proposals[0].seed,
        "start": "small",
        "stopped": "epochs",
        "verdict": "fit",
        "onset": "none",
        "gap": "0.0100",
    }
    assert run.kept_metrics["epoch/val_loss"] == [(1, 0.5)]
    assert run.kept_metrics["epoch/train_loss"] == [(1, 0.8)]
    assert run.kept_metrics["val_loss"] == [(0, 0.5)]
    assert run.kept_metrics["f1/War"] == [(0, 0.5)]


def test_a_trial_is_in_the_database_with_its_training() -> None:
    search = ScriptedSearch([0.5])
    search.run(1)
    (trial,) = search.trials
    (run,) = search.tracker.trials
    assert (trial.run_id, trial.name, trial.start) == (run.run_id, "#0 gru 1", "small")
    assert (trial.state, trial.values) == (TrialState.COMPLETE, (0.5,))
    assert trial.hyperparameters == {"cell": "gru", "units_1": 1}
    assert trial.val_loss == 0.5
    assert trial.curves.train_loss == [0.5]
    assert trial.training is not None
    assert (trial.verdict, trial.training.stop_reason) == (Verdict.FIT, StopReason.EPOCHS)
    assert trial.has_model and not trial.has_checkpoint


def test_a_trial_whose_network_cannot_be_written_stops_the_search_and_is_repeated() -> None:
    search = ScriptedSearch([0.5, 0.4], save_fails=True)
    with pytest.raises(OSError, match="no space left"):
        search.run(1)
    assert search.states == ["FAIL"]
    assert search.statuses == [RunStatus.KILLED]
    assert search.trials[0].failure == "OSError: no space left on device"
    search.save_fails = False
    assert search.run(1) is Ending.TRIALS
    assert search.trials[1].hyperparameters == search.trials[0].hyperparameters


@pytest.mark.parametrize(
    ("limits", "violations"),
    [
        pytest.param(Limits(), {}, id="no limit"),
        # Whatever is trained keeps to it: 10 weights of 100.
        pytest.param(Limits(max_parameters=100), {"parameters": -0.9}, id="parameters alone"),
    ],
)
def test_without_a_limit_on_the_gap_no_run_is_called_feasible_or_not(
    limits: Limits, violations: Mapping[str, float]
) -> None:
    search = ScriptedSearch([0.1])
    search.run(1, limits=limits)
    assert "feasible" not in search.tracker.trials[0].kept_tags
    assert search.trials[0].violations == pytest.approx(violations)


def test_a_loss_that_became_no_number_is_a_divergence() -> None:
    search = ScriptedSearch(
        [FloatingPointError("the training loss became nan"), ValueError("other"), 0.5]
    )
    search.run(1)
    verdicts = [run.kept_tags.get("verdict") for run in search.tracker.trials]
    assert verdicts == ["diverged", None, "fit"]
    assert [trial.verdict for trial in search.trials] == [Verdict.DIVERGED, None, Verdict.FIT]


def test_an_interrupt_while_the_database_ends_a_trial_ends_it_once() -> None:
    search = ScriptedSearch([0.5, 0.4])
    search.proposer.interrupts_end_of = 0
    with pytest.raises(KeyboardInterrupt):
        search.run(2)
    assert search.states == ["COMPLETE"]
    assert search.n_waiting == 0
    assert search.run(2) is Ending.TRIALS
    assert search.states == ["COMPLETE", "COMPLETE"]


def take_trial(search: ScriptedSearch) -> RunningTrial:
    """Ask for the next trial of a search."""
    proposal = search.trial_store.ask()
    return RunningTrial(proposal, search.trial_store, search.tracker, search.objectives)


def open_trial(search: ScriptedSearch) -> RunningTrial:
    """Ask for the next trial of a search, and open its run."""
    running = take_trial(search)
    running.open()
    return running


def test_a_running_trial_has_its_run_in_the_database() -> None:
    search = ScriptedSearch([])
    open_trial(search)
    (trial,), (run,) = search.trials, search.tracker.trials
    assert (trial.state, trial.run_id, trial.name) == ("RUNNING", run.run_id, "#0 gru 1")


def test_a_trial_that_is_cut_off_is_ended_in_both_stores_and_waits_to_be_repeated() -> None:
    search = ScriptedSearch([])
    open_trial(search).cut_off("interrupted")
    (trial,) = search.trials
    assert (trial.state, trial.failure, trial.is_interrupted) == ("FAIL", "interrupted", True)
    (run,) = search.tracker.trials
    assert run.status is RunStatus.KILLED
    assert (run.kept_tags["state"], run.kept_tags["failure"]) == ("FAIL", "interrupted")
    assert search.trial_store.waiting() == ["small"]


def test_cutting_a_trial_off_again_changes_nothing() -> None:
    search = ScriptedSearch([])
    running = open_trial(search)
    running.cut_off("time over")
    (trial,), (run,) = search.trials, search.tracker.trials
    before = replace(run, kept_tags=dict(run.kept_tags))
    running.cut_off("interrupted")
    assert search.trials == [trial]
    assert run == before
    assert search.n_waiting == 1


def test_a_trial_without_a_run_can_be_cut_off() -> None:
    search = ScriptedSearch([])
    take_trial(search).cut_off("cause")
    assert search.states == ["FAIL"]
    assert search.tracker.trials == []
    assert search.n_waiting == 1


def test_a_failed_trial_is_not_cut_off() -> None:
    search = ScriptedSearch([])
    running = open_trial(search)
    running.fail(ValueError("cause"))
    running.cut_off("interrupted")
    (trial,) = search.trials
    assert (trial.failure, trial.is_interrupted) == ("ValueError: cause", False)
    assert search.n_waiting == 0


@pytest.mark.parametrize(
    ("training", "epoch"),
    [
        pytest.param(make_training(n_epochs=2), 2, id="two"),
        pytest.param(None, 1, id="unknown, as of another study's trial"),
    ],
)
def test_a_reused_value_of_a_pruned_trial_is_reported_at_its_last_epoch(
    training: Training | None, epoch: int
) -> None:
    search = ScriptedSearch([])
    running = take_trial(search)
    running.reuse(make_trial(9, 0.25, TrialState.PRUNED, training=training))
    assert search.proposer.reports(0) == {epoch: 0.25}
    assert (search.trials[0].state, search.trials[0].values) == (TrialState.PRUNED, (0.25,))


def test_a_trial_pruned_before_it_had_a_value_is_reused_without_one() -> None:
    search = ScriptedSearch([])
    take_trial(search).reuse(make_trial(9, None, TrialState.PRUNED))
    assert search.proposer.reports(0) == {}
    assert (search.trials[0].state, search.trials[0].values) == (TrialState.PRUNED, ())


def test_a_reused_trial_lies_within_the_limits_of_this_search() -> None:
    search = ScriptedSearch([])
    running = take_trial(search)
    assert running.check_size(80, Limits(max_parameters=100))
    running.reuse(make_trial(9, 0.25, violations={"parameters": -0.5, "gap": 0.01}))
    assert search.trials[0].violations == pytest.approx({"parameters": -0.2, "gap": 0.01})


def test_a_reused_trial_has_no_violation_of_a_limit_on_parameters_that_is_gone() -> None:
    search = ScriptedSearch([])
    running = take_trial(search)
    assert running.check_size(80, Limits())
    running.reuse(make_trial(9, 0.25, violations={"parameters": -0.5, "gap": 0.01}))
    assert search.trials[0].violations == {"gap": 0.01}


def test_the_cause_of_a_failure_is_cut_in_the_database() -> None:
    search = ScriptedSearch([])
    open_trial(search).fail(ValueError("x" * 9000))
    assert len(search.trials[0].failure) == 500


def test_without_an_open_run_there_is_none_to_write_into() -> None:
    running = take_trial(ScriptedSearch([]))
    with pytest.raises(ValueError, match=r"#0 gru 1.*not open"):
        _ = running.run
