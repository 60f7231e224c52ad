"""Optuna's trials as records. Owns how they are converted, each that has ended once."""

import optuna
from optuna.trial import FrozenTrial

from .trials import TrialRecord, TrialState


class Records:
    """The trials of a study as records; those that have ended are converted once."""

    def __init__(self, study: optuna.Study) -> None:
        """Name the study."""
        self._study = study
        self._ended: dict[int, TrialRecord] = {}

    def read(self) -> list[TrialRecord]:
        """List all trials by number; those still waiting are left out."""
        records = []
        for trial in self._study.get_trials(deepcopy=False):
            if trial.state != optuna.trial.TrialState.WAITING:
                record = self._ended.get(trial.number) or record_of(trial)
                if trial.state.is_finished():
                    self._ended[trial.number] = record
                records.append(record)
        return records


def record_of(trial: FrozenTrial) -> TrialRecord:
    """Give a trial of Optuna's as the study knows it."""
    facts = dict(trial.user_attrs)
    return TrialRecord(
        number=trial.number,
        state=TrialState(trial.state.name),
        values=tuple(trial.values or ()),
        hyperparameters=facts.pop("hyperparameters", {}),
        facts=facts,
        started=trial.datetime_start,
        ended=trial.datetime_complete,
    )
