"""The trials of one study in the database: enqueued, running, ended, and repeated after a crash.

Every engine takes this path; a `Proposer` decides the next configuration. Knows no training.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, Protocol, Self

import optuna
from optuna.storages import BaseStorage
from optuna.trial import FrozenTrial
from optuna.trial import TrialState as OptunaState

from ..space.hyperparameters import Hyperparameters, Value
from ..space.preset import Preset
from ..space.space import Space
from ..trial.limits import Limits
from ..trial.objective import Direction
from ..trial.process import Process
from ..trial.proposal import Proposal, derive_seed
from ..trial.state import TrialState
from ..trial.trial import Trial
from . import codec
from .adoption import adopt_trials
from .codec import QueueEntry
from .distributions import suggest
from .processes import is_abandoned

_MAX_DEATHS = 2
"""A trial is not repeated once more of its processes have died, such as for want of memory."""
_DIED = "its process died"
_WAITING = (OptunaState.WAITING,)


class Proposer(Protocol):
    """What decides the next configuration of a study."""

    def prepare(self, study: optuna.Study) -> None:
        """Make `study.ask()` give the next trial: set its sampler, or enqueue a point.

        Called only where no trial waits.

        Raises:
            SpaceExhausted: nothing is left to propose.
        """

    def prunes(self, trial: optuna.Trial) -> bool:
        """Answer whether to prune a running trial after its latest report."""

    def ended(self, trial: FrozenTrial) -> None:
        """Learn how a trial ended that will not be repeated."""

    @property
    def promotable(self) -> frozenset[int]:
        """Numbers of the trials whose weights a later trial may start from."""


class TrialStore:
    """The trials of one study."""

    def __init__(self, study: optuna.Study, space: Space, proposer: Proposer, *, seed: int) -> None:
        """Open the trials of a study that exists.

        Args:
            study: of Optuna's.
            space: what the study searches.
            proposer: decides the next configuration.
            seed: of the study, from which each trial's is derived.
        """
        self._study = study
        self._storage: BaseStorage = study._storage
        self._space = space
        self._proposer = proposer
        self._seed = seed
        self._running: dict[int, optuna.Trial] = {}
        self._written: dict[int, dict[str, Any]] = {}
        """By number, the attributes of running trials as the database has them."""
        self._ended: dict[int, Trial] = {}
        for trial in study.get_trials(deepcopy=False):
            if trial.state.is_finished() and codec.INTERRUPTED not in trial.user_attrs:
                proposer.ended(trial)

    @classmethod
    def in_memory(
        cls, space: Space, proposer: Proposer, *, seed: int, directions: Sequence[Direction]
    ) -> Self:
        """Open the trials of a new study that is kept in memory only."""
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        study = optuna.create_study(directions=directions)
        return cls(study, space, proposer, seed=seed)

    def enqueue_starts(self) -> None:
        """Put the starts of the space at the end of the queue, except those enqueued before."""
        for start in self._space.starts:
            point = {n: v for n, v in start.values.items() if n in self._space.searched}
            self._enqueue(point, QueueEntry(start.name))

    def enqueue_preset(self, preset: Preset) -> None:
        """Put a configuration at the end of the queue, also one outside of the space.

        The sampler learns from a configuration inside the space as from any trial; one outside is
        only trained and ranked. Neither is pruned: whoever names a configuration wants its result.
        A configuration that was enqueued before is skipped.
        """
        point = self._space.find_point(asdict(preset.configuration()))
        outside = dict(preset.hyperparameters) if point is None else None
        self._enqueue(point or {}, QueueEntry(preset.name, is_enqueued=True, given=outside))

    def enqueue_trials(self, study: str, trials: Sequence[Trial]) -> None:
        """Put the configurations of another study's trials at the end of the queue, as starts."""
        for trial in trials:
            hyperparameters = Hyperparameters.from_values(trial.hyperparameters)
            point = self._space.find_point(asdict(hyperparameters))
            outside = dict(trial.hyperparameters) if point is None else None
            self._enqueue(point or {}, QueueEntry(f"{study}-{trial.number}", given=outside))

    def _enqueue(self, point: Mapping[str, Value], entry: QueueEntry) -> None:
        for trial in self._study.get_trials(deepcopy=False):
            is_same = trial.system_attrs.get("fixed_params") == dict(point)
            if is_same and codec.decode_queue_entry(trial.user_attrs).given == entry.given:
                return
        self._study.enqueue_trial(dict(point), user_attrs=codec.encode_queue_entry(entry))

    def adopt(self, study: str, trials: Sequence[Trial], limits: Limits) -> int:
        """Add another study's finished trials that are points of this space; return how many.

        The proposer learns from them as from any trial; they are not trained, and do not count.
        Trials that were adopted before are skipped; those that the other study had adopted itself
        are added too.

        Args:
            study: the other study's name.
            trials: of the other study.
            limits: of this study.
        """
        known = {trial.origin for trial in self.trials()}
        added = list(adopt_trials(study, trials, self._space, limits, known=known))
        self._study.add_trials(added)
        return len(added)

    def waiting(self) -> list[str]:
        """List the names of the enqueued trials in their order; empty for one without a name."""
        trials = self._study.get_trials(deepcopy=False, states=_WAITING)
        return [codec.decode_queue_entry(trial.user_attrs).start for trial in trials]

    def ask(self) -> Proposal:
        """Propose the next trial; it is RUNNING from now on, and this process owns it.

        Raises:
            SpaceExhausted: nothing is left to propose.
        """
        if self._study.get_trials(deepcopy=False, states=_WAITING):
            # The point of an enqueued trial is fixed: fitting a model would be a waste of time.
            self._study.sampler = optuna.samplers.RandomSampler(seed=self._seed)
        else:
            self._proposer.prepare(self._study)
        trial = self._study.ask()
        trial.set_user_attr(codec.OWNER, Process.current().as_dict())
        attributes = trial.user_attrs
        entry = codec.decode_queue_entry(attributes)
        hyperparameters = entry.given or self._space.suggest(
            lambda name, searched: suggest(trial, name, searched)
        )
        trial.set_user_attr(codec.HYPERPARAMETERS, hyperparameters)
        self._running[trial.number] = trial
        self._written[trial.number] = attributes | {codec.HYPERPARAMETERS: hyperparameters}
        return Proposal(
            number=trial.number,
            hyperparameters=hyperparameters,
            seed=derive_seed(self._seed, trial.number),
            start=entry.start,
            is_enqueued=entry.is_enqueued,
            n_epochs=entry.n_epochs,
            resumes=entry.resumes,
        )

    def save(self, trial: Trial) -> None:
        """Write what is known of a running trial and not written yet.

        Violations also become constraints, from which the sampler learns. Once written, the
        violation of a limit stays: Optuna takes each constraint once.
        """
        running, written = self._running[trial.number], self._written[trial.number]
        known = written.get(codec.VIOLATIONS, {})
        for limit, excess in trial.violations.items():
            if limit not in known:
                running.set_constraint(limit, excess)
        kept = replace(trial, violations={**trial.violations, **known})
        for key, value in codec.encode_trial(kept).items():
            if key not in written or written[key] != value:
                running.set_user_attr(key, value)
                written[key] = value

    def report(self, number: int, epoch: int, best_value: float) -> bool:
        """Report the best value that a trial has had up to an epoch; answer whether to prune it.

        The best and not the last, because the value of a pruned trial is the last one it reported.
        With several objectives nothing is reported: Optuna cannot prune then.
        """
        if len(self._study.directions) > 1:
            return False
        trial = self._running[number]
        trial.report(best_value, epoch)
        is_enqueued = codec.decode_queue_entry(self._written[number]).is_enqueued
        return not is_enqueued and self._proposer.prunes(trial)

    def end(self, trial: Trial) -> None:
        """Write a trial and end it in its state.

        A complete trial has a value for each objective; a pruned one has the last that it reported.
        """
        values = trial.values if trial.state is TrialState.COMPLETE else None
        self._proposer.ended(self._finish(trial, values))

    def interrupt(self, trial: Trial, cause: str) -> None:
        """End a running trial as FAIL and enqueue its configuration again."""
        interrupted = replace(trial, state=TrialState.FAIL, failure=cause, is_interrupted=True)
        self._repeat(self._finish(interrupted), n_deaths=0)

    def _finish(self, trial: Trial, values: Sequence[float] | None = None) -> FrozenTrial:
        self.save(trial)
        running = self._running.pop(trial.number)
        del self._written[trial.number]
        return self._study.tell(running, values, state=OptunaState[trial.state.value])

    def recover(self, *, is_alone: bool = False) -> list[Trial]:
        """End the trials that a process of this machine left running when it died; list them.

        They are enqueued again, except those of which a third process died. Trials of other
        machines are left alone. A trial that stayed RUNNING would repel the sampler for ever.

        Args:
            is_alone: whether this process runs no other trial of the study than those asked for
                here: others of its own are then left over from an interrupt.
        """
        recovered = []
        running = self._study.get_trials(deepcopy=False, states=(OptunaState.RUNNING,))
        for trial in running:
            owner = trial.user_attrs.get(codec.OWNER)
            is_left = is_alone and owner == Process.current().as_dict()
            if is_left or is_abandoned(owner, trial.datetime_start):
                self._storage.set_trial_user_attr(trial._trial_id, codec.FAILURE, _DIED)
                self._storage.set_trial_user_attr(trial._trial_id, codec.INTERRUPTED, True)
                ended = self._study.tell(trial.number, state=OptunaState.FAIL)
                self._repeat(ended, n_deaths=0 if is_left else 1)
                recovered.append(codec.decode_trial(ended))
        return recovered

    def trials(self) -> list[Trial]:
        """List all trials by number, except those still enqueued."""
        return read_trials(self._study, self._ended)

    @property
    def promotable(self) -> frozenset[int]:
        """Numbers of the trials whose weights a later trial may start from."""
        return self._proposer.promotable

    def _repeat(self, trial: FrozenTrial, *, n_deaths: int) -> None:
        entry = codec.decode_queue_entry(trial.user_attrs)
        n_deaths += entry.n_deaths
        if n_deaths > _MAX_DEATHS:
            self._proposer.ended(trial)
            return
        again = replace(entry, retry_of=trial.number, n_deaths=n_deaths)
        # The process may have died before it had read all of an enqueued point.
        point = trial.system_attrs.get("fixed_params", {}) | trial.params
        self._study.enqueue_trial(point, user_attrs=codec.encode_queue_entry(again))


def read_trials(study: optuna.Study, ended: dict[int, Trial]) -> list[Trial]:
    """List the trials of a study by number, except those still enqueued.

    Args:
        study: to be read.
        ended: trials that have ended and were read before, by number; new ones are added to it.
    """
    trials = []
    for stored in study.get_trials(deepcopy=False):
        if stored.state != OptunaState.WAITING:
            trial = ended.get(stored.number) or codec.decode_trial(stored)
            if stored.state.is_finished():
                ended[stored.number] = trial
            trials.append(trial)
    return trials
