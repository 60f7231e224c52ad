"""A study in both stores without a training: its trials are written down, their runs are empty."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from optuna.trial import FrozenTrial, create_trial
from optuna.trial import TrialState as OptunaState

from search.store.codec import encode_trial
from search.store.stored_study import StudySettings
from search.store.study_store import StudyStore
from search.tracking.mlflow_tracker import MlflowRecord, MlflowTracker
from search.tracking.record import RunStatus
from search.trial.baseline import Baseline
from search.trial.candidate import SealedReading
from search.trial.confirmation import Confirmation, Retraining
from search.trial.diagnosis import Diagnosis, Verdict
from search.trial.epoch import Curves
from search.trial.state import StopReason, TrialState
from search.trial.training import Training
from search.trial.trial import Trial
from tests.store import settings
from tests.workspace import Workspace

NETWORK = b"n" * 1000


@dataclass(frozen=True, slots=True)
class Planted:
    """The study, and its runs."""

    name: str
    study_run_id: str
    runs: dict[str, str]
    """Ids by name, without the study's own."""


def plant_study(workspace: Workspace, name: str = "films", **changes: Any) -> Planted:
    """Write a study of four trials, a baseline and a confirmation into both stores.

    The trials have 0.5, 0.25 and 0.75, and one failed; the first, the best and the confirmation
    have kept their networks, and the first has lost its again.
    """
    store = StudyStore(f"sqlite:///{workspace.folder / 'studies.db'}")
    server = workspace.server
    if server.client.get_experiment_by_name("films") is None:
        # MLflow would put artifacts below the folder the tests are run from.
        location = str(workspace.folder / "artifacts")
        server.client.create_experiment("films", artifact_location=location)
    run_id = server.client.create_run(server.experiment("films"), run_name=name).info.run_id
    tracker = MlflowTracker(server.client, run_id, name)
    tracker.study.tags({"study": name, "space": "genre", "space_hash": "0" * 8})
    study = store.create(name, replace(make_settings(run_id), **changes), directions=["minimize"])
    runs: dict[str, str] = {}
    for number, value in enumerate((0.5, 0.25, 0.75, None)):
        record = tracker.trial(number, f"#{number} gru 8", {})
        runs[f"trial {number}"] = record.run_id
        study.add_trial(_trial(record.run_id, number, value))
        record.end(RunStatus.FINISHED)
    baseline, again = tracker.beside("baseline", "priors"), tracker.beside("confirmation", "again")
    runs |= {"baseline": baseline.run_id, "again": again.run_id}
    keep_network(server.record(runs["trial 1"]), workspace.folder)
    keep_network(again, workspace.folder)
    retraining = Retraining(0.3, again.run_id, make_training(0.3))
    store.write_confirmations(name, {1: Confirmation(1, (retraining,))})
    store.write_baselines(name, [Baseline("priors", baseline.run_id, {"val_loss": 0.9})])
    store.write_test_readings(name, {"1 r1": SealedReading("#1 gru 8", {"loss": 0.4})})
    return Planted(name, run_id, runs)


def keep_network(record: MlflowRecord, folder: Path) -> None:
    """Keep a network of a thousand bytes in a run, in a folder of its folder."""
    made = folder / "made"
    (made / "deep").mkdir(parents=True, exist_ok=True)
    (made / "deep" / "weights").write_bytes(NETWORK)
    record.folder("model", made)


def make_settings(run_id: str) -> StudySettings:
    """Make the settings of a study of films in the space `genre`."""
    return settings.make_settings(space="genre", prior_loss=0.9, study_run_id=run_id, n_trials=4)


def make_training(value: float) -> Training:
    """Make what a training of one epoch with this validation loss came to."""
    return Training(
        metrics={"val_loss": value, "gap": 0.1, "slope": 0.0},
        curves=Curves([value], [value], [0.5], [0.5], [0.5]),
        diagnosis=Diagnosis(0.1, None, 0.0, Verdict.FIT),
        stop_reason=StopReason.EPOCHS,
    )


def _trial(run_id: str, number: int, value: float | None) -> FrozenTrial:
    trial = Trial(
        number,
        TrialState.FAIL if value is None else TrialState.COMPLETE,
        hyperparameters={"cell": "gru", "units_1": 8},
        name=f"#{number} gru 8",
        run_id=run_id,
        training=None if value is None else make_training(value),
        has_model=number < 2,
    )
    state = OptunaState[trial.state.value]
    return create_trial(state=state, value=value, user_attrs=encode_trial(trial))
