"""The trials of one study in Optuna's store: their numbers, claims, notes, ends and recovery.

One path for every engine: what decides the next point is a `Proposer`. Knows no training.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Protocol, cast

import optuna
from optuna.storages import BaseStorage
from optuna.trial import FrozenTrial

from ..space.distribution import Categorical, Float, Int, Searched
from ..space.hyperparameters import Hyperparameters, Value
from ..space.space import Space
from .ownership import is_dead, this_process
from .records import Records, record_of
from .samplers import distribution_of
from .trials import EXCESS, REUSED, Proposal, TrialRecord, TrialState, derived_seed

_MAX_DEATHS = 2
"""A trial whose process dies more often, for want of memory, is not proposed again."""
_KEPT_ON_RETRY = ("enqueued", "given", "n_epochs", "resumes", "proposed_by")
_WAITING = (optuna.trial.TrialState.WAITING,)


class Proposer(Protocol):
    """What decides the next point of a study."""

    def prepare(self, study: optuna.Study) -> None:
        """Make `study.ask()` give the next trial: set its sampler, or enqueue a point.

        Called only where no trial waits.

        Raises:
            SpaceExhausted: nothing is left to propose.
        """

    def prunes(self, trial: optuna.Trial) -> bool:
        """Answer whether a running trial should be given up after its newest report."""

    def ended(self, trial: FrozenTrial) -> None:
        """Learn how a trial ended that will not be run again."""

    @property
    def promotable(self) -> frozenset[int]:
        """Numbers of the trials whose weights a later trial may go on from."""


class Engine:
    """Proposes the trials of one study and keeps what came of them."""

    def __init__(self, study: optuna.Study, space: Space, proposer: Proposer, *, seed: int) -> None:
        """Take a study up."""
        self._study = study
        self._storage: BaseStorage = study._storage
        self._space = space
        self._proposer = proposer
        self._seed = seed
        self._running: dict[int, optuna.Trial] = {}
        self._has_several = len(study.directions) > 1
        self._records = Records(study)
        for trial in study.get_trials(deepcopy=False):
            if trial.state.is_finished() and "cut_off" not in trial.user_attrs:
                proposer.ended(trial)

    def enqueue_starts(self) -> None:
        """Put the space's known good starts behind what is waiting; what is there is left out."""
        for start in self._space.starts:
            point = {n: v for n, v in start.values.items() if n in self._space.searched}
            self._put(point, {"start": start.name})

    def enqueue(
        self, name: str, hyperparameters: Hyperparameters, given: Mapping[str, Value]
    ) -> None:
        """Put a configuration behind what is waiting already, also one outside of the space.

        Of one inside, the sampler learns as from any trial; one outside is run and ranked alone.
        Neither is pruned: whoever names a configuration wants to know what it comes to. One that
        was put there before is left out.

        Args:
            name: what its trial is called.
            hyperparameters: the configuration.
            given: the part of it to be recorded; the rest has the catalogue's defaults.
        """
        point = self._space.point_of(asdict(hyperparameters))
        outside = {} if point is not None else {"given": dict(given)}
        self._put(point or {}, {"start": name, "enqueued": True} | outside)

    def enqueue_from(self, study: str, records: Sequence[TrialRecord]) -> None:
        """Put the configurations of another study's trials behind what is waiting, as starts."""
        for record in records:
            hyperparameters = Hyperparameters.of(record.hyperparameters)
            point = self._space.point_of(asdict(hyperparameters))
            outside = {} if point is not None else {"given": dict(record.hyperparameters)}
            self._put(point or {}, {"start": f"{study}-{record.number}"} | outside)

    def _put(self, point: Mapping[str, Value], attributes: dict[str, Any]) -> None:
        for trial in self._study.get_trials(deepcopy=False):
            is_same = trial.system_attrs.get("fixed_params") == dict(point)
            if is_same and trial.user_attrs.get("given") == attributes.get("given"):
                return
        self._study.enqueue_trial(dict(point), user_attrs=attributes)

    def take_over(
        self,
        study: str,
        records: Sequence[TrialRecord],
        excess_of: Callable[[TrialRecord], Mapping[str, float]],
    ) -> int:
        """Add another study's finished trials that are points of this space; give how many.

        The proposer learns from them as from any trial; they are not trained, and do not count.
        Those that are there already are left out; those that it took over itself are added too.

        Args:
            study: the other's name.
            records: its trials.
            excess_of: by how much a trial lies beyond each of this study's limits.
        """
        known = {_origin_of(record) for record in self.records()}
        trials = []
        for record in records:
            origin = _origin_of(record) or ((study, record.number) if record.counts else None)
            if origin is not None and origin not in known and record.values:
                point = self._space.point_of(asdict(Hyperparameters.of(record.hyperparameters)))
                if point is not None:
                    trials.append(self._taken(origin, record, point, excess_of(record)))
        self._study.add_trials(trials)
        return len(trials)

    def _taken(
        self,
        origin: tuple[str, int],
        record: TrialRecord,
        point: Mapping[str, Value],
        excess: Mapping[str, float],
    ) -> FrozenTrial:
        searched = {name: self._space.hyperparameters[name].distribution for name in point}
        has_reported = record.state is TrialState.PRUNED and not self._has_several
        epochs = record.facts.get("epochs", {})
        return optuna.trial.create_trial(
            state=optuna.trial.TrialState[record.state.value],
            values=list(record.values),
            params=dict(point),
            distributions={n: distribution_of(cast(Searched, d)) for n, d in searched.items()},
            user_attrs={
                "hyperparameters": dict(record.hyperparameters),
                "name": record.facts.get("name", f"#{record.number}"),
                REUSED: dict(zip(("study", "trial"), origin, strict=True)),
                EXCESS: dict(excess),
                "epochs": epochs,
            },
            constraints=dict(excess),
            intermediate_values={len(epochs.get("val_loss", (1,))): record.values[0]}
            if has_reported
            else {},
        )

    def waiting(self) -> list[str]:
        """Name what waits to be proposed, in its order; one that was cut off has its start's."""
        trials = self._study.get_trials(deepcopy=False, states=_WAITING)
        return [trial.user_attrs.get("start", "") for trial in trials]

    def ask(self) -> Proposal:
        """Propose the next trial; it is RUNNING from now on, owned by this process.

        Raises:
            SpaceExhausted: nothing is left to propose.
        """
        if self._study.get_trials(deepcopy=False, states=_WAITING):
            # Its point is fixed: a model of the space would be fitted for nothing.
            self._study.sampler = optuna.samplers.RandomSampler(seed=self._seed)
        else:
            self._proposer.prepare(self._study)
        trial = self._study.ask()
        trial.set_user_attr("owner", this_process())
        facts = trial.user_attrs
        hyperparameters = facts.get("given") or self._space.suggest(
            lambda name, distribution: _suggested(trial, name, distribution)
        )
        trial.set_user_attr("hyperparameters", hyperparameters)
        self._running[trial.number] = trial
        start = facts.get("start", "")
        return Proposal(
            trial.number,
            hyperparameters,
            derived_seed(self._seed, trial.number),
            start,
            f"#{trial.number} {start}" if facts.get("enqueued") else "",
            facts.get("n_epochs"),
            facts.get("resumes"),
        )

    def note(self, number: int, facts: Mapping[str, Any]) -> None:
        """Keep facts of a running trial; each must be JSON."""
        for key, value in facts.items():
            self._running[number].set_user_attr(key, value)

    def constrain(self, number: int, limit: str, excess: float) -> None:
        """Keep by how much a running trial lies beyond a limit; above 0 it is infeasible.

        To be said once a trial and limit. The samplers that know constraints turn away from
        infeasible trials.
        """
        trial = self._running[number]
        trial.set_constraint(limit, excess)
        trial.set_user_attr(EXCESS, {**trial.user_attrs.get(EXCESS, {}), limit: excess})

    def report(self, number: int, epoch: int, best_value: float) -> bool:
        """Take the best value a trial has had up to an epoch; answer whether to give it up.

        The best and not the last: a pruned trial's value is what it last reported. With several
        objectives nothing is reported, as Optuna cannot prune then.
        """
        if self._has_several:
            return False
        trial = self._running[number]
        trial.report(best_value, epoch)
        return not trial.user_attrs.get("enqueued") and self._proposer.prunes(trial)

    def tell(self, number: int, state: TrialState, values: Sequence[float] | None) -> None:
        """End a trial.

        Args:
            number: of the trial.
            state: the terminal one.
            values: one an objective where the state is COMPLETE; a pruned trial has what it
                reported, a failed one none.
        """
        trial = self._running.pop(number)
        completed = state is TrialState.COMPLETE
        told = list(values) if completed and values is not None else None
        self._proposer.ended(
            self._study.tell(trial, told, state=optuna.trial.TrialState[state.value])
        )

    def records(self) -> list[TrialRecord]:
        """List all trials by number."""
        return self._records.read()

    @property
    def promotable(self) -> frozenset[int]:
        """Numbers of the trials whose weights a later trial may go on from."""
        return self._proposer.promotable

    def abandon(self, number: int, cause: str) -> None:
        """End a running trial as FAIL and propose the same again later."""
        trial = self._running.pop(number)
        trial.set_user_attr("failure", cause)
        trial.set_user_attr("cut_off", True)
        self._end_cut_off(self._study.tell(trial, state=optuna.trial.TrialState.FAIL), n_deaths=0)

    def sweep(self) -> list[TrialRecord]:
        """Abandon the trials that a process of this machine left running when it died.

        They are proposed again, unless their process died for the third time. A trial left RUNNING
        would repel the sampler for ever. Those of other machines are left.
        """
        swept = []
        running = self._study.get_trials(deepcopy=False, states=(optuna.trial.TrialState.RUNNING,))
        for trial in running:
            if is_dead(trial.user_attrs.get("owner"), trial.datetime_start):
                cause = "its process ended without a word"
                self._storage.set_trial_user_attr(trial._trial_id, "failure", cause)
                self._storage.set_trial_user_attr(trial._trial_id, "cut_off", True)
                ended = self._study.tell(trial.number, state=optuna.trial.TrialState.FAIL)
                self._end_cut_off(ended, n_deaths=1)
                swept.append(record_of(ended))
        return swept

    def _end_cut_off(self, trial: FrozenTrial, *, n_deaths: int) -> None:
        facts = trial.user_attrs
        n_deaths += facts.get("deaths", 0)
        if n_deaths > _MAX_DEATHS:
            self._proposer.ended(trial)
            return
        kept = {"retry_of": trial.number, "deaths": n_deaths, "start": facts.get("start", "")}
        kept |= {key: facts[key] for key in _KEPT_ON_RETRY if key in facts}
        # A process may die before it has taken up all of a point that waited.
        point = trial.system_attrs.get("fixed_params", {}) | trial.params
        self._study.enqueue_trial(point, user_attrs=kept)


def _origin_of(record: TrialRecord) -> tuple[str, int] | None:
    """Give study and number of the trial that one was taken from, if it is of another study."""
    origin = record.facts.get(REUSED, {})
    return (origin["study"], origin["trial"]) if "study" in origin else None


def _suggested(trial: optuna.Trial, name: str, distribution: Searched) -> Value:
    match distribution:
        case Float(low, high, log, step):
            return trial.suggest_float(name, low, high, log=log, step=step)
        case Int(low, high, log, step):
            return trial.suggest_int(name, low, high, log=log, step=step)
        case Categorical(choices):
            return cast(Value, trial.suggest_categorical(name, choices))
