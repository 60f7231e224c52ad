"""KerasTuner as what proposes points: Hyperband, Bayesian optimisation or random search.

Owns the way from a study's trials to the oracle and back; keeps nothing that the store of studies
does not. Every proposal is enqueued in Optuna's storage with what the oracle said of it, in one
write, and the oracle is made again for each from the trials that are there, with a seed from the
study's and the number of proposals before. So a process that dies between asking and enqueuing
loses nothing, and a resumed study goes on as if it had never stopped. Importing this module loads
Keras.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

import optuna
from optuna.trial import FrozenTrial

from ..space.space import Space
from .hyperband import Place, oracle_state, promotable_ids, sweep_of
from .oracle import Coding, OracleSettings, Status, Tried, Tuner, ask
from .trials import SpaceExhausted, derived_seed

PROPOSED_BY = "proposed_by"
"""User attribute of a trial that an oracle proposed: `keras_tuner_id`, and where Hyperband put it,
`sweep`, `bracket`, `round` and `past_id`."""
_DEFAULT_FACTOR = 3
"""KerasTuner's own."""
_States = optuna.trial.TrialState


class TunerProposer:
    """Proposes what an oracle of KerasTuner does.

    It knows no constraint: an infeasible trial's value counts as any other. It prunes nothing;
    Hyperband stops a training by not promoting it.
    """

    def __init__(
        self,
        space: Space,
        *,
        tuner: Tuner,
        options: Mapping[str, Any],
        seed: int,
        n_epochs: int,
        is_minimized: bool,
    ) -> None:
        """Name the oracle.

        Args:
            space: what is searched.
            tuner: which oracle. All learn from trials that were not theirs, as starts are, but
                Hyperband, which only repeats none of them.
            options: arguments of the oracle: of hyperband `factor`, 2 or more, and
                `hyperband_iterations`, without which its sweeps go round for ever; of bayesian
                `num_initial_points`, `alpha` and `beta`.
            seed: the study's, 0 or more.
            n_epochs: up to which Hyperband trains the best; the others train every trial so far.
            is_minimized: whether a lower value is better.
        """
        self._coding = Coding(space)
        self._space = space
        self._settings = OracleSettings(tuner, options, n_epochs, is_minimized)
        self._seed = seed
        self._trials: dict[int, FrozenTrial] = {}

    def prepare(self, study: optuna.Study) -> None:
        """Enqueue the next point, to be called where no trial waits.

        Raises:
            SpaceExhausted: the oracle draws only points that were tried, or its sweeps are over.
        """
        self._trials = {trial.number: trial for trial in study.get_trials(deepcopy=False)}
        proposed = self._proposed()
        places = self._places()
        answer = ask(
            self._settings,
            self._coding,
            list(self._tried()),
            oracle_state(places) if places else {},
            seed=derived_seed(self._seed, len(proposed)),
        )
        if answer is None:
            raise SpaceExhausted
        values, sweep = answer
        facts: dict[str, Any] = {"keras_tuner_id": str(len(proposed))}
        attributes: dict[str, Any] = {}
        if self._settings.tuner == "hyperband":
            place = _place(values, sweep, places)
            facts |= asdict(place)
            attributes["n_epochs"] = values["tuner/epochs"]
            if place.past_id is not None:
                attributes["resumes"] = proposed[place.past_id].number
        point = self._coding.point(values)
        study.enqueue_trial(point, user_attrs={PROPOSED_BY: facts, **attributes})

    def prunes(self, trial: optuna.Trial) -> bool:
        """Answer that no running trial is given up."""
        return False

    def ended(self, trial: FrozenTrial) -> None:
        """Learn how a trial ended, so that `promotable` knows of it before the next proposal."""
        self._trials[trial.number] = trial

    @property
    def promotable(self) -> frozenset[int]:
        """Numbers of the trials that a promotion may go on from; none but with Hyperband.

        Of the trials that `prepare` saw, or that `ended` since.
        """
        proposed = self._proposed()
        ids: dict[str, set[str]] = {}
        for identity, trial in proposed.items():
            ids.setdefault(_status(trial), set()).add(identity)
        factor = self._settings.options.get("factor", _DEFAULT_FACTOR)
        found = promotable_ids(
            self._places(),
            ids.get("RUNNING", set()),
            ids.get("FAILED", set()),
            sweep_of(self._settings.n_epochs, factor),
        )
        return frozenset(proposed[identity].number for identity in found)

    def _proposed(self) -> dict[str, FrozenTrial]:
        """Give the newest trial of each proposal; one that was cut off is run again as another."""
        return {
            trial.user_attrs[PROPOSED_BY]["keras_tuner_id"]: trial
            for trial in self._trials.values()
            if PROPOSED_BY in trial.user_attrs
        }

    def _places(self) -> dict[str, Place]:
        if self._settings.tuner != "hyperband":
            return {}
        places = {}
        for identity, trial in self._proposed().items():
            facts = dict(trial.user_attrs[PROPOSED_BY])
            del facts["keras_tuner_id"]
            places[identity] = Place(**facts)
        return places

    def _tried(self) -> Iterator[Tried]:
        """Give what is known of the points of the space: the oracle's own and others."""
        newest = {}
        for trial in self._trials.values():
            facts = trial.user_attrs.get(PROPOSED_BY)
            # What waited has its point there until it is taken up.
            point = trial.system_attrs.get("fixed_params", {}) | trial.params
            if facts is not None or not self._space.problems_of(point):
                identity = f"#{trial.number}" if facts is None else facts["keras_tuner_id"]
                newest[identity] = trial, point
        for identity, (trial, point) in newest.items():
            status = _status(trial)
            score = trial.value if status == "COMPLETED" else None
            yield Tried(identity, self._coding.codes(point), status, score)


def _place(values: Mapping[str, Any], sweep: int, places: Mapping[str, Place]) -> Place:
    """Say where a new trial of Hyperband stands.

    A promotion stays in the bracket of the trial that it comes from; what the oracle says of its
    bracket is the one started last (KerasTuner 1.4.8).
    """
    past_id = values.get("tuner/trial_id")
    if past_id is None:
        return Place(sweep, values["tuner/bracket"], 0, None)
    return replace(places[past_id], round=values["tuner/round"], past_id=past_id)


def _status(trial: FrozenTrial) -> Status:
    """Say in the oracle's words what became of a trial."""
    if not trial.state.is_finished():
        return "RUNNING"
    is_scored = trial.state in (_States.COMPLETE, _States.PRUNED)
    has_value = is_scored and trial.value is not None and math.isfinite(trial.value)
    return "COMPLETED" if has_value else "FAILED"
