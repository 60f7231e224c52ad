"""KerasTuner as what proposes points: Hyperband, Bayesian optimisation or random search.

Owns the way from a study's trials to the oracle and back; keeps nothing that the store of studies
does not. For each proposal a new oracle is made from the trials in the store, with a seed from the
study's and the number of proposals so far. The proposal is enqueued in Optuna's storage together
with the oracle's answer, in one write. So a process that dies between asking and enqueuing loses
nothing, and a resumed study proposes the same as one that never stopped. Importing this module
loads Keras.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any, cast

import optuna
from optuna.trial import FrozenTrial

from ..space.space import Space
from ..store.codec import QueueEntry, decode_queue_entry, encode_queue_entry
from ..trial.proposal import SpaceExhausted, derive_seed
from .hyperband import Position, Sweep, describe_brackets, list_promotable_ids, plan_sweep
from .oracle import Oracle, Status
from .strategy import Strategy

_ID = "keras_tuner_id"
"""Key of the oracle's id in its answer as stored; the other keys are the fields of `Position`."""
_States = optuna.trial.TrialState


class TunerProposer:
    """Proposes the points of an oracle of KerasTuner.

    The oracle knows no constraints: it learns from the value of an infeasible trial as from any
    other. It prunes no trial; Hyperband stops a training by not promoting it.
    """

    def __init__(
        self, strategy: Strategy, space: Space, *, seed: int, n_epochs: int, is_minimized: bool
    ) -> None:
        """Choose the oracle.

        Args:
            strategy: with the tuner, which is the oracle. All learn also from trials that they did
                not propose, such as starts, except Hyperband, which only avoids repeating them.
            space: what is searched.
            seed: the study's, 0 or more.
            n_epochs: last epoch of Hyperband's best trials; the other oracles train every trial
                to it.
            is_minimized: whether a lower value is better.
        """
        self._oracle = Oracle(strategy, space, n_epochs=n_epochs, is_minimized=is_minimized)
        self._space = space
        self._seed = seed
        self._sweep: Sweep = ()
        """Hyperband's; empty for another tuner."""
        if strategy.tuner == "hyperband":
            self._sweep = plan_sweep(n_epochs, cast(int, strategy.tuner_options["factor"]))
        self._trials: dict[int, FrozenTrial] = {}

    def prepare(self, study: optuna.Study) -> None:
        """Enqueue the next point; to be called where no trial is enqueued.

        Raises:
            SpaceExhausted: the oracle draws only points that were tried, or its sweeps are over.
        """
        self._trials = {trial.number: trial for trial in study.get_trials(deepcopy=False)}
        proposed = self._find_proposed()
        positions = self._read_positions()
        state = describe_brackets(positions) if positions else {}
        seed = derive_seed(self._seed, len(proposed))
        drawn = self._oracle.ask(self._list_tried(), state, seed=seed)
        if drawn is None:
            raise SpaceExhausted
        values, sweep = drawn
        answer: dict[str, Any] = {_ID: str(len(proposed))}
        n_epochs = resumes = None
        if self._sweep:
            position = _find_position(values, sweep, positions)
            answer |= asdict(position)
            n_epochs = values["tuner/epochs"]
            if position.past_id is not None:
                resumes = proposed[position.past_id].number
        entry = QueueEntry(n_epochs=n_epochs, resumes=resumes, proposed_by=answer)
        study.enqueue_trial(self._oracle.decode(values), user_attrs=encode_queue_entry(entry))

    def prunes(self, trial: optuna.Trial) -> bool:
        """Answer that no running trial is pruned."""
        return False

    def ended(self, trial: FrozenTrial) -> None:
        """Learn how a trial ended, so that `promotable` knows of it before the next proposal."""
        self._trials[trial.number] = trial

    @property
    def promotable(self) -> frozenset[int]:
        """Numbers of the trials that a promotion may go on from; empty without Hyperband.

        Known are the trials at the last call of `prepare`, and those that `ended` since.
        """
        proposed = self._find_proposed()
        statuses = {identity: _read_status(trial) for identity, trial in proposed.items()}
        running, failed = (
            {identity for identity, status in statuses.items() if status == wanted}
            for wanted in ("RUNNING", "FAILED")
        )
        found = list_promotable_ids(self._read_positions(), running, failed, self._sweep)
        return frozenset(proposed[identity].number for identity in found)

    def _find_proposed(self) -> dict[str, FrozenTrial]:
        """Find the newest trial of each proposal, by the oracle's id.

        An interrupted trial is repeated as another trial with the same id.
        """
        pairs = ((_read_proposal(trial), trial) for trial in self._trials.values())
        return {answer[_ID]: trial for answer, trial in pairs if answer is not None}

    def _read_positions(self) -> dict[str, Position]:
        if not self._sweep:
            return {}
        positions = {}
        for identity, trial in self._find_proposed().items():
            answer = _read_proposal(trial) or {}
            positions[identity] = Position(**{key: answer[key] for key in answer if key != _ID})
        return positions

    def _list_tried(self) -> Iterable[Any]:
        """List the trials at points of the space, whether the oracle proposed them or not."""
        tried = {}
        for trial in self._trials.values():
            answer = _read_proposal(trial)
            # An enqueued trial has its point there until it runs.
            point = trial.system_attrs.get("fixed_params", {}) | trial.params
            if answer is not None or not self._space.find_problems(point):
                identity = f"#{trial.number}" if answer is None else answer[_ID]
                status = _read_status(trial)
                score = trial.value if status == "COMPLETED" else None
                tried[identity] = self._oracle.describe(identity, point, status, score)
        return tried.values()


def _read_proposal(trial: FrozenTrial) -> Mapping[str, Any] | None:
    """Read the oracle's answer for a trial; None where it did not propose it."""
    return decode_queue_entry(trial.user_attrs).proposed_by


def _find_position(
    values: Mapping[str, Any], sweep: int, positions: Mapping[str, Position]
) -> Position:
    """Find the position of a new trial of Hyperband.

    A promotion stays in the bracket of the trial that it goes on from. The oracle's own answer
    names the newest bracket instead (KerasTuner 1.4.8).
    """
    past_id = values.get("tuner/trial_id")
    if past_id is None:
        return Position(sweep, values["tuner/bracket"], 0, None)
    return replace(positions[past_id], round=values["tuner/round"], past_id=past_id)


def _read_status(trial: FrozenTrial) -> Status:
    """Read the state of a trial in the oracle's words."""
    if not trial.state.is_finished():
        return "RUNNING"
    is_scored = trial.state in (_States.COMPLETE, _States.PRUNED)
    has_value = is_scored and trial.value is not None and math.isfinite(trial.value)
    return "COMPLETED" if has_value else "FAILED"
