"""What a search would do, in words. Owns the sentences of a dry run, and the sizes it adds up."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

_WEIGHT_BYTES = 4
_TRIAL_BYTES = 600_000
"""Pictures, tables and the records in both stores: 0.47 MB and 0.06 MB a trial, the mean of 40 with
1,761 validation texts and 42 labels."""
_NETWORK_BYTES = 120_000
"""What a kept network takes beside its weights, above all words and Keras's own description: 0.10
to 0.12 MB in the same study."""
_STUDY_BYTES = 8_000_000
"""Once a study: 5 MB of pictures to be explored, two databases, baselines, pictures."""
_CHECKPOINT_COPIES = 4
"""A checkpoint has the weights, those of the best epoch, and the two moments of Adam."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a search would do, take and need."""

    study: str
    begun_from: str | None
    """Study that a new one begins from, if any."""
    is_new: bool
    n_done: int
    """Trials of the study that count toward its total."""
    n_trials: int
    """The total that it shall have."""
    n_running: int
    """Trials that run elsewhere, or were cut off."""
    waiting: Sequence[str]
    """Starts that are tried next, in their order; empty for one that has no name."""
    ending: str | None
    """Why it is at its end already; None where it is not."""
    space: str
    """Name, hash and starts."""
    data: str
    """Name, and the sizes of the parts."""
    strategy: str
    """Engine and what it was told."""
    baselines: str
    """Whether they are fitted, or known."""
    n_epochs: int
    """Of a trial, at most."""
    n_confirmations: int
    """Trainings with fresh seeds after the trials, at most."""
    n_kept: int
    """Networks of the best trials that are kept."""
    seconds: Sequence[float]
    """A trial takes or took; empty where nothing is left to train."""
    timed_study: str | None
    """Whose trials took that; None where a few batches were timed."""
    timeout_seconds: float | None
    n_parameters: int
    """Of the largest network that is known of."""
    has_front: bool
    """Whether there are several objectives, so that all networks of the front are kept."""
    has_checkpoints: bool
    """Whether trials go on from others."""

    @property
    def n_left(self) -> int:
        """Trials that are still to be run, at most."""
        return 0 if self.ending else max(0, self.n_trials - self.n_done)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is left to train."""
        return not self.n_left and not self.n_confirmations

    @property
    def disk_bytes(self) -> int:
        """What the study would add on disk, at most."""
        if self.is_idle:
            return 0
        n_kept = min(self.n_kept, self.n_trials) + self.n_confirmations
        weights = _WEIGHT_BYTES * self.n_parameters
        checkpoints = self.n_left * _CHECKPOINT_COPIES * weights if self.has_checkpoints else 0
        once = _STUDY_BYTES if self.is_new else 0
        trials = (self.n_left + self.n_confirmations) * _TRIAL_BYTES
        return n_kept * (weights + _NETWORK_BYTES) + checkpoints + once + trials

    def lines(self) -> list[str]:
        """Say it, a line a topic, what it is about before a colon."""
        about = [
            f"study: {self.study}, {self._standing()}",
            f"space: {self.space}",
            f"data: {self.data}",
            f"strategy: {self.strategy}",
            f"baselines: {self.baselines}",
        ]
        return [*about, f"time: {self._time()}", f"disk: {self._disk()}"]

    def _standing(self) -> str:
        if self.is_new:
            begun = f", begun from {self.begun_from}" if self.begun_from else ""
            parts = [f"new{begun}: {self.n_trials} trials of {_counted(self.n_epochs, 'epoch')}"]
        else:
            parts = [f"there already: {self.n_done} of {self.n_trials} trials are done"]
            parts += [f"at its end ({self.ending})"] if self.ending else [f"{self.n_left} left"]
        if self.waiting and not self.ending:
            named = [name or "one that was cut off" for name in self.waiting]
            shown, beyond = named[: self.n_left], named[self.n_left :]
            parts += [f"first come {', '.join(shown)}"] if shown else []
            parts += [f"for {', '.join(beyond)} there are too few trials"] if beyond else []
        if self.n_running:
            parts.append(f"{self.n_running} running elsewhere, or cut off and to be run again")
        return "; ".join(parts)

    def _time(self) -> str:
        n_trainings = self.n_left + self.n_confirmations
        if self.is_idle:
            return "no trial is left to run"
        shortest, longest = min(self.seconds), max(self.seconds)
        total = duration(n_trainings * sum(self.seconds) / len(self.seconds))
        each = f"{duration(median(self.seconds))} ({duration(shortest)} to {duration(longest)})"
        parts = [_counted(self.n_left, "trial")] if self.n_left else []
        if self.n_confirmations:
            parts.append(f"{_counted(self.n_confirmations, 'training')} with fresh seeds")
        what = " and ".join(parts)
        if self.timed_study is None:
            said = (
                f"at most about {total} for {what}; a trial of all its epochs {each}, by a few "
                f"batches of {_counted(len(self.seconds), 'network')}, timed here and now; early "
                "stop and pruning usually make it shorter"
            )
        else:
            n_run = _counted(len(self.seconds), "trial")
            said = f"about {total} for {what}; {n_run} of {self.timed_study} took {each} each"
        if self.timeout_seconds is not None:
            said += f"; it stops after {duration(self.timeout_seconds)} (--timeout)"
        return (
            f"{said}; baselines that are not known, and learning curves where the target asks for "
            "them, come on top"
        )

    def _disk(self) -> str:
        if self.is_idle:
            return "nothing is added"
        network = megabytes(_WEIGHT_BYTES * self.n_parameters + _NETWORK_BYTES)
        parts = [
            f"at most about {megabytes(self.disk_bytes)}: {self.n_kept} kept networks of up to "
            f"{network} ({self.n_parameters:,} weights)"
        ]
        if self.has_front:
            parts.append(f"{network} more for each further network of the front")
        if self.n_confirmations:
            parts.append(f"{self.n_confirmations} more of fresh seeds")
        if self.has_checkpoints:
            size = megabytes(_CHECKPOINT_COPIES * _WEIGHT_BYTES * self.n_parameters)
            parts.append(f"a checkpoint of up to {size} for each trial that another may go on from")
        parts.append(f"{megabytes(_TRIAL_BYTES)} of pictures and records a trial")
        return "; ".join(parts)


def duration(seconds: float) -> str:
    """Write a time with about two digits: "45 s", "12 min", "3.5 h"."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def megabytes(n_bytes: float) -> str:
    """Write a size in millions of bytes, or billions: "5.4 MB"."""
    return f"{n_bytes / 1e6:,.1f} MB" if n_bytes < 1e9 else f"{n_bytes / 1e9:,.1f} GB"


def _counted(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
