"""Optuna as the engine. Owns sampling, pruning and recovery in one study; knows no training.

Each trial gets a sampler of its own, seeded from the study's seed and the trial's number, so that
a study that is resumed draws what it would have drawn (a sampler seeded once repeats its start-up
points on resume, Optuna 5).
"""

import os
import socket
import warnings
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

import optuna
import psutil
from optuna.storages import RDBStorage
from optuna.trial import FrozenTrial

from ..space.distribution import Categorical, Float, Int, Searched
from ..space.hyperparameters import Hyperparameters, Value
from ..space.space import Space
from .trials import EXCESS, Proposal, TrialRecord, TrialState, derived_seed

_N_WARMUP_EPOCHS = 2
"""Epochs after which a trial is pruned at the earliest: recurrent networks begin at the priors."""
_N_TRIALS_BEFORE_PRUNING = 3
_MAX_DEATHS = 2
"""A trial whose process dies more often, for want of memory, is not proposed again."""
_UNOWNED_SECONDS = 60.0
"""Age from which a running trial without an owner is dead: it is owned within milliseconds."""
_CLOCK_SLACK_SECONDS = 2.0
"""The time at which a process began moves when the clock is set (psutil 7.2 adds the boot time,
which Linux derives from the clock); no process id comes round again this fast."""


class OptunaEngine:
    """Proposes the trials of one study and keeps what came of them."""

    def __init__(
        self,
        study: optuna.Study,
        storage: RDBStorage,
        space: Space,
        *,
        seed: int,
        n_startup_trials: int,
    ) -> None:
        """Take a study up; `n_startup_trials` are drawn at random before TPE models the space."""
        self._study = study
        self._storage = storage
        self._space = space
        self._seed = seed
        self._n_startup_trials = n_startup_trials
        self._running: dict[int, optuna.Trial] = {}
        study.pruner = optuna.pruners.MedianPruner(
            n_startup_trials=_N_TRIALS_BEFORE_PRUNING, n_warmup_steps=_N_WARMUP_EPOCHS
        )

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

    def _put(self, point: Mapping[str, Value], attributes: dict[str, Any]) -> None:
        for trial in self._study.get_trials(deepcopy=False):
            is_same = trial.system_attrs.get("fixed_params") == dict(point)
            if is_same and trial.user_attrs.get("given") == attributes.get("given"):
                return
        self._study.enqueue_trial(dict(point), user_attrs=attributes)

    def waiting(self) -> list[str]:
        """Name what waits to be proposed, in its order; one that was cut off has its start's."""
        waiting = (optuna.trial.TrialState.WAITING,)
        trials = self._study.get_trials(deepcopy=False, states=waiting)
        return [trial.user_attrs.get("start", "") for trial in trials]

    def ask(self) -> Proposal:
        """Propose the next trial; it is RUNNING from now on, owned by this process."""
        n_trials = len(self._study.get_trials(deepcopy=False))
        self._study.sampler = self._sampler(derived_seed(self._seed, n_trials))
        trial = self._study.ask()
        trial.set_user_attr("owner", _this_process())
        hyperparameters = trial.user_attrs.get("given") or self._space.suggest(
            lambda name, distribution: _suggested(trial, name, distribution)
        )
        trial.set_user_attr("hyperparameters", hyperparameters)
        self._running[trial.number] = trial
        return Proposal(
            trial.number,
            hyperparameters,
            derived_seed(self._seed, trial.number),
            start := trial.user_attrs.get("start", ""),
            f"#{trial.number} {start}" if trial.user_attrs.get("enqueued") else "",
        )

    def _sampler(self, seed: int) -> optuna.samplers.TPESampler:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            # In groups: without them one trial outside of the space, which has no parameters for
            # the sampler, would take every parameter out of the joint model (Optuna 5).
            return optuna.samplers.TPESampler(
                n_startup_trials=self._n_startup_trials, multivariate=True, group=True, seed=seed
            )

    def note(self, number: int, facts: Mapping[str, Any]) -> None:
        """Keep facts of a running trial; each must be JSON."""
        for key, value in facts.items():
            self._running[number].set_user_attr(key, value)

    def constrain(self, number: int, limit: str, excess: float) -> None:
        """Keep by how much a running trial lies beyond a limit; above 0 it is infeasible.

        To be said once a trial and limit. The sampler turns away from infeasible trials.
        """
        trial = self._running[number]
        trial.set_constraint(limit, excess)
        trial.set_user_attr(EXCESS, {**trial.user_attrs.get(EXCESS, {}), limit: excess})

    def report(self, number: int, epoch: int, best_value: float) -> bool:
        """Take the best value a trial has had up to an epoch; answer whether to give it up.

        The best and not the last: a pruned trial's value is what it last reported.
        """
        trial = self._running[number]
        trial.report(best_value, epoch)
        return trial.should_prune() and not trial.user_attrs.get("enqueued")

    def tell(self, number: int, state: TrialState, value: float | None) -> None:
        """End a trial."""
        trial = self._running.pop(number)
        completed = state is TrialState.COMPLETE
        self._study.tell(
            trial,
            value if completed else None,
            state=optuna.trial.TrialState[state.value],
        )

    def records(self) -> list[TrialRecord]:
        """List all trials by number."""
        return records_of(self._study)

    def abandon(self, number: int, cause: str) -> None:
        """End a running trial as FAIL and propose the same again later."""
        trial = self._running.pop(number)
        trial.set_user_attr("failure", cause)
        trial.set_user_attr("cut_off", True)
        self._study.tell(trial, state=optuna.trial.TrialState.FAIL)
        self._enqueue_again(number, trial.params, trial.user_attrs, n_deaths=0)

    def sweep(self) -> list[TrialRecord]:
        """Abandon the trials that a process of this machine left running when it died.

        They are proposed again, unless their process died for the third time. A trial left RUNNING
        would repel the sampler for ever. Those of other machines are left.
        """
        swept = []
        study_id = self._storage.get_study_id_from_name(self._study.study_name)
        for trial in self._study.get_trials(deepcopy=False):
            if trial.state == optuna.trial.TrialState.RUNNING and _is_dead(trial):
                number = trial.number
                trial_id = self._storage.get_trial_id_from_study_id_trial_number(study_id, number)
                cause = "its process ended without a word"
                self._storage.set_trial_user_attr(trial_id, "failure", cause)
                self._storage.set_trial_user_attr(trial_id, "cut_off", True)
                self._study.tell(number, state=optuna.trial.TrialState.FAIL)
                self._enqueue_again(number, trial.params, trial.user_attrs, n_deaths=1)
                swept.append(_record_of(trial))
        return swept

    def _enqueue_again(
        self, number: int, params: Mapping[str, Any], facts: Mapping[str, Any], *, n_deaths: int
    ) -> None:
        n_deaths += facts.get("deaths", 0)
        if n_deaths <= _MAX_DEATHS:
            kept = {"retry_of": number, "deaths": n_deaths, "start": facts.get("start", "")}
            kept |= {key: facts[key] for key in ("enqueued", "given") if key in facts}
            self._study.enqueue_trial(dict(params), user_attrs=kept)


def records_of(study: optuna.Study) -> list[TrialRecord]:
    """List all trials of a study by number; those still waiting are left out."""
    return [
        _record_of(trial)
        for trial in study.get_trials(deepcopy=False)
        if trial.state != optuna.trial.TrialState.WAITING
    ]


def _record_of(trial: FrozenTrial) -> TrialRecord:
    facts = dict(trial.user_attrs)
    return TrialRecord(
        number=trial.number,
        state=TrialState(trial.state.name),
        value=trial.value,
        hyperparameters=facts.pop("hyperparameters", {}),
        facts=facts,
        started=trial.datetime_start,
        ended=trial.datetime_complete,
    )


def _suggested(trial: optuna.Trial, name: str, distribution: Searched) -> Value:
    match distribution:
        case Float(low, high, log, step):
            return trial.suggest_float(name, low, high, log=log, step=step)
        case Int(low, high, log, step):
            return trial.suggest_int(name, low, high, log=log, step=step)
        case Categorical(choices):
            return cast(Value, trial.suggest_categorical(name, choices))


def _this_process() -> dict[str, Value]:
    process = psutil.Process(os.getpid())
    return {"host": socket.gethostname(), "pid": process.pid, "born": process.create_time()}


def _is_dead(trial: FrozenTrial) -> bool:
    owner = trial.user_attrs.get("owner")
    if owner is None:
        age = datetime.now() - (trial.datetime_start or datetime.now())
        return age.total_seconds() > _UNOWNED_SECONDS
    if owner["host"] != socket.gethostname():
        return False
    try:
        process = psutil.Process(owner["pid"])
        # A killed process stays a zombie where its parent does not reap it, as in a container.
        if process.status() == psutil.STATUS_ZOMBIE:
            return True
        return bool(abs(process.create_time() - owner["born"]) > _CLOCK_SLACK_SECONDS)
    except psutil.NoSuchProcess:
        return True
