"""One preset trained on a tiny corpus: what its run has, and how it ends when it goes wrong."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mlflow.entities import Run
from sklearn.metrics import accuracy_score, log_loss

from search.data.corpus import open_corpus
from search.data.split.split import split_corpus
from search.errors import ExportError
from search.export.predictor import Predictor
from search.interface import train
from search.presets.plan import TrainingPlan
from search.presets.training import TrainReport, train_preset
from search.space.preset import Preset
from search.trial.control import Control
from search.trial.events import Event
from search.trial.weights import Weights
from tests.films import WORDS, write_films
from tests.trainings import TINY, write_reviews
from tests.workspace import FOREIGN, Workspace, make_workspace

N_EPOCHS = 8
"""In the fifth one TINY begins to overfit the films."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A training that went well, its run, and what was said on the way."""

    workspace: Workspace
    report: TrainReport
    run: Run
    said: list[str]

    def by_epoch(self, metric: str) -> dict[int, float]:
        history = self.workspace.client.get_metric_history(self.run.info.run_id, metric)
        return {entry.step: entry.value for entry in history}


@pytest.fixture(scope="module")
def workspace(mlflow_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = make_workspace(tmp_path_factory.mktemp("trained"), mlflow_database)
    write_films(workspace.folder / "films.csv")
    return workspace


@pytest.fixture(autouse=True)
def _own_stores(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    # Artifacts of a new experiment go below the working folder.
    monkeypatch.chdir(workspace.folder)
    for name in FOREIGN:
        monkeypatch.delenv(name, raising=False)


def make_plan(workspace: Workspace, preset: Preset = TINY, **changed: Any) -> TrainingPlan:
    return TrainingPlan((preset,), tracking_uri=workspace.tracking_uri, **changed)


def run(
    workspace: Workspace,
    plan: TrainingPlan,
    listen: Callable[[Event], None] = lambda _: None,
    data: str = "films.csv",
    **asked: Any,
) -> Trained:
    said: list[str] = []
    corpus = open_corpus(workspace.folder / data)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(workspace.folder)
        report = train_preset(plan, corpus, Control(said.append, listen), **asked)
    return Trained(workspace, report, workspace.client.get_run(report.run_id), said)


def last_run(workspace: Workspace, name: str) -> Run:
    (found,) = (run for run in workspace.runs() if run.data.tags["mlflow.runName"] == name)
    return found


@pytest.fixture(scope="module")
def trained(workspace: Workspace) -> Trained:
    """Train with the last epoch's weights, read test and write the bundle to a folder."""
    directory = workspace.folder / "bundle"
    plan = make_plan(workspace, n_epochs=N_EPOCHS)
    return run(workspace, plan, reads_test=True, directory=directory)


@pytest.fixture(scope="module")
def best(workspace: Workspace, trained: Trained) -> Trained:
    """Train the same with the best epoch's weights, and leave test alone."""
    return run(workspace, make_plan(workspace, n_epochs=N_EPOCHS, weights=Weights.BEST))


def test_the_run_says_what_was_trained(trained: Trained) -> None:
    assert trained.run.info.status == "FINISHED"
    tags = trained.run.data.tags
    assert tags["mlflow.runName"] == "tiny on films"
    assert {key: tags[key] for key in ("kind", "preset", "seed", "epochs", "corpus")} == {
        "kind": "training", "preset": "tiny", "seed": "0", "epochs": "8", "corpus": "films",
    }  # fmt: skip
    expected = {key: str(value) for key, value in TINY.hyperparameters.items()}
    assert trained.run.data.params == expected


def test_every_epoch_is_recorded_at_its_step(trained: Trained) -> None:
    for metric in ("train_loss", "val_loss", "train_accuracy", "val_accuracy", "f1_macro"):
        assert sorted(trained.by_epoch(f"epoch/{metric}")) == list(range(1, N_EPOCHS + 1))
    losses = trained.by_epoch("epoch/val_loss")
    assert list(losses.values()) == list(trained.report.training.curves.val_loss)


def test_the_run_has_the_files_of_a_trial(trained: Trained) -> None:
    run_id = trained.run.info.run_id
    assert {"history.csv", "labels.csv", "model", "model_summary.txt", "plots", "data.json",
            "audit.json", "environment.json"} <= trained.workspace.artifacts(run_id)  # fmt: skip
    assert "plots/learning_curves.png" in trained.workspace.artifacts(run_id, "plots")
    history = trained.workspace.artifact(run_id, "history.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(history.splitlines()))
    assert [float(row["val_loss"]) for row in rows] == list(trained.report.training.curves.val_loss)


def test_the_last_epoch_counts_unless_the_best_was_asked_for(trained: Trained) -> None:
    losses = trained.by_epoch("epoch/val_loss")
    # Else the two could not be told apart.
    assert losses[N_EPOCHS] > min(losses.values())
    assert trained.run.data.metrics["val_loss"] == pytest.approx(losses[N_EPOCHS])


def test_the_best_epoch_counts_where_it_was_asked_for(best: Trained) -> None:
    losses = best.by_epoch("epoch/val_loss")
    assert best.run.data.metrics["val_loss"] == pytest.approx(min(losses.values()))
    assert len(losses) == min(losses, key=lambda step: losses[step]) + 3
    assert best.run.data.tags["stopped"] == "early stop"


def test_the_kept_network_is_a_bundle_that_predicts_what_was_measured(trained: Trained) -> None:
    folder = trained.workspace.artifact(trained.run.info.run_id, "model")
    predictor = Predictor(folder)
    corpus = open_corpus("films.csv")
    split = split_corpus(corpus, seed=0)
    probabilities = predictor.predict_probabilities([corpus.texts[row] for row in split.validation])
    labels = corpus.labels[split.validation]
    assert log_loss(labels.ravel(), probabilities.ravel().astype(float)) == pytest.approx(
        trained.run.data.metrics["val_loss"], abs=1e-5
    )
    assert predictor.bundle.label_names == tuple(WORDS)
    assert predictor.bundle.origin["preset"] == "tiny"


def test_the_test_split_is_measured_when_asked_for_and_that_is_written_down(
    trained: Trained,
) -> None:
    corpus = open_corpus("films.csv")
    split = split_corpus(corpus, seed=0)
    predictor = Predictor(trained.workspace.folder / "bundle")
    texts = [corpus.texts[row] for row in split.test]
    probabilities = predictor.predict_probabilities(texts).astype(float)
    labels = corpus.labels[split.test]
    tested = trained.report.test_metrics
    assert tested["loss"] == pytest.approx(log_loss(labels.ravel(), probabilities.ravel()))
    right = accuracy_score(labels.ravel(), probabilities.ravel() >= 0.5)
    assert tested["accuracy"] == pytest.approx(right)
    assert trained.run.data.metrics["test/loss"] == tested["loss"]
    assert trained.run.data.tags["test_read"] == "once, by the network of this run"
    assert predictor.bundle.metrics["test"] == tested


def test_the_test_split_is_left_alone_otherwise(best: Trained) -> None:
    assert best.report.test_metrics == {}
    assert "test_read" not in best.run.data.tags
    assert not [name for name in best.run.data.metrics if name.startswith("test")]


def test_the_folder_has_the_bundle_of_the_run(trained: Trained) -> None:
    kept = trained.workspace.artifact(trained.run.info.run_id, "model")
    folder = trained.workspace.folder / "bundle"
    assert {path.name for path in folder.iterdir()} == {path.name for path in kept.iterdir()}
    assert np.array_equal(
        Predictor(folder).predict_probabilities(["love kiss"]),
        Predictor(kept).predict_probabilities(["love kiss"]),
    )


def test_a_folder_that_is_there_is_refused_before_anything_is_trained(trained: Trained) -> None:
    n_runs = len(trained.workspace.runs())
    folder, uri = trained.workspace.folder, trained.workspace.tracking_uri
    with pytest.raises(ExportError, match="bundle"):
        train(TINY, folder / "films.csv", export=folder / "bundle", tracking_uri=uri)
    assert len(trained.workspace.runs()) == n_runs


@pytest.mark.parametrize(
    ("error", "status"),
    [
        pytest.param(KeyboardInterrupt, "KILLED", id="interrupt"),
        pytest.param(OSError, "FAILED", id="error"),
    ],
)
def test_no_run_stays_open_whatever_ends_the_training(
    workspace: Workspace, error: type[BaseException], status: str
) -> None:
    def listen(_event: Event) -> None:
        raise error

    name = f"broken by {error.__name__}"
    with pytest.raises(error):
        run(workspace, make_plan(workspace, replace(TINY, name=name)), listen)
    assert last_run(workspace, f"{name} on films").info.status == status


def test_the_run_that_mlflow_run_made_is_taken_and_a_preset_adapts_its_outputs(
    mlflow_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = make_workspace(tmp_path, mlflow_database)
    write_reviews(tmp_path / "reviews.csv")
    monkeypatch.chdir(tmp_path)
    # Not the default experiment: its artifacts would lie in the folder of whoever runs the tests.
    experiment = workspace.client.create_experiment("own", str(tmp_path / "artifacts"))
    given = workspace.client.create_run(experiment).info.run_id
    monkeypatch.setenv("MLFLOW_RUN_ID", given)
    preset = replace(TINY, n_labels=82, n_parameters=9_999, n_epochs=1)
    trained = run(workspace, make_plan(workspace, preset), data="reviews.csv")
    assert [found.info.run_id for found in workspace.runs()] == [given]
    assert trained.report.run_id == given
    assert trained.run.info.status == "FINISHED"
    assert trained.run.data.tags["mlflow.runName"] == "tiny on reviews"
    assert (
        "tiny was made for 82 outputs, reviews needs 1 output: only the output layer changes"
        in trained.said
    )
    # 8 weights a word of the corpus and its two reserved ids, 8·(8+8+1) of the cell, 8+1 of the
    # one output.
    words = workspace.artifact(given, "model/members/tiny/vocabulary.txt").read_text()
    n_words = len(words.split())
    assert trained.run.data.metrics["parameters"] == 8 * (n_words + 2) + 136 + 9


def test_a_preset_of_as_many_outputs_says_nothing(trained: Trained) -> None:
    assert "was made for" not in " ".join(trained.said)
