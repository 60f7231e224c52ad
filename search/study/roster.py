"""The models of a study whose weights are kept, with what they predict for validation.

Owns which of them the ensemble would take, and how they are read back from their runs.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..candidates.kept_predictions import PREDICTIONS_FILE, read_predictions, round_predictions
from ..candidates.models import Model, Models
from ..data.corpus import Corpus
from ..data.split.split import Split
from ..errors import StudyError, TrackingError
from ..export.member import FOLDER
from ..metrics.matrices import Labels, Singles
from ..metrics.task import Task
from ..store.stored_study import StoredStudy
from ..tracking.mlflow_studies import StudyRuns
from ..tracking.mlflow_tracker import MlflowServer
from ..tracking.trainings import MODEL_PATH
from ..trial.baseline import LINEAR, Baseline
from ..trial.candidate import MILLISECONDS, PARAMETERS, Component, Kind
from ..trial.confirmation import Confirmations, find_best_network, list_rivals
from ..trial.objective import Objective
from ..trial.ranking import best_trials
from ..trial.trial import Trial

CALIBRATED = "cross_entropy"
"""The training loss that keeps the meaning of probabilities; the others give it up."""
_MAX_TRIED = 200
"""Best trials whose weights are looked for: the others were dropped long ago."""


@dataclass(slots=True)
class Roster:
    """The models that a study can end with."""

    labels: Labels
    """Of validation, 0 or 1, uint8, (n_validation, L)."""
    task: Task
    objective: Objective
    """The first one."""
    split: str
    """SHA-256 of the split that validation is of."""
    max_parameters: int | None = None
    """Of an ensemble at most; None for no limit."""
    notes: list[str] = field(default_factory=list)
    """Sentences for the user: which models are left out, and why."""
    _networks: dict[str, tuple[Trial, Model]] = field(default_factory=dict, init=False)
    """By run."""
    _baseline: Model | None = field(default=None, init=False)

    def add(self, trial: Trial, probabilities: Singles) -> None:
        """Add a network with what it predicts for validation, float32, (n_validation, L).

        A confirmed trial has the run and the training of the seed whose network it is.
        """
        self._networks[trial.run_id] = (trial, _make_model(trial, probabilities))

    def add_baseline(self, baseline: Baseline, probabilities: Singles) -> None:
        """Add the linear baseline with what it predicts for validation."""
        self._baseline = Model(
            Component(baseline.name, baseline.run_id),
            round_predictions(probabilities),
            n_parameters=int(baseline.metrics.get(PARAMETERS, 0)),
            milliseconds_per_text=baseline.metrics.get(MILLISECONDS, 0.0),
        )

    def remove(self, run_id: str) -> None:
        """Take out a network whose weights were dropped."""
        self._networks.pop(run_id, None)

    @property
    def networks(self) -> list[Trial]:
        """The trials whose networks are in it."""
        return [trial for trial, _ in self._networks.values()]

    def models(self) -> Models:
        """Give the models, best network first and the baseline last."""
        return self._make_models(self._networks)

    def _make_models(self, networks: Mapping[str, tuple[Trial, Model]]) -> Models:
        order = sorted(
            networks.values(),
            key=lambda pair: (self.objective.cost(pair[0].value or 0.0), pair[0].number),
        )
        members = [model for _, model in order]
        if self._baseline is not None:
            members.append(self._baseline)
        return Models(members, self.labels, self.task, self.objective, self.max_parameters)

    def find_ensemble(self) -> frozenset[str]:
        """List the runs of the models that the ensemble takes as it stands."""
        return _select(self.models())

    def would_take(self, trial: Trial, probabilities: Singles) -> bool:
        """Tell whether the ensemble would take a network that is not in the roster yet."""
        tried = {**self._networks, trial.run_id: (trial, _make_model(trial, probabilities))}
        return trial.run_id in _select(self._make_models(tried))

    def let_win(self, run_id: str) -> None:
        """Let no other network win alone, if this one is there."""
        if run_id in self._networks:
            for other, (trial, model) in self._networks.items():
                self._networks[other] = (trial, replace(model, can_be_best=other == run_id))


def fill_roster(
    roster: Roster,
    stored: StoredStudy,
    trials: Sequence[Trial],
    server: MlflowServer,
    *,
    n_kept: int = 1,
) -> None:
    """Add the models of a study that are in MLflow, and note those that should be there.

    Where trials were confirmed, the networks of their middle seeds are added. Where fresh seeds
    chose the best network, no other may win alone.

    Args:
        roster: of the study.
        stored: the study.
        trials: its trials.
        server: has their runs.
        n_kept: best trials whose networks should be there.

    Raises:
        StudyError: predictions are of another split.
        TrackingError: MLflow does not answer.
    """
    server.check()

    def read(run_id: str) -> Singles:
        return read_model_predictions(server, run_id, roster.split, roster.labels.shape)

    rank = best_trials(trials, roster.objective, _MAX_TRIED)
    confirmed = _list_confirmed(trials, roster.objective, stored.confirmations)
    for place, trial in enumerate([*rank, *confirmed]):
        try:
            if trial.has_model:
                roster.add(trial, read(trial.run_id))
        except ValueError as error:
            if place < n_kept or place >= len(rank):
                roster.notes.append(f"{trial.label} is left out: {error}.")
    if stored.linear is not None:
        try:
            roster.add_baseline(stored.linear, read(stored.linear.run_id))
        except ValueError as error:
            roster.notes.append(f"{LINEAR} is left out: {error}.")
    best = find_best_network(trials, roster.objective, stored.confirmations)
    if best is not None and best.run_id in {trial.run_id for trial in confirmed}:
        roster.let_win(best.run_id)


def make_roster(
    corpus: Corpus, split: Split, objective: Objective, max_parameters: int | None
) -> Roster:
    """Make the roster of a study, without models yet."""
    labels = corpus.labels[split.validation]
    return Roster(labels, corpus.task, objective, split.sha256, max_parameters)


def _select(models: Models) -> frozenset[str]:
    """List the runs of the models that the ensemble takes."""
    weights = models.choose_best(Kind.ENSEMBLE)
    pairs = zip(models.members, weights, strict=True)
    return frozenset(model.component.run_id for model, weight in pairs if weight > 0)


def _make_model(trial: Trial, probabilities: Singles) -> Model:
    return Model(
        Component(trial.label, trial.run_id, number=trial.number),
        round_predictions(probabilities),
        n_parameters=int(trial.metrics.get(PARAMETERS, 0)),
        milliseconds_per_text=trial.metrics.get(MILLISECONDS, 0.0),
        is_calibrated=trial.hyperparameters.get("training_loss", CALIBRATED) == CALIBRATED,
    )


def _list_confirmed(
    trials: Sequence[Trial], objective: Objective, confirmations: Confirmations
) -> list[Trial]:
    """List the trials that fresh seeds confirmed, each as the network of its middle seed."""
    by_number = {trial.number: trial for trial in trials}
    rivals = list_rivals(trials, objective, confirmations)
    return [entry.take_middle(by_number[entry.number]) for entry in rivals]


def read_model_predictions(
    server: MlflowServer, run_id: str, split: str, shape: tuple[int, ...]
) -> Singles:
    """Read what a kept model predicts for validation, float32.

    Args:
        server: has its run.
        run_id: of its run.
        split: SHA-256 of the split that the predictions must be of.
        shape: (n_validation, L).

    Raises:
        ValueError: its weights are gone or of an earlier version, or the predictions are damaged.
        StudyError: they are of another split.
    """
    with tempfile.TemporaryDirectory() as folder:
        try:
            runs = StudyRuns(server)
            if not runs.size(run_id, f"{MODEL_PATH}/{FOLDER}"):
                is_old = runs.size(run_id, MODEL_PATH) > 0
                reason = "an earlier version of genre-search kept it" if is_old else "it is gone"
                raise ValueError(reason)
        except TrackingError as error:
            raise ValueError("it is gone") from error
        try:
            path = server.record(run_id).download(f"{MODEL_PATH}/{PREDICTIONS_FILE}", Path(folder))
            return read_predictions(path, split, shape)
        except TrackingError as error:
            raise ValueError("what it predicts for validation is gone") from error
        except StudyError as error:
            raise StudyError(f"run {run_id}: {error.message}", error.hint) from error
