"""What a search would do, in words. Owns the sentences of a dry run and its estimate of disk."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from ..candidates.selection import MAX_MEMBERS

_WEIGHT_BYTES = 4
_TRIAL_BYTES = 600_000
"""Plots, tables and the records in both stores: 0.47 MB and 0.06 MB a trial, the mean of 40 trials
with 1,761 validation texts and 42 labels."""
_NETWORK_BYTES = 120_000
"""What a kept network takes besides its weights, mostly words and Keras's own description: 0.10 to
0.12 MB in the same study."""
_STUDY_BYTES = 8_000_000
"""Once a study: 5 MB of interactive plots, two databases, baselines, plots."""
_CHECKPOINT_COPIES = 4
"""A checkpoint has the last weights, those of the best epoch, and the two moments of Adam."""


@dataclass(frozen=True, slots=True)
class TrialEstimate:
    """How long a trial takes, and how large its network is."""

    seconds: tuple[float, ...]
    """Of each trial that was run, or that each configuration would take at most; at least one."""
    n_parameters: int
    """Weights of the largest of these networks."""
    study: str | None
    """Whose trials were run; None where configurations were timed for all their epochs."""

    @property
    def weight_bytes(self) -> int:
        """What the weights of that network take on disk."""
        return _WEIGHT_BYTES * self.n_parameters

    def sentence(self) -> str:
        """Say how long a trial takes, and how that is known."""
        low, middle, high = (format_duration(pick(self.seconds)) for pick in (min, median, max))
        spread = f"{middle} ({low} to {high})"
        if self.study is not None:
            return f"{_count(len(self.seconds), 'trial')} of {self.study} took {spread} each"
        return (
            f"a trial of all its epochs takes {spread}, estimated from a few batches of "
            f"{_count(len(self.seconds), 'network')} on this machine"
        )


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a search would do, and the time and disk it would need."""

    study: str
    begun_from: str | None
    """Study that a new one starts from, if any."""
    is_new: bool
    n_done: int
    """Trials of the study that count toward its total."""
    n_trials: int
    """The total that is asked for."""
    n_running: int
    """Trials that run elsewhere, or were interrupted."""
    waiting: Sequence[str]
    """Names of the starts that are tried next, in their order; empty for an interrupted trial."""
    ending: str | None
    """Why the study is finished; None where it is not."""
    space: str
    """Name, hash and starts."""
    data: str
    """Name, and the sizes of the parts."""
    strategy: str
    """Engine and its options."""
    baselines: str
    """Whether they will be fitted, or are known."""
    n_epochs: int
    """Of a trial, at most."""
    n_confirmations: int
    """Trainings with fresh seeds after the trials, at most."""
    n_kept: int
    """Networks of the best trials that are kept."""
    estimate: TrialEstimate | None
    """None where nothing is left to train."""
    timeout_seconds: float | None
    has_front: bool
    """Whether there are several objectives, so that all networks of the Pareto front are kept."""
    has_checkpoints: bool
    """Whether trials continue from others."""

    @property
    def n_left(self) -> int:
        """Trials that are left to run, at most."""
        return 0 if self.ending else max(0, self.n_trials - self.n_done)

    @property
    def n_trainings(self) -> int:
        """Trainings that are left, at most: of trials, and with fresh seeds."""
        return self.n_left + self.n_confirmations

    @property
    def disk_bytes(self) -> int:
        """What the study would add on disk, at most."""
        if self.estimate is None:
            return 0
        n_kept = min(self.n_kept, self.n_trials) + self._n_members + self.n_confirmations
        weights = self.estimate.weight_bytes
        checkpoints = self.n_left * _CHECKPOINT_COPIES * weights if self.has_checkpoints else 0
        once = _STUDY_BYTES if self.is_new else 0
        networks = n_kept * (weights + _NETWORK_BYTES)
        return networks + checkpoints + once + self.n_trainings * _TRIAL_BYTES

    @property
    def _n_members(self) -> int:
        """Networks that the ensemble may have beyond the best."""
        return min(MAX_MEMBERS, max(0, self.n_trials - self.n_kept))

    def lines(self) -> list[str]:
        """Write a line for each topic, which stands before a colon."""
        return [
            f"study: {self.study}, {self._say_progress()}",
            f"space: {self.space}",
            f"data: {self.data}",
            f"strategy: {self.strategy}",
            f"baselines: {self.baselines}",
            f"time: {self._say_time()}",
            f"disk: {self._say_disk()}",
        ]

    def _say_progress(self) -> str:
        if self.is_new:
            origin = f", starting from {self.begun_from}" if self.begun_from else ""
            parts = [f"new{origin}: {self.n_trials} trials of {_count(self.n_epochs, 'epoch')}"]
        else:
            parts = [f"exists: {self.n_done} of {self.n_trials} trials are done"]
            parts += [f"finished ({self.ending})"] if self.ending else [f"{self.n_left} left"]
        if self.waiting and not self.ending:
            named = [name or "an interrupted trial" for name in self.waiting]
            shown, beyond = named[: self.n_left], named[self.n_left :]
            parts += [f"first: {', '.join(shown)}"] if shown else []
            parts += [f"too few trials for {', '.join(beyond)}"] if beyond else []
        if self.n_running:
            parts.append(f"{self.n_running} running elsewhere, or interrupted and to be repeated")
        return "; ".join(parts)

    def _say_time(self) -> str:
        if self.estimate is None:
            return "no trial is left to run"
        total = format_duration(self.n_trainings * fmean(self.estimate.seconds))
        parts = [_count(self.n_left, "trial")] if self.n_left else []
        if self.n_confirmations:
            parts.append(f"{_count(self.n_confirmations, 'training')} with fresh seeds")
        said = f"about {total} for {' and '.join(parts)}; {self.estimate.sentence()}"
        if self.estimate.study is None:
            said = f"at most {said}; early stopping and pruning usually make it shorter"
        if self.timeout_seconds is not None:
            said += f"; the search stops after {format_duration(self.timeout_seconds)}"
        return (
            f"{said}; baselines that are not known yet, and learning curves where the target needs "
            "them, are not included"
        )

    def _say_disk(self) -> str:
        if self.estimate is None:
            return "nothing is added"
        network = format_megabytes(self.estimate.weight_bytes + _NETWORK_BYTES)
        total = format_megabytes(self.disk_bytes)
        parts = [
            f"at most about {total}: {self.n_kept} kept networks, and {self._n_members} more in "
            f"the ensemble, of up to {network} each ({self.estimate.n_parameters:,} weights)"
        ]
        if self.has_front:
            parts.append(f"{network} more for each further network of the Pareto front")
        if self.n_confirmations:
            parts.append(f"{self.n_confirmations} more from fresh seeds")
        if self.has_checkpoints:
            size = format_megabytes(_CHECKPOINT_COPIES * self.estimate.weight_bytes)
            parts.append(f"a checkpoint of up to {size} for each trial that another may continue")
        parts.append(f"{format_megabytes(_TRIAL_BYTES)} of plots and records per trial")
        return "; ".join(parts)


def format_duration(seconds: float) -> str:
    """Write a time with about two digits: "45 s", "12 min", "3.5 h"."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def format_megabytes(n_bytes: float) -> str:
    """Write a size in millions of bytes, or billions: "5.4 MB"."""
    return f"{n_bytes / 1e6:,.1f} MB" if n_bytes < 1e9 else f"{n_bytes / 1e9:,.1f} GB"


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
