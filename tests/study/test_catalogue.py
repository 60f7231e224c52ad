from dataclasses import replace
from pathlib import Path

import pytest

from search.errors import StudyError
from search.report.studies import Runs
from search.store.study_store import MissingStoreError, StudyStore
from search.study.catalogue import list_rows, show_study
from search.study.places import Places
from tests.studies import Planted, make_settings, plant_study
from tests.workspace import Workspace, make_workspace

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def workspace(mlflow_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_workspace(tmp_path_factory.mktemp("catalogue"), mlflow_database)


@pytest.fixture(scope="module")
def planted(workspace: Workspace) -> tuple[Planted, Planted]:
    """Two studies; the run of the second was deleted in MLflow, with those below it kept."""
    first, second = plant_study(workspace), plant_study(workspace, "reviews")
    workspace.client.delete_run(second.study_run_id)
    lone = workspace.server.open_run("films", "lost")
    workspace.server.record(lone).tags({"study": "lost", "space_hash": "0"})
    return first, second


@pytest.fixture
def places(workspace: Workspace, planted: tuple[Planted, Planted]) -> Places:
    return Places(workspace.tracking_uri, f"sqlite:///{workspace.folder / 'studies.db'}")


def _silent(sentence: str) -> None:
    raise AssertionError(sentence)


def test_studies_are_listed_latest_first_with_what_became_of_their_runs(places: Places) -> None:
    rows = list_rows(places, _silent)
    assert [(row.name, row.runs) for row in rows] == [
        ("reviews", Runs.GONE),
        ("films", Runs.THERE),
        ("lost", Runs.ALONE),
    ]


def test_a_row_says_what_a_study_is_and_what_it_has_come_to(places: Places) -> None:
    row = list_rows(places, _silent)[1]
    assert (row.corpus, row.space, row.objective) == ("films", "genre", "val_loss")
    assert row.engine == "optuna"
    assert row.trials == {"COMPLETE": 3, "FAIL": 1}
    # One fresh seed of three says nothing yet.
    assert (row.best, row.best_trial) == (0.25, 1)


def test_where_mlflow_does_not_answer_studies_are_listed_all_the_same(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "2")
    said: list[str] = []
    rows = list_rows(Places(NOWHERE, places.storage), said.append)
    assert {row.runs for row in rows} == {Runs.UNKNOWN}
    assert len(said) == 1
    assert f"could not reach {NOWHERE}" in said[0]


def test_without_an_mlflow_database_runs_are_gone_and_none_is_made(
    places: Places, tmp_path: Path
) -> None:
    rows = list_rows(Places(f"sqlite:///{tmp_path / 'mlflow.db'}", places.storage), _silent)
    assert [(row.name, row.runs) for row in rows] == [("reviews", Runs.GONE), ("films", Runs.GONE)]
    assert list(tmp_path.iterdir()) == []


def test_without_a_store_of_studies_those_of_mlflow_are_listed(
    places: Places, tmp_path: Path
) -> None:
    missing = f"sqlite:///{tmp_path / 'studies.db'}"
    rows = list_rows(Places(places.tracking_uri, missing), _silent)
    assert {(row.name, row.runs) for row in rows} == {("films", Runs.ALONE), ("lost", Runs.ALONE)}
    with pytest.raises(MissingStoreError):
        list_rows(Places(f"sqlite:///{tmp_path / 'mlflow.db'}", missing), _silent)
    assert list(tmp_path.iterdir()) == []


def test_a_study_without_a_trial_has_no_best(tmp_path: Path, places: Places) -> None:
    store = StudyStore(f"sqlite:///{tmp_path / 'studies.db'}")
    settings = make_settings("0" * 32)
    fingerprint = replace(settings.fingerprint, objective="macro_f1")
    store.create("new", replace(settings, fingerprint=fingerprint), directions=["maximize"])
    here = Places(places.tracking_uri, store.url)
    row = list_rows(here, _silent)[0]
    assert (row.trials, row.best, row.best_trial, row.runs) == ({}, None, None, Runs.GONE)
    page = show_study(here, None, _silent)
    assert page.best is None
    assert page.as_dict()["best_network"] == {}


def test_a_page_says_what_makes_a_study_one_and_what_it_was_asked(
    places: Places, planted: tuple[Planted, Planted]
) -> None:
    page = show_study(places, "films", _silent)
    assert page.fingerprint["data"] == "d" * 64
    assert page.settings["strategy"]["sampler"] == "tpe"
    assert not {"fingerprint", "study_run_id", "corpus"} & set(page.settings)
    assert page.as_dict()["best_network"] == {
        "name": "#1 gru 8",
        "run_id": planted[0].runs["trial 1"],
        "hyperparameters": {"cell": "gru", "units_1": 8},
    }
    assert page.results == {
        "baselines": ["priors"],
        "confirmed_trials": [1],
        "test_read_for": ["#1 gru 8"],
        "learning_curves": False,
        "winner": None,
    }


def test_a_page_says_where_the_runs_are(
    workspace: Workspace, places: Places, planted: tuple[Planted, Planted]
) -> None:
    written = show_study(places, "films", _silent).as_dict()
    assert written["mlflow"] == {
        "tracking_uri": workspace.tracking_uri,
        "experiment_id": workspace.server.experiment("films"),
        "study_run_id": planted[0].study_run_id,
    }
    assert show_study(places, "reviews", _silent).mlflow["experiment_id"] is None


def test_a_page_of_the_latest_study_needs_no_name(places: Places) -> None:
    assert show_study(places, None, _silent).row.name == "reviews"
    assert show_study(places, "latest", _silent).row.name == "reviews"
    with pytest.raises(StudyError, match="there is no study named nosuch"):
        show_study(places, "nosuch", _silent)
