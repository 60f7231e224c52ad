"""A loop whose proposals and trainings follow a script, with everything that it leaves behind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import optuna
from optuna.trial import FrozenTrial

from search.engines.strategy import choose_strategy
from search.metrics.task import Task
from search.space.dimension import Dimension
from search.space.distribution import Fixed, Int
from search.space.hyperparameters import Value
from search.space.space import Space
from search.store.codec import QueueEntry, encode_queue_entry
from search.store.trial_store import TrialStore
from search.study.budget import Budget
from search.study.ending import Ending
from search.study.loop import Loop
from search.study.plan import StudyPlan
from search.study.roster import Roster
from search.tracking.record import RunStatus
from search.training.result import TrainingResult
from search.trial.control import Control
from search.trial.epoch import EpochReport
from search.trial.events import Event
from search.trial.limits import Limits
from search.trial.objective import VAL_LOSS, Objective, Objectives
from search.trial.proposal import Proposal, SpaceExhausted
from search.trial.state import StopReason
from search.trial.trial import Trial
from tests.memory_tracker import MemoryTracker
from tests.training.results import make_result, write_weights
from tests.trials import make_report

Script = float | BaseException | StopReason
"""What a trial comes to: its value, what it raises, PRUNED, or TIMEOUT for no epoch at all."""
PRUNED_VALUE = 0.001
SPACE = Space(
    name="rising",
    description="",
    hyperparameters={"cell": Dimension(Fixed("gru")), "units_1": Dimension(Int(1, 1000))},
)


def make_roster(objective: Objective = VAL_LOSS) -> Roster:
    """Make the roster of a study whose validation has two texts and one label."""
    return Roster(np.array([[1], [0]], np.uint8), Task.MULTILABEL, objective, "the split")


class ScriptedProposer:
    """Proposes trials with rising units, and prunes those that the script names."""

    def __init__(
        self,
        units: Sequence[int] = (),
        hopeless: Sequence[int] = (),
        *,
        n_points: int | None = None,
        entries: Mapping[int, QueueEntry] | None = None,
        promotable: Callable[[int], Sequence[int]] = lambda n_ended: (),
    ) -> None:
        """Write the script.

        Args:
            units: of the first trials; those after them have one more than their number.
            hopeless: trials that are pruned after their first epoch.
            n_points: proposals after which the space is exhausted; None for never.
            entries: what else is noted of the proposals with these numbers.
            promotable: from which trials others may go on, once so many have ended.
        """
        self.units = list(units)
        self.hopeless = hopeless
        self.n_points = n_points
        self.entries = {0: QueueEntry(start="small")} | dict(entries or {})
        self.study: optuna.Study | None = None
        """The study that was asked last."""
        self.interrupts_end_of: int | None = None
        """A trial at whose end in the database an interrupt comes, once."""
        self._promotable = promotable

    def prepare(self, study: optuna.Study) -> None:
        self.study = study
        number = len(study.get_trials(deepcopy=False))
        if number == self.n_points:
            raise SpaceExhausted
        units = self.units[number] if number < len(self.units) else number + 1
        entry = self.entries.get(number, QueueEntry())
        study.enqueue_trial({"units_1": units}, user_attrs=encode_queue_entry(entry))

    def prunes(self, trial: optuna.Trial) -> bool:
        return trial.number in self.hopeless

    def ended(self, trial: FrozenTrial) -> None:
        if trial.number == self.interrupts_end_of:
            self.interrupts_end_of = None
            raise KeyboardInterrupt

    @property
    def promotable(self) -> frozenset[int]:
        trials = [] if self.study is None else self.study.get_trials(deepcopy=False)
        return frozenset(self._promotable(sum(trial.state.is_finished() for trial in trials)))

    def reports(self, number: int) -> dict[int, float]:
        """Give what was reported of a trial, by epoch."""
        assert self.study is not None
        return dict(self.study.get_trials()[number].intermediate_values)


@dataclass(frozen=True, slots=True)
class ScriptedControl(Control):
    """A control whose time is over when the script says so."""

    has_ended: Callable[[], bool] = lambda: False

    def is_time_over(self) -> bool:
        return self.has_ended()


@dataclass
class ScriptedSearch:
    """A loop over scripted proposals and trainings; a network has 10 weights a unit."""

    script: Sequence[Script]
    proposer: ScriptedProposer = field(default_factory=ScriptedProposer)
    tracker: MemoryTracker = field(default_factory=MemoryTracker)
    objectives: Objectives = field(default_factory=Objectives)
    gaps: Sequence[float] = ()
    """By number of the trial; empty for 0.01 everywhere."""
    stop_reason: StopReason = StopReason.EPOCHS
    """Why a training ends that is not pruned."""
    predictions: Sequence[Sequence[float]] = ()
    """For the two texts of validation, by number of the trial; empty for a half each."""
    save_fails: bool = False
    events: list[Event] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    """Those that were trained."""
    is_time_over: bool = False
    trial_store: TrialStore = field(init=False)
    roster: Roster = field(init=False)

    def __post_init__(self) -> None:
        self.roster = make_roster(self.objectives.first)
        self.trial_store = TrialStore.in_memory(
            SPACE, self.proposer, seed=7, directions=self.objectives.directions
        )

    def train(
        self, proposal: Proposal, control: Control, on_epoch: Callable[[EpochReport], bool]
    ) -> TrainingResult | None:
        """Train a proposal as the script says."""
        outcome = self.script[self.n_run]
        self.proposals.append(proposal)
        if isinstance(outcome, BaseException):
            raise outcome
        if outcome is StopReason.TIMEOUT:
            self.is_time_over = True
            return None
        is_pruned = isinstance(outcome, StopReason)
        value = PRUNED_VALUE if isinstance(outcome, StopReason) else outcome
        assert on_epoch(make_report(1, val_loss=value)) is not is_pruned

        def save(directory: Path) -> None:
            if self.save_fails:
                raise OSError("no space left on device")
            write_weights(directory, b"%d" % proposal.number)

        return make_result(
            value,
            gap=self.gaps[proposal.number] if self.gaps else 0.01,
            stop_reason=StopReason.PRUNED if is_pruned else self.stop_reason,
            metrics={"parameters": self.count_parameters(proposal.hyperparameters)},
            probabilities=np.array(self.predictions[proposal.number], np.float32)[:, None]
            if self.predictions
            else None,
            save=save,
            save_checkpoint=save,
        )

    @staticmethod
    def count_parameters(hyperparameters: Mapping[str, Value]) -> int:
        """Count the weights of a network."""
        return 10 * int(hyperparameters["units_1"])

    def run(
        self,
        n_trials: int,
        *,
        limits: Limits | None = None,
        target: float | None = None,
        disproved: Sequence[int] = (),
        n_kept: int = 3,
        patience: int | None = None,
        is_interrupted: Callable[[], bool] = lambda: False,
    ) -> Ending:
        """Run the loop until it ends."""
        plan = StudyPlan(
            SPACE,
            self.objectives,
            target=target,
            limits=limits or Limits(),
            strategy=choose_strategy(n_objectives=len(self.objectives.names)),
            n_kept=n_kept,
        )
        return Loop(
            trial_store=self.trial_store,
            tracker=self.tracker,
            train=self.train,
            count_parameters=self.count_parameters,
            plan=plan,
            budget=Budget(n_trials, patience=patience),
            control=ScriptedControl(
                listen=self.events.append,
                is_interrupted=is_interrupted,
                has_ended=lambda: self.is_time_over,
            ),
            roster=self.roster,
            disproved=disproved,
        ).run()

    @property
    def n_run(self) -> int:
        """Number of trials that were trained."""
        return len(self.proposals)

    @property
    def trials(self) -> list[Trial]:
        """The trials as the database has them."""
        return self.trial_store.trials()

    @property
    def states(self) -> list[str]:
        """Their states."""
        return [trial.state.value for trial in self.trials]

    @property
    def statuses(self) -> list[RunStatus | None]:
        """How the runs of the trials ended."""
        return [run.status for run in self.tracker.trials]

    @property
    def n_waiting(self) -> int:
        """Number of trials that wait to be repeated."""
        return len(self.trial_store.waiting())

    @property
    def with_networks(self) -> list[int]:
        """Numbers of the trials whose network is kept."""
        return self.with_file("model/weights.bin")

    def with_file(self, path: str) -> list[int]:
        """List the numbers of the trials whose runs have an artifact."""
        return [run.kept_tags["trial"] for run in self.tracker.trials if path in run.files]
