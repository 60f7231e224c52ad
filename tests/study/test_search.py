import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from mlflow.entities import Run

from tests.films import WORDS, write_films
from tests.space.parsing import parse_space
from tests.stages import SEARCH, Stage, look
from tests.workspace import Finished, Workspace, make_workspace

PNG = b"\x89PNG"


def test_a_search_leaves_one_finished_study_run_with_a_child_a_trial(searched: Stage) -> None:
    assert searched.finished.code == 0
    assert searched.study_run.info.status == "FINISHED"
    assert searched.study_run.info.run_name == searched.study
    assert [run.info.status for run in searched.trial_runs] == ["FINISHED"] * 3
    # The study, three trials and two baselines.
    assert searched.n_runs == 6


def test_every_trial_is_complete_in_the_store_of_studies(searched: Stage) -> None:
    assert [trial["number"] for trial in searched.trials] == [0, 1, 2]
    assert {trial["state"] for trial in searched.trials} == {"COMPLETE"}
    # Four labels that half of the texts have: all chances even are a loss of ln 2 = 0.69.
    assert all(0.1 < trial["value"] < 1.0 for trial in searched.trials)


def test_a_trials_params_are_its_hyperparameters(searched: Stage) -> None:
    for trial, run in zip(searched.trials, searched.trial_runs, strict=True):
        assert run.data.params == {
            name: str(value) for name, value in trial["hyperparameters"].items()
        }


def test_both_stores_have_the_same_value(searched: Stage) -> None:
    for trial, run in zip(searched.trials, searched.trial_runs, strict=True):
        assert run.data.metrics["val_loss"] == pytest.approx(trial["value"], rel=1e-9)
        assert trial["run_id"] == run.info.run_id


def test_each_epoch_is_a_step_and_the_trials_loss_is_its_best(searched: Stage) -> None:
    client = searched.workspace.client
    for run in searched.trial_runs:
        history = client.get_metric_history(run.info.run_id, "epoch/val_loss")
        assert [entry.step for entry in history] == [1, 2]
        assert run.data.metrics["val_loss"] == min(entry.value for entry in history)
        assert {"epoch/train_loss", "epoch/fit_loss", "epoch/f1_micro"} <= set(run.data.metrics)


def test_each_label_has_a_metric_of_a_name_that_mlflow_allows(searched: Stage) -> None:
    names = {"f1/Crime", "f1/Romance", "f1/Sci-Fi _ Fantasy", "f1/Comedy"}
    assert names <= set(searched.trial_runs[0].data.metrics)


def test_a_trial_is_tagged_with_where_it_belongs_and_how_it_learned(searched: Stage) -> None:
    for number, run in enumerate(searched.trial_runs):
        tags = run.data.tags
        assert (tags["state"], tags["trial"]) == ("COMPLETE", str(number))
        assert tags["study"] == searched.study
        assert tags["verdict"]
        assert tags["onset"]
        assert float(tags["gap"]) == pytest.approx(run.data.metrics["gap"], abs=1e-4)


def test_a_trial_has_its_tables_plots_and_network_as_artifacts(searched: Stage) -> None:
    workspace, run_id = searched.workspace, searched.trial_runs[0].info.run_id
    assert workspace.artifacts(run_id) == {
        "history.csv",
        "labels.csv",
        "metric_names.json",
        "model",
        "model_summary.txt",
        "plots",
        "text_losses.csv",
        "thresholds.json",
    }
    for plot in ("learning_curves", "f1_by_label", "reliability"):
        plot = f"plots/{plot}.png"
        assert workspace.artifact(run_id, plot).read_bytes().startswith(PNG)
    assert "model/bundle.json" in workspace.artifacts(run_id, "model")


def test_the_tables_of_a_trial_say_what_its_metrics_say(searched: Stage) -> None:
    workspace, run = searched.workspace, searched.trial_runs[0]
    history = _read_csv(workspace.artifact(run.info.run_id, "history.csv"))
    assert [row["epoch"] for row in history] == ["1", "2"]
    losses = [float(row["val_loss"]) for row in history]
    assert min(losses) == pytest.approx(run.data.metrics["val_loss"], rel=1e-9)
    labels = _read_csv(workspace.artifact(run.info.run_id, "labels.csv"))
    assert {row["name"] for row in labels} == set(WORDS)
    thresholds = json.loads(workspace.artifact(run.info.run_id, "thresholds.json").read_text())
    assert set(thresholds) == set(WORDS)
    summary = workspace.artifact(run.info.run_id, "model_summary.txt").read_text(encoding="utf-8")
    assert "logits" in summary


def test_the_study_run_has_space_data_environment_and_leaderboard(searched: Stage) -> None:
    workspace, run_id = searched.workspace, searched.study_run.info.run_id
    assert workspace.artifacts(run_id) == {
        "audit.html",
        "audit.json",
        "data.json",
        "environment.json",
        "leaderboard.csv",
        "leaderboard.json",
        "plots",
        "search",
        "space.yaml",
    }
    picture = workspace.artifact(run_id, "plots/best_trials.png")
    assert picture.read_bytes().startswith(PNG)
    audited = json.loads(workspace.artifact(run_id, "audit.json").read_text(encoding="utf-8"))
    assert searched.study_run.data.tags["leaks"] == ("yes" if audited["leaks"] else "no")
    data = json.loads(workspace.artifact(run_id, "data.json").read_text(encoding="utf-8"))
    assert (data["rows"], data["n_labels"]) == (120, 4)
    environment = json.loads(workspace.artifact(run_id, "environment.json").read_text())
    assert {"python", "keras", "optuna", "mlflow"} <= set(environment)


def test_the_study_run_has_pictures_of_the_search(extended: Stage) -> None:
    workspace, run_id = extended.workspace, extended.study_run.info.run_id
    files = workspace.artifacts(run_id, "search")
    pictures = {path for path in files if path.endswith(".png")}
    assert files - pictures == {"search/search.html"}
    # There may be too few trials yet for importances and for a contour.
    always = ("history", "slice", "parallel_coordinates", "intermediate_values")
    assert {f"search/{name}.png" for name in always} <= pictures
    for path in pictures:
        assert workspace.artifact(run_id, path).read_bytes().startswith(PNG)
    page = workspace.artifact(run_id, "search/search.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert all(str(trial["name"]) in page for trial in extended.trials)


def test_the_recorded_leaderboard_is_the_one_that_is_printed(extended: Stage) -> None:
    path = extended.workspace.artifact(extended.study_run.info.run_id, "leaderboard.json")
    board = json.loads(path.read_text(encoding="utf-8"))
    printed = json.loads(extended.workspace.run("trials", "--format", "json").out)
    names = [None if row["number"] is None else extended.study for row in board]
    assert printed == [{"study": n} | row for n, row in zip(names, board, strict=True)]
    values = [row["value"] for row in board if row["state"] != "BASELINE"]
    assert values == sorted(values)


def test_the_baselines_are_runs_beside_the_trials_and_stand_where_they_rank(
    searched: Stage,
) -> None:
    runs = searched.workspace.child_runs(searched.study, "baseline")
    assert {run.info.run_name for run in runs} == {"label priors", "TF-IDF + logistic regression"}
    by_id = {run.info.run_id: run for run in runs}
    losses = [row["val_loss"] for row in searched.baselines]
    assert losses == sorted(losses)
    for row in searched.baselines:
        run = by_id[row["run_id"]]
        assert run.info.status == "FINISHED"
        assert run.data.metrics["val_loss"] == pytest.approx(row["val_loss"])
    (priors,) = [row for row in searched.baselines if row["name"] == "label priors"]
    assert searched.study_run.data.tags["prior_loss"] == f"{priors['val_loss']:.4f}"


def test_the_study_run_is_described_in_words(searched: Stage) -> None:
    note = searched.study_run.data.tags["mlflow.note.content"]
    assert note.startswith(f"## {searched.study}")
    assert "Trials: 3 complete. Best network: #" in note
    # The linear baseline reads these cues; three tiny networks do not.
    assert "It loses to TF-IDF + logistic regression" in note
    assert "The target 0.05: reached." in note
    assert "The linear baseline has a loss of 0.0030." in note
    assert searched.study_run.data.tags["target_verdict"] == "reached"


def test_the_study_run_points_at_its_best_trial(searched: Stage) -> None:
    best = min(searched.trials, key=lambda trial: float(trial["value"]))
    tags = searched.study_run.data.tags
    assert tags["best_trial"] == str(best["number"])
    assert tags["best_run_id"] == best["run_id"]
    assert searched.study_run.data.metrics["best_val_loss"] == pytest.approx(best["value"])


def test_the_stores_lie_in_the_working_folder_where_mlflow_ui_looks(searched: Stage) -> None:
    folder = searched.workspace.folder
    names = {path.name.split("-")[0] for path in folder.iterdir()}
    assert {"mlflow.db", "mlruns", "studies.db", "films.csv"} <= names
    assert f"{folder}/mlruns/" in searched.study_run.info.artifact_uri


def test_the_same_command_again_runs_nothing(searched: Stage, repeated: Stage) -> None:
    assert repeated.finished.code == 0
    assert repeated.trials == searched.trials
    assert repeated.n_runs == searched.n_runs
    assert repeated.study_run.info.run_id == searched.study_run.info.run_id
    assert repeated.study_run.info.status == "FINISHED"


def test_one_trial_more_is_added_under_the_same_study_run(repeated: Stage, extended: Stage) -> None:
    assert extended.finished.code == 0
    assert [trial["number"] for trial in extended.trials] == [0, 1, 2, 3]
    assert extended.trials[:3] == repeated.trials
    assert extended.study_run.info.run_id == repeated.study_run.info.run_id
    assert extended.study_run.info.status == "FINISHED"
    assert extended.n_runs == repeated.n_runs + 1


def test_a_trial_drawn_on_resume_repeats_none_before_it(extended: Stage) -> None:
    drawn = [json.dumps(trial["hyperparameters"]) for trial in extended.trials]
    assert len(set(drawn)) == 4


def test_only_the_best_three_keep_their_networks(extended: Stage) -> None:
    order = sorted(extended.trials, key=lambda trial: float(trial["value"]))
    kept = [
        "model" in extended.workspace.artifacts(extended.trial_runs[trial["number"]].info.run_id)
        for trial in order
    ]
    assert kept == [True, True, True, False]


def test_other_data_under_the_name_of_a_study_are_refused(extended: Stage, tmp_path: Path) -> None:
    other = tmp_path / "films.csv"
    shutil.copy(extended.workspace.folder / "films.csv", other)
    with other.open("a", encoding="utf-8") as file:
        file.write("a detective in the old town,Crime\n")
    finished = extended.workspace.run(
        "search", "--data", str(other), *SEARCH[3:], "--trials", "5", "--study", extended.study
    )
    assert finished.code == 1
    assert "its trials cannot be compared with new ones (its fingerprint is " in finished.err
    assert ": data was " in finished.err
    assert "split was" in finished.err
    assert "space was" not in finished.err
    assert extended.workspace.study_run(extended.study).info.status == "FINISHED"
    assert len(extended.workspace.runs()) == extended.n_runs


@pytest.fixture(scope="module")
def adopting(mlflow_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Search one trial as `mlflow run` does it: in a run that is there already."""
    workspace = make_workspace(tmp_path_factory.mktemp("adopting"), mlflow_database)
    write_films(workspace.folder / "films.csv")
    first = _run_of_mlflow(workspace, "first")
    return look(workspace, workspace.run(*SEARCH, "--trials", "1", MLFLOW_RUN_ID=first))


@pytest.fixture(scope="module")
def adopting_again(adopting: Stage) -> tuple[Stage, Run]:
    """Go on with the study in another run of `mlflow run`; give that run too."""
    workspace = adopting.workspace
    second = _run_of_mlflow(workspace, "second")
    finished: Finished = workspace.run(*SEARCH, "--trials", "2", MLFLOW_RUN_ID=second)
    return look(workspace, finished), workspace.client.get_run(second)


def test_the_run_of_mlflow_run_becomes_the_study_run(adopting: Stage) -> None:
    assert adopting.finished.code == 0
    assert adopting.study_run.data.params == {"data": "first"}
    assert adopting.study_run.info.status == "FINISHED"
    # The study, its trial and its two baselines.
    assert adopting.n_runs == 4
    ids = {run.info.experiment_id for run in (adopting.study_run, *adopting.trial_runs)}
    assert len(ids) == 1


def test_a_resume_under_another_run_stays_with_the_first(
    adopting: Stage, adopting_again: tuple[Stage, Run]
) -> None:
    stage, second = adopting_again
    assert stage.finished.code == 0
    assert stage.study_run.info.run_id == adopting.study_run.info.run_id
    assert len(stage.trial_runs) == 2
    assert second.data.tags["study_run_id"] == adopting.study_run.info.run_id
    assert second.data.tags["study"] == adopting.study


def _run_of_mlflow(workspace: Workspace, name: str) -> str:
    """Open a run with params, as `mlflow run` does before it starts an entry point."""
    client = workspace.client
    folder = workspace.folder / "artifacts"
    found = client.get_experiment_by_name("adopted")
    experiment = (
        found.experiment_id
        if found is not None
        else client.create_experiment("adopted", artifact_location=str(folder))
    )
    run_id: str = client.create_run(experiment, run_name=name).info.run_id
    client.log_param(run_id, "data", name)
    return run_id


def _read_csv(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def test_the_recorded_space_is_the_one_that_was_searched(searched: Stage) -> None:
    text = searched.workspace.artifact(searched.study_run.info.run_id, "space.yaml").read_text()
    assert parse_space(text, "space.yaml").hash == searched.study_run.data.tags["space_hash"]
