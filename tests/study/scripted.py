"""A loop over an engine that follows a script, with everything that it leaves behind."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from search.engines.trials import Proposal, SpaceExhausted, TrialRecord, TrialState
from search.space.hyperparameters import Value
from search.study.ending import Ending
from search.study.events import Event
from search.study.loop import Loop
from search.study.objectives import Objectives
from search.study.result import TrialResult
from search.study.settings import Budget
from search.tracking.memory import MemoryTracker
from search.tracking.record import RunStatus
from search.training.history import EpochReport, StopReason

Listener = Callable[[EpochReport], bool]
Script = float | Exception | KeyboardInterrupt | StopReason
"""What a trial comes to: its value, what it raises, PRUNED, or TIMEOUT for no epoch at all."""
PRUNED_VALUE = 0.001


def trial(
    number: int,
    values: float | Sequence[float] | None,
    state: TrialState = TrialState.COMPLETE,
    hyperparameters: Mapping[str, Value] | None = None,
    **facts: Any,
) -> TrialRecord:
    """Make the record of a trial as a store would give it back."""
    values = () if values is None else (values,) if isinstance(values, float) else tuple(values)
    return TrialRecord(number, state, values, hyperparameters or {}, facts, None, None)


class ScriptedEngine:
    """An engine whose trials have rising units, and which gives up the trials it is told to."""

    def __init__(
        self,
        units: Sequence[int] = (),
        hopeless: Sequence[int] = (),
        *,
        n_points: int | None = None,
        proposals: Mapping[int, Mapping[str, Any]] | None = None,
        promotable: Callable[[int], Sequence[int]] = lambda n_ended: (),
    ) -> None:
        """Write the script.

        Args:
            units: of the first trials; those after them have one more than their number.
            hopeless: trials that are given up after their first epoch.
            n_points: proposals after which the space is exhausted; None for never.
            proposals: further fields of the proposals with these numbers.
            promotable: what may be gone on from once so many trials have ended.
        """
        self.units = list(units)
        self.hopeless = hopeless
        self.n_points = n_points
        self.proposals = proposals or {}
        self._promotable = promotable
        self.again: list[Mapping[str, Value]] = []
        self.reports: list[tuple[int, int, float]] = []
        self.kept: list[TrialRecord] = []

    def ask(self) -> Proposal:
        number = len(self.kept)
        if number == self.n_points:
            raise SpaceExhausted
        units = self.units[number] if number < len(self.units) else number + 1
        fresh: Mapping[str, Value] = {"cell": "gru", "units_1": units}
        values = self.again.pop() if self.again else fresh
        start = "small" if number == 0 else ""
        proposal = Proposal(number, values, 100 + number, start)
        proposal = replace(proposal, **self.proposals.get(number, {}))
        told = {"n_epochs": proposal.n_epochs, "resumes": proposal.resumes}
        facts = {key: value for key, value in told.items() if value is not None}
        self.kept.append(trial(number, None, TrialState.RUNNING, values, **facts))
        return proposal

    def note(self, number: int, facts: Mapping[str, Any]) -> None:
        assert self.kept[number].state is TrialState.RUNNING
        self.kept[number] = replace(self.kept[number], facts={**self.kept[number].facts, **facts})

    def constrain(self, number: int, limit: str, excess: float) -> None:
        known = self.kept[number].facts.get("excess", {})
        assert limit not in known
        self.note(number, {"excess": {**known, limit: excess}})

    def report(self, number: int, epoch: int, best_value: float) -> bool:
        self.reports.append((number, epoch, best_value))
        return number in self.hopeless

    def tell(self, number: int, state: TrialState, values: Sequence[float] | None) -> None:
        assert self.kept[number].state is TrialState.RUNNING
        self.kept[number] = replace(self.kept[number], state=state, values=tuple(values or ()))

    def abandon(self, number: int, cause: str) -> None:
        self.note(number, {"failure": cause})
        self.tell(number, TrialState.FAIL, None)
        self.again.append(self.kept[number].hyperparameters)

    def records(self) -> list[TrialRecord]:
        return list(self.kept)

    @property
    def promotable(self) -> frozenset[int]:
        n_ended = sum(record.state is not TrialState.RUNNING for record in self.kept)
        return frozenset(self._promotable(n_ended))


def report(epoch: int, val_loss: float) -> EpochReport:
    """Make the report of an epoch; all but its loss is always the same."""
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
    """A loop over a scripted engine; a network has 10 weights a unit."""

    script: Sequence[Script]
    engine: ScriptedEngine = field(default_factory=ScriptedEngine)
    tracker: MemoryTracker = field(default_factory=MemoryTracker)
    objectives: Objectives = field(default_factory=lambda: Objectives(("val_loss",)))
    events: list[Event] = field(default_factory=list)
    n_run: int = 0
    save_fails: bool = False
    gaps: Sequence[float] = ()
    stopped: StopReason = StopReason.EPOCHS
    """Why training ends that was not given up."""

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
        value = PRUNED_VALUE if isinstance(outcome, StopReason) else outcome
        assert on_epoch(report(1, value)) is not pruned
        stopped = StopReason.PRUNED if pruned else self.stopped
        units = proposal.hyperparameters["units_1"]
        return TrialResult(
            value=value,
            gap=self.gaps[proposal.number] if self.gaps else 0.01,
            stop_reason=stopped,
            facts={
                "metrics": {"val_loss": value},
                "stopped": stopped.value,
                "epochs": {"val_loss": [value]},
            },
            metrics={"val_loss": value, "parameters": 10 * int(units)},
            tags={"verdict": "fit"},
            files={"plots/curve.png": b"a curve"},
            save=lambda directory: self.save(proposal.number, directory),
            save_checkpoint=lambda directory: self.save(proposal.number, directory),
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
            objectives=self.objectives,
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
        return self.with_file("model/weights.bin")

    def with_file(self, path: str) -> list[int]:
        """Give the numbers of the trials whose runs have an artifact."""
        runs = self.tracker.trials
        return [run.kept_tags["trial"] for run in runs if path in run.files]
