"""One training in a run of its own: the one way to train and record.

Owns what such a run contains, however its training ends. Trials, confirmations and presets all use
it; it knows none of them.
"""

import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..tracking.record import Record, RunStatus
from ..tracking.trainings import CHECKPOINT_PATH, MODEL_PATH, tag_training, write_epoch
from ..trial.control import Control
from ..trial.diagnosis import Verdict
from ..trial.epoch import EpochReport
from ..trial.events import EpochEnded
from ..trial.objective import Objective
from ..trial.proposal import Proposal
from ..trial.state import StopReason, TrialState
from .result import Train, TrainingResult


@contextmanager
def ended_on_error(record: Record) -> Iterator[None]:
    """End a run when an error leaves the block: as KILLED on an interrupt, else as FAILED.

    Raises:
        BaseException: the error, always.
    """
    try:
        yield
    except BaseException as error:
        interrupted = isinstance(error, KeyboardInterrupt)
        record.end(RunStatus.KILLED if interrupted else RunStatus.FAILED)
        raise


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """A run in which one training is recorded."""

    record: Record
    objective: Objective

    def train(
        self,
        train: Train,
        proposal: Proposal,
        control: Control,
        *,
        best: float | None = None,
        is_hopeless: Callable[[int, float], bool] = lambda _epoch, _best: False,
    ) -> TrainingResult | None:
        """Train a proposal, and write each epoch into the run, which is left open.

        Args:
            train: the function that trains it.
            proposal: what is trained.
            control: gets an event for each epoch.
            best: best value before this training, for the events.
            is_hopeless: asked after each epoch, given its number and the best value so far,
                whether to prune the training.

        Returns:
            None if time was over before its first epoch.

        Raises:
            FloatingPointError: it diverged.
        """
        best_here: float | None = None
        best_of_all = best

        def on_epoch(report: EpochReport) -> bool:
            nonlocal best_here, best_of_all
            value = self.objective.read_epoch(report)
            if best_here is None or self.objective.is_better(value, best_here):
                best_here = value
            if best_of_all is None or self.objective.is_better(value, best_of_all):
                best_of_all = value
            write_epoch(self.record, report)
            control.listen(EpochEnded(proposal.number, report, value, best_of_all))
            return not is_hopeless(report.epoch, best_here)

        return train(proposal, control, on_epoch)

    def train_to_end(
        self, train: Train, proposal: Proposal, control: Control
    ) -> TrainingResult | None:
        """Train a proposal without pruning, and write the result.

        The run is left open if the training reached its end, and is ended otherwise.

        Returns:
            None if the training was stopped before its end.

        Raises:
            FloatingPointError: it diverged; the run has the traceback.
        """
        with ended_on_error(self.record):
            try:
                result = self.train(train, proposal, control)
            except FloatingPointError as error:
                self.write_failure(error)
                raise
            if result is None or result.training.stop_reason is StopReason.TIMEOUT:
                self.record.end(RunStatus.KILLED)
                return None
            self.write(result, {})
        return result

    def write(self, result: TrainingResult, tags: Mapping[str, Any]) -> None:
        """Write the result of the training, with further tags."""
        self.record.metrics({**result.training.metrics, **result.label_metrics})
        self.record.tags({**tags, **tag_training(result.training)})
        for path, content in result.files.items():
            self.record.file(path, content)

    def write_failure(self, error: BaseException) -> None:
        """Write why the training failed, with its traceback."""
        diverged = isinstance(error, FloatingPointError)
        verdict = {"verdict": Verdict.DIVERGED.value} if diverged else {}
        self.record.tags({"failure": describe_error(error)} | verdict)
        self.record.file("traceback.txt", "".join(traceback.format_exception(error)).encode())

    def keep_network(self, result: TrainingResult) -> None:
        """Keep the network."""
        self._keep(MODEL_PATH, result.save)

    def keep_checkpoint(self, result: TrainingResult) -> None:
        """Keep what another training needs to go on from this one."""
        self._keep(CHECKPOINT_PATH, result.save_checkpoint)

    def end(self, state: TrialState, status: RunStatus) -> None:
        """Write the final state, and end the run."""
        self.record.tags({"state": state.value})
        self.record.end(status)

    def _keep(self, path: str, save: Callable[[Path], None]) -> None:
        with TemporaryDirectory() as directory:
            save(Path(directory))
            self.record.folder(path, Path(directory))


def describe_error(error: BaseException) -> str:
    """Name an error and its cause in one line."""
    return f"{type(error).__name__}: {str(error).strip() or 'no message'}".splitlines()[0]
