"""A study in both stores without a training: its trials are written down, their runs are empty."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optuna.trial import FrozenTrial, TrialState, create_trial

from search.engines.store import BASELINES, CONFIRMATIONS, TEST, StudyStore
from search.tracking.mlflow_tracker import MlflowRecord, MlflowTracker
from search.tracking.record import RunStatus
from tests.workspace import Workspace

NETWORK = b"n" * 1000


@dataclass(frozen=True, slots=True)
class Planted:
    """The study, and its runs."""

    name: str
    study_run_id: str
    runs: dict[str, str]
    """Ids by name, without the study's own."""


def plant_study(workspace: Workspace, name: str = "films", **facts: Any) -> Planted:
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
    study = store.create(name, _facts(run_id) | facts, directions=["minimize"])
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
    retraining = {"value": 0.3, "facts": {"run_id": again.run_id, "has_model": True}}
    store.record(name, CONFIRMATIONS, {"1": [retraining]})
    store.record(name, BASELINES, {"priors": {"run_id": baseline.run_id}})
    store.record(name, TEST, {"1": {"loss": 0.4}})
    return Planted(name, run_id, runs)


def keep_network(record: MlflowRecord, folder: Path) -> None:
    """Keep a network of a thousand bytes in a run, in a folder of its folder."""
    made = folder / "made"
    (made / "deep").mkdir(parents=True, exist_ok=True)
    (made / "deep" / "weights").write_bytes(NETWORK)
    record.folder("model", made)


def _facts(run_id: str) -> dict[str, Any]:
    return {
        "fingerprint": {"data": "d" * 64, "objective": "val_loss", "epochs": 15, "seed": 0},
        "source": {"source": "films.csv", "text_column": None},
        "corpus": "films",
        "space": "genre",
        "target": 0.05,
        "strategy": {"engine": "optuna", "sampler": "tpe"},
        "begun_from": None,
        "study_run_id": run_id,
    }


def _trial(run_id: str, number: int, value: float | None) -> FrozenTrial:
    facts: dict[str, Any] = {"run_id": run_id, "name": f"#{number} gru 8"}
    facts["hyperparameters"] = {"cell": "gru", "units_1": 8}
    if number < 2:
        facts["has_model"] = True
    state = TrialState.FAIL if value is None else TrialState.COMPLETE
    return create_trial(state=state, value=value, user_attrs=facts)
