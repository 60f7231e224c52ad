import os
from dataclasses import replace
from pathlib import Path

import pytest
from mlflow.entities import ViewType
from optuna.trial import TrialState, create_trial

from search.errors import StudyError, TrackingError
from search.store.codec import OWNER
from search.store.study_store import StudyStore
from search.study.deletion import Deletion, delete_study, plan_deletion
from search.study.places import Places
from search.trial.confirmation import Confirmation, Retraining
from search.trial.control import Control
from search.trial.process import Process
from tests.studies import Planted, plant_study
from tests.workspace import Workspace, make_workspace


@pytest.fixture
def workspace(mlflow_database: Path, tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path, mlflow_database)


@pytest.fixture
def planted(workspace: Workspace) -> Planted:
    return plant_study(workspace)


@pytest.fixture
def places(workspace: Workspace) -> Places:
    return Places(workspace.tracking_uri, f"sqlite:///{workspace.folder / 'studies.db'}")


_SILENT = Control()


def _alive(workspace: Workspace) -> set[str]:
    return {run.info.run_id for run in workspace.runs()}


def _network(workspace: Workspace, run_id: str) -> Path:
    return Path(workspace.client.get_run(run_id).info.artifact_uri, "model", "deep", "weights")


def test_a_plan_changes_nothing_and_counts_everything(
    workspace: Workspace, planted: Planted, places: Places
) -> None:
    before = _alive(workspace)
    plan = plan_deletion(places, "films")
    assert _alive(workspace) == before
    assert workspace.store.names() == ["films"]
    assert plan.counts == {"COMPLETE": 3, "FAIL": 1}
    assert (plan.n_confirmed, plan.test_readings, plan.hosts) == (1, ("#1 gru 8",), {})
    assert set(plan.run_ids) == before == {*planted.runs.values(), planted.study_run_id}
    # The network of trial 0 was dropped before.
    kept = {(planted.runs["trial 1"], "model"): 1000, (planted.runs["again"], "model"): 1000}
    assert plan.networks == kept


def test_a_deletion_empties_both_stores_of_the_study_and_leaves_the_others(
    workspace: Workspace, planted: Planted, places: Places
) -> None:
    other = plant_study(workspace, "reviews")
    networks = [_network(workspace, planted.runs[name]) for name in ("trial 1", "again")]
    assert all(path.exists() for path in networks)
    said: list[str] = []
    delete_study(places, plan_deletion(places, "films"), Control(said.append))
    assert said == ["deleted 7 runs in MLflow", "deleted study films"]
    assert workspace.store.names() == ["reviews"]
    assert _alive(workspace) == {*other.runs.values(), other.study_run_id}
    assert not any(path.exists() for path in networks)
    assert _network(workspace, other.runs["trial 1"]).exists()


def test_deleted_runs_are_in_mlflows_trash(
    workspace: Workspace, planted: Planted, places: Places
) -> None:
    delete_study(places, plan_deletion(places, "films"), _SILENT)
    experiments = [workspace.server.experiment("films")]
    trash = workspace.client.search_runs(experiments, run_view_type=ViewType.DELETED_ONLY)
    assert {run.info.run_id for run in trash} == {*planted.runs.values(), planted.study_run_id}


def test_a_deletion_that_was_cut_off_is_completed_by_the_same_command(
    workspace: Workspace, planted: Planted, places: Places
) -> None:
    for run_id in (planted.runs["trial 1"], planted.study_run_id):
        workspace.client.delete_run(run_id)
    plan = plan_deletion(places, "films")
    assert set(plan.run_ids) == set(planted.runs.values()) - {planted.runs["trial 1"]}
    delete_study(places, plan, _SILENT)
    assert workspace.store.names() == []
    assert _alive(workspace) == set()


def test_a_study_whose_store_is_gone_is_deleted_in_mlflow(
    workspace: Workspace, planted: Planted, places: Places
) -> None:
    for path in workspace.folder.glob("studies.db*"):
        path.unlink()
    plan = plan_deletion(places, "films")
    assert not plan.is_stored
    delete_study(places, plan, _SILENT)
    assert _alive(workspace) == set()
    assert not (workspace.folder / "studies.db").exists()
    with pytest.raises(StudyError, match="no study named films, neither in the database"):
        plan_deletion(places, "films")


def test_runs_of_an_earlier_study_of_the_same_name_stay_until_asked_for_again(
    workspace: Workspace, planted: Planted, places: Places
) -> None:
    workspace.store.delete("films")
    again = plant_study(workspace)
    delete_study(places, plan_deletion(places, "films"), _SILENT)
    assert again.study_run_id not in _alive(workspace)
    assert planted.study_run_id in _alive(workspace)
    delete_study(places, plan_deletion(places, "films"), _SILENT)
    assert _alive(workspace) == set()


def test_a_study_without_an_mlflow_database_is_deleted(
    workspace: Workspace, planted: Planted, places: Places, tmp_path: Path
) -> None:
    elsewhere = Places(f"sqlite:///{tmp_path / 'other.db'}", places.storage)
    delete_study(elsewhere, plan_deletion(elsewhere, "films"), _SILENT)
    assert workspace.store.names() == []
    assert not (tmp_path / "other.db").exists()


def test_nothing_is_deleted_while_mlflow_does_not_answer(
    workspace: Workspace, planted: Planted, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "2")
    plan = plan_deletion(places, "films")
    with pytest.raises(TrackingError, match="could not reach"):
        delete_study(Places("http://127.0.0.1:9", places.storage), plan, _SILENT)
    assert workspace.store.names() == ["films"]


def _run_a_trial(store: StudyStore, owner: Process) -> None:
    trial = create_trial(state=TrialState.RUNNING, user_attrs={OWNER: owner.as_dict()})
    store.load("films").add_trial(trial)


def test_a_study_that_is_running_on_this_machine_is_refused(
    workspace: Workspace, planted: Planted, places: Places
) -> None:
    plan = plan_deletion(places, "films")
    _run_a_trial(workspace.store, Process.current())
    with pytest.raises(StudyError, match=f"found it open in process {os.getpid()}"):
        plan_deletion(places, "films")
    # Also where it was begun while the user was being asked.
    with pytest.raises(StudyError, match="found it open in process"):
        delete_study(places, plan, _SILENT)
    assert workspace.store.names() == ["films"]
    assert planted.study_run_id in _alive(workspace)


def test_a_search_between_two_trials_is_refused_until_it_ends(
    workspace: Workspace, planted: Planted, places: Places
) -> None:
    plan = plan_deletion(places, "films")
    with workspace.store.process_noted("films"):
        with pytest.raises(StudyError, match=f"found it open in process {os.getpid()}"):
            plan_deletion(places, "films")
        with pytest.raises(StudyError, match="found it open in process") as error:
            delete_study(places, plan, _SILENT)
    assert "Stop that search first" in error.value.hint
    assert workspace.store.names() == ["films"]
    delete_study(places, plan_deletion(places, "films"), _SILENT)
    assert workspace.store.names() == []


def test_a_trial_of_a_process_that_died_does_not_stand_in_the_way(
    workspace: Workspace, planted: Planted, places: Places
) -> None:
    _run_a_trial(workspace.store, replace(Process.current(), born=0.0))
    plan = plan_deletion(places, "films")
    assert plan.hosts == {}
    assert plan.counts["RUNNING"] == 1


def test_of_processes_on_other_machines_the_user_decides(
    workspace: Workspace, planted: Planted, places: Places
) -> None:
    _run_a_trial(workspace.store, replace(Process.current(), host="far"))
    plan = plan_deletion(places, "films")
    assert plan.hosts == {"far": 1}
    assert "Processes on far that may be searching it, and would fail: 1." in plan.sentences()


def test_a_retraining_that_diverged_has_no_network(
    workspace: Workspace, planted: Planted, places: Places
) -> None:
    workspace.store.write_confirmations("films", {1: Confirmation(1, (Retraining(0.3),))})
    assert plan_deletion(places, "films").networks == {(planted.runs["trial 1"], "model"): 1000}


def test_the_consequences_are_said() -> None:
    plan = Deletion(
        "films",
        is_stored=True,
        counts={"COMPLETE": 12, "CUT_OFF": 1},
        n_confirmed=3,
        test_readings=("#4 gru 8", "the ensemble"),
        networks={("a", "model"): 1_200_000, ("b", "checkpoint"): 300_000},
        run_ids=("a", "b"),
    )
    assert plan.sentences() == [
        "Trials, deleted for good: 12 complete, 1 interrupted.",
        "Kept models, deleted for good: 2 (1.5 MB).",
        "Confirmations of trials, deleted for good: 3.",
        "The record that test was read (for #4 gru 8, the ensemble) goes with it.",
        "Runs in MLflow, moved to its trash: 2. `mlflow gc` frees their space.",
    ]
