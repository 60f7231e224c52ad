import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from search.engines.trials import Proposal, TrialRecord, TrialState
from search.errors import StudyError
from search.space.hyperparameters import Value
from search.study.events import EpochEnded, Event, TrialEnded, TrialRefused, TrialStarted
from search.study.loop import Ending, Loop, TrialResult
from search.study.settings import Budget
from search.tracking.memory import MemoryTracker
from search.tracking.record import RunStatus
from search.training.history import EpochReport, Objective, StopReason

Listener = Callable[[EpochReport], bool]
Script = float | Exception | KeyboardInterrupt | StopReason
"""What a trial comes to: its value, what it raises, PRUNED, or TIMEOUT for no epoch at all."""


class ScriptedEngine:
    """An engine whose trials have rising units, and which gives up the trials it is told to."""

    def __init__(self, units: Sequence[int] = (), hopeless: Sequence[int] = ()) -> None:
        self.units = list(units)
        self.hopeless = hopeless
        self.again: list[Mapping[str, Value]] = []
        self.reports: list[tuple[int, int, float]] = []
        self.kept: list[TrialRecord] = []

    def ask(self) -> Proposal:
        number = len(self.kept)
        units = self.units[number] if number < len(self.units) else number + 1
        fresh: Mapping[str, Value] = {"cell": "gru", "units_1": units}
        values = self.again.pop() if self.again else fresh
        self.kept.append(TrialRecord(number, TrialState.RUNNING, None, values, {}, None, None))
        return Proposal(number, values, 100 + number, "small" if number == 0 else "")

    def note(self, number: int, facts: Mapping[str, Any]) -> None:
        assert self.kept[number].state is TrialState.RUNNING
        self.kept[number] = replace(self.kept[number], facts={**self.kept[number].facts, **facts})

    def constrain(self, number: int, limit: str, excess: float) -> None:
        self.note(number, {"excess": {limit: excess}})

    def report(self, number: int, epoch: int, best_value: float) -> bool:
        self.reports.append((number, epoch, best_value))
        return number in self.hopeless

    def tell(self, number: int, state: TrialState, value: float | None) -> None:
        assert self.kept[number].state is TrialState.RUNNING
        self.kept[number] = replace(self.kept[number], state=state, value=value)

    def abandon(self, number: int, cause: str) -> None:
        self.note(number, {"failure": cause})
        self.tell(number, TrialState.FAIL, None)
        self.again.append(self.kept[number].hyperparameters)

    def records(self) -> list[TrialRecord]:
        return list(self.kept)


def report(epoch: int, val_loss: float) -> EpochReport:
    return EpochReport(
        epoch=epoch,
        fit_loss=0.9,
        train_loss=0.8,
        val_loss=val_loss,
        train_accuracy=0.9,
        val_accuracy=0.9,
        f1_micro=0.1,
        f1_macro=0.2,
        seconds=1.0,
    )


@dataclass
class Study:
    """A loop over a scripted engine, with everything that it leaves behind."""

    script: Sequence[Script]
    engine: ScriptedEngine = field(default_factory=ScriptedEngine)
    tracker: MemoryTracker = field(default_factory=MemoryTracker)
    events: list[Event] = field(default_factory=list)
    n_run: int = 0
    save_fails: bool = False
    gaps: Sequence[float] = ()

    def run_trial(
        self, proposal: Proposal, is_over: Callable[[], bool], on_epoch: Listener
    ) -> TrialResult | None:
        outcome = self.script[self.n_run]
        self.n_run += 1
        if isinstance(outcome, BaseException):
            raise outcome
        if outcome is StopReason.TIMEOUT:
            while not is_over():
                time.sleep(0.01)
            return None
        pruned = isinstance(outcome, StopReason)
        value = 0.001 if isinstance(outcome, StopReason) else outcome
        assert on_epoch(report(1, value)) is not pruned
        return TrialResult(
            value=value,
            gap=self.gaps[proposal.number] if self.gaps else 0.01,
            stop_reason=StopReason.PRUNED if pruned else StopReason.EPOCHS,
            facts={"metrics": {"val_loss": value}},
            metrics={"val_loss": value},
            tags={"verdict": "fit"},
            files={"plots/curve.png": b"a curve"},
            save=lambda directory: self.save(proposal.number, directory),
        )

    def save(self, number: int, directory: Path) -> None:
        if self.save_fails:
            raise OSError("no space left on device")
        assert self.engine.kept[number].state is TrialState.RUNNING
        (directory / "weights.bin").write_bytes(b"%d" % number)

    def run(
        self,
        n_trials: int,
        *,
        n_kept: int = 3,
        is_interrupted: Callable[[], bool] = lambda: False,
        timeout_seconds: float | None = None,
        disproved: Sequence[int] = (),
        **budget: Any,
    ) -> Ending:
        started = time.monotonic()

        def is_time_over() -> bool:
            return timeout_seconds is not None and time.monotonic() > started + timeout_seconds

        return Loop(
            engine=self.engine,
            tracker=self.tracker,
            run_trial=self.run_trial,
            count_parameters=lambda values: 10 * int(values["units_1"]),
            objective=Objective.VAL_LOSS,
            budget=Budget(n_trials, **budget),
            listen=self.events.append,
            is_interrupted=is_interrupted,
            is_time_over=is_time_over,
            disproved=disproved,
            n_kept=n_kept,
        ).run()

    @property
    def states(self) -> list[str]:
        return [record.state.value for record in self.engine.kept]

    @property
    def statuses(self) -> list[RunStatus | None]:
        return [record.status for record in self.tracker.trials]

    @property
    def with_networks(self) -> list[int]:
        runs = self.tracker.trials
        return [n for n, run in enumerate(runs) if "model/weights.bin" in run.files]


def test_complete_and_pruned_trials_end_the_study() -> None:
    study = Study([0.5, StopReason.PRUNED, 0.4], ScriptedEngine(hopeless=[1]))
    assert study.run(3) is Ending.TRIALS
    assert study.states == ["COMPLETE", "PRUNED", "COMPLETE"]
    assert study.statuses == [RunStatus.FINISHED, RunStatus.KILLED, RunStatus.FINISHED]


def test_a_study_that_is_done_runs_none() -> None:
    study = Study([0.5, 0.4, 0.3])
    study.run(2)
    assert study.run(2) is Ending.TRIALS
    assert study.n_run == 2
    assert study.run(3) is Ending.TRIALS
    assert study.n_run == 3


def test_a_failure_is_recorded_with_its_traceback_and_does_not_count() -> None:
    study = Study([ValueError("no such cell\nat all"), 0.5])
    assert study.run(1) is Ending.TRIALS
    assert study.states == ["FAIL", "COMPLETE"]
    failed = study.tracker.trials[0]
    assert failed.status is RunStatus.FAILED
    assert failed.kept_tags["state"] == "FAIL"
    assert failed.kept_tags["failure"] == "ValueError: no such cell"
    traceback = failed.files["traceback.txt"].decode()
    assert traceback.startswith("Traceback (most recent call last)")
    assert traceback.endswith("ValueError: no such cell\nat all\n")
    assert study.engine.kept[0].facts["failure"] == "ValueError: no such cell"
    ended = study.events[1]
    assert isinstance(ended, TrialEnded)
    assert (ended.state, ended.reason) == (TrialState.FAIL, "ValueError: no such cell")


def test_a_failure_without_a_message_is_told_too() -> None:
    study = Study([MemoryError(), 0.5])
    study.run(1)
    assert study.tracker.trials[0].kept_tags["failure"] == "MemoryError: no message"


def test_five_failures_in_a_row_stop_the_study_with_their_cause() -> None:
    failures = [ValueError(f"cause {number}") for number in range(5)]
    study = Study(failures)
    with pytest.raises(StudyError, match=r"5 trials in a row failed, the last with.*cause 4"):
        study.run(1)
    assert study.states == ["FAIL"] * 5
    assert study.statuses == [RunStatus.FAILED] * 5


def test_a_trial_that_ends_well_forgives_the_failures_before_it() -> None:
    four = [ValueError("cause")] * 4
    study = Study([*four, 0.5, *four, 0.4])
    assert study.run(2) is Ending.TRIALS


def test_refused_proposals_are_not_recorded_and_do_not_count() -> None:
    study = Study([0.5, 0.4], ScriptedEngine(units=[9, 3, 6, 2]))
    assert study.run(2, max_parameters=50) is Ending.TRIALS
    assert study.states == ["FAIL", "COMPLETE", "FAIL", "COMPLETE"]
    assert study.engine.kept[0].facts == {"refused": "90 parameters > 50"}
    assert [run.name for run in study.tracker.trials] == ["#1 gru 3", "#3 gru 2"]
    assert study.events[0] == TrialRefused(0, "#0 gru 9", 90)


def test_a_proposal_as_large_as_allowed_is_run() -> None:
    study = Study([0.5], ScriptedEngine(units=[5]))
    study.run(1, max_parameters=50)
    assert study.states == ["COMPLETE"]


def test_two_hundred_refusals_in_a_row_stop_the_study() -> None:
    study = Study([], ScriptedEngine(units=[9] * 300))
    with pytest.raises(StudyError, match=r"--max-parameters: expected .* at most 50 .* has 90\)"):
        study.run(1, max_parameters=50)
    assert study.states == ["FAIL"] * 200


def test_a_trial_between_refusals_forgives_them() -> None:
    study = Study([0.5, 0.5], ScriptedEngine(units=[9] * 199 + [1] + [9] * 199 + [1]))
    assert study.run(2, max_parameters=50) is Ending.TRIALS


def test_the_study_ends_at_the_first_trial_that_meets_the_target() -> None:
    study = Study([0.5, 0.05, 0.01])
    assert study.run(10, target=0.05) is Ending.TARGET
    assert study.n_run == 2


def test_a_pruned_trial_meets_no_target_and_never_wins() -> None:
    # Its value is 0.001.
    study = Study([0.5, StopReason.PRUNED, 0.4], ScriptedEngine(hopeless=[1]))
    assert study.run(3, target=0.05) is Ending.TRIALS
    ended = [event for event in study.events if isinstance(event, TrialEnded)]
    assert [event.is_best for event in ended] == [True, False, True]
    assert study.with_networks == [0, 2]


def test_an_interrupted_trial_is_abandoned_and_the_interrupt_goes_on() -> None:
    study = Study([0.5, KeyboardInterrupt(), 0.4])
    with pytest.raises(KeyboardInterrupt):
        study.run(2)
    assert study.states == ["COMPLETE", "FAIL"]
    assert study.statuses == [RunStatus.FINISHED, RunStatus.KILLED]
    assert study.tracker.trials[1].kept_tags["failure"] == "interrupted"
    assert study.run(2) is Ending.TRIALS
    assert study.engine.kept[2].hyperparameters == study.engine.kept[1].hyperparameters


def test_a_trial_that_cannot_be_recorded_stops_the_study_and_is_run_again() -> None:
    study = Study([0.5, 0.4], save_fails=True)
    with pytest.raises(OSError, match="no space left"):
        study.run(1)
    assert study.states == ["FAIL"]
    assert study.statuses == [RunStatus.KILLED]
    assert study.engine.kept[0].facts["failure"] == "OSError: no space left on device"
    study.save_fails = False
    assert study.run(1) is Ending.TRIALS
    assert study.engine.kept[1].hyperparameters == study.engine.kept[0].hyperparameters


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


def test_a_trial_leaves_its_record() -> None:
    study = Study([0.5])
    study.run(1)
    (run,) = study.tracker.trials
    assert run.name == "#0 gru 1"
    assert run.kept_params == {"cell": "gru", "units_1": 1}
    assert run.kept_tags == {
        "trial": 0,
        "state": "COMPLETE",
        "seed": 100,
        "start": "small",
        "stopped": "epochs",
        "verdict": "fit",
    }
    assert run.kept_metrics["epoch/val_loss"] == [(1, 0.5)]
    assert run.kept_metrics["epoch/train_loss"] == [(1, 0.8)]
    assert run.kept_metrics["val_loss"] == [(0, 0.5)]
    facts = study.engine.kept[0].facts
    assert facts["run_id"] == run.run_id
    assert facts["metrics"] == {"val_loss": 0.5}


def test_whoever_listens_hears_each_step_in_order() -> None:
    study = Study([0.5, 0.6])
    study.run(2)
    kinds = [type(event).__name__ for event in study.events]
    assert kinds == ["TrialStarted", "EpochEnded", "TrialEnded"] * 2
    started, epoch, ended = study.events[3:]
    assert started == TrialStarted(1, "#1 gru 2", 1, 20)
    assert isinstance(epoch, EpochEnded) and (epoch.value, epoch.best_value) == (0.6, 0.5)
    assert isinstance(ended, TrialEnded) and not ended.is_best


def test_the_engine_is_told_the_best_value_so_far() -> None:
    study = Study([])

    def three_epochs(
        proposal: Proposal, is_over: Callable[[], bool], on_epoch: Listener
    ) -> TrialResult | None:
        assert all(on_epoch(report(epoch, loss)) for epoch, loss in enumerate((0.5, 0.3, 0.4), 1))
        raise KeyboardInterrupt

    loop = Loop(
        engine=study.engine,
        tracker=study.tracker,
        run_trial=three_epochs,
        count_parameters=lambda values: 1,
        objective=Objective.VAL_LOSS,
        budget=Budget(1),
        listen=study.events.append,
    )
    with pytest.raises(KeyboardInterrupt):
        loop.run()
    assert study.engine.reports == [(0, 1, 0.5), (0, 2, 0.3), (0, 3, 0.3)]
    values = study.tracker.trials[0].kept_metrics["epoch/val_loss"]
    assert values == [(1, 0.5), (2, 0.3), (3, 0.4)]


def test_who_interrupts_gets_a_trial_that_is_cut_off_and_run_again() -> None:
    study = Study([0.5, StopReason.TIMEOUT])
    with pytest.raises(KeyboardInterrupt):
        study.run(10, is_interrupted=lambda: study.n_run == 2)
    assert study.states == ["COMPLETE", "FAIL"]
    assert study.statuses == [RunStatus.FINISHED, RunStatus.KILLED]
    assert study.tracker.trials[1].kept_tags["failure"] == "interrupted"
    assert study.engine.again == [study.engine.kept[1].hyperparameters]


def test_a_trial_that_was_trained_whole_is_kept_when_interrupted() -> None:
    study = Study([0.5, 0.4])
    with pytest.raises(KeyboardInterrupt):
        study.run(10, is_interrupted=lambda: study.n_run == 1)
    assert study.states == ["COMPLETE"]


def test_the_study_ends_when_its_time_is_over() -> None:
    study = Study([0.5, StopReason.TIMEOUT])
    assert study.run(10, timeout_seconds=0.2) is Ending.TIMEOUT
    assert study.states == ["COMPLETE", "FAIL"]
    assert study.statuses == [RunStatus.FINISHED, RunStatus.KILLED]
    cause = "time over before its first epoch"
    assert study.tracker.trials[1].kept_tags["failure"] == cause
    assert study.engine.again == [study.engine.kept[1].hyperparameters]


def test_a_trial_beyond_the_gap_is_told_as_infeasible_and_neither_kept_nor_best() -> None:
    study = Study([0.1, 0.3, StopReason.PRUNED], ScriptedEngine(hopeless=[2]))
    study.gaps = [0.05, 0.02, 0.04]
    study.run(3, max_gap=0.02)
    excess = [record.facts["excess"]["gap"] for record in study.engine.kept]
    assert excess == pytest.approx([0.03, 0.0, 0.02])
    assert [record.is_feasible for record in study.engine.kept] == [False, True, False]
    assert [run.kept_tags["feasible"] for run in study.tracker.trials] == ["no", "yes", "no"]
    assert study.with_networks == [1]
    ends = [event.is_best for event in study.events if isinstance(event, TrialEnded)]
    assert ends == [False, True, False]


def test_a_trial_beyond_the_gap_meets_no_target() -> None:
    study = Study([0.01, 0.5])
    study.gaps = [0.05, 0.0]
    assert study.run(2, max_gap=0.02, target=0.05) is Ending.TRIALS


def test_without_a_limit_no_trial_is_called_feasible_or_not() -> None:
    study = Study([0.1])
    study.run(1)
    assert "feasible" not in study.tracker.trials[0].kept_tags
    assert "excess" not in study.engine.kept[0].facts


def test_a_loss_that_became_no_number_is_a_divergence() -> None:
    study = Study([FloatingPointError("the training loss became nan"), ValueError("other"), 0.5])
    study.run(1)
    verdicts = [run.kept_tags.get("verdict") for run in study.tracker.trials]
    assert verdicts == ["diverged", None, "fit"]
    assert study.engine.kept[0].facts["verdict"] == "diverged"


def test_a_trial_that_fresh_seeds_disproved_meets_no_target() -> None:
    study = Study([0.01, 0.02])
    assert study.run(2, target=0.05) is Ending.TARGET
    assert study.run(2, target=0.05, disproved=[0]) is Ending.TARGET
    assert study.n_run == 2
    assert study.run(2, target=0.05, disproved=[0, 1]) is Ending.TRIALS
