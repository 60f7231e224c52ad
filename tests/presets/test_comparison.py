"""Presets compared on a tiny corpus: who is trained when, on what, and what is recorded."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from mlflow.entities import Run
from sklearn.metrics import accuracy_score

from search.data.corpus import Corpus, open_corpus
from search.data.split.split import split_corpus
from search.presets.comparison import CompareReport, compare_presets
from search.presets.plan import TrainingPlan
from search.presets.training import train_preset
from search.report.comparison import format_markdown
from search.report.configurations import MEASURES
from search.space.preset import Preset
from search.trial.control import Control
from search.trial.events import EpochEnded, Event, TrialEnded, TrialStarted
from tests.films import write_films
from tests.trainings import TINY, WILD, write_reviews
from tests.workspace import FOREIGN, Workspace, make_workspace


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison, its runs, and what was said on the way."""

    workspace: Workspace
    report: CompareReport
    run: Run
    children: list[Run]
    """In the order in which they were begun."""
    events: list[Event]
    said: list[str]


@pytest.fixture(scope="module", autouse=True)
def _own_stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        # Artifacts of a new experiment go below the working folder.
        patch.chdir(tmp_path_factory.mktemp("artifacts"))
        for name in FOREIGN:
            patch.delenv(name, raising=False)
        yield


def open_data(workspace: Workspace, data: str = "films.csv") -> Corpus:
    return open_corpus(workspace.folder / data)


def run(
    workspace: Workspace,
    *presets: Preset,
    seeds: tuple[int, ...] = (0,),
    data: str = "films.csv",
    is_interrupted: bool = False,
) -> Compared:
    events: list[Event] = []
    said: list[str] = []
    plan = TrainingPlan(presets, seeds=seeds, tracking_uri=workspace.tracking_uri)
    control = Control(said.append, events.append, lambda: is_interrupted)
    report = compare_presets(plan, open_data(workspace, data), control)
    children = children_of(workspace, report.run_id)
    comparison = workspace.client.get_run(report.run_id)
    return Compared(workspace, report, comparison, children, events, said)


def children_of(workspace: Workspace, run_id: str) -> list[Run]:
    runs = [r for r in workspace.runs() if r.data.tags.get("mlflow.parentRunId") == run_id]
    return sorted(runs, key=lambda child: int(child.info.start_time))


def make(folder: Path, database: Path) -> Workspace:
    workspace = make_workspace(folder, database)
    write_films(workspace.folder / "films.csv")
    return workspace


@pytest.fixture(scope="module")
def compared(mlflow_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Compared:
    """Compare a network with one that diverges, with two seeds."""
    workspace = make(tmp_path_factory.mktemp("compared"), mlflow_database)
    return run(workspace, TINY, WILD, seeds=(3, 1))


def test_configurations_take_turns_seed_by_seed(compared: Compared) -> None:
    begun = [event.name for event in compared.events if isinstance(event, TrialStarted)]
    assert begun == ["tiny, seed 3", "wild, seed 3", "tiny, seed 1", "wild, seed 1"]
    ended = [event for event in compared.events if isinstance(event, TrialEnded)]
    assert [event.number for event in ended] == [0, 1, 2, 3]
    assert [event.state.value for event in ended] == ["COMPLETE", "FAIL"] * 2


def test_every_training_has_a_run_below_that_of_the_comparison(compared: Compared) -> None:
    assert compared.run.info.status == "FINISHED"
    tags = compared.run.data.tags
    assert (tags["kind"], tags["compared"], tags["seeds"]) == ("comparison", "tiny, wild", "3, 1")
    names = [child.data.tags["mlflow.runName"] for child in compared.children]
    assert names == ["tiny, seed 3", "wild, seed 3", "tiny, seed 1", "wild, seed 1"]
    assert {child.data.tags["kind"] for child in compared.children} == {"training"}
    assert [child.data.tags["seed"] for child in compared.children] == ["3", "3", "1", "1"]
    assert len(compared.workspace.runs()) == 5


def test_a_run_has_what_a_trial_has_but_no_network(compared: Compared) -> None:
    child = compared.children[0]
    expected = {key: str(value) for key, value in TINY.hyperparameters.items()}
    assert child.data.params == expected
    history = compared.workspace.client.get_metric_history(child.info.run_id, "epoch/val_loss")
    assert [entry.step for entry in history] == [1, 2]
    files = compared.workspace.artifacts(child.info.run_id)
    assert {"history.csv", "labels.csv", "plots", "model_summary.txt"} <= files
    assert "model" not in files
    assert child.data.tags["mlflow.note.content"] == TINY.description


def test_a_training_that_diverges_is_a_row_and_the_others_go_on(compared: Compared) -> None:
    assert [child.info.status for child in compared.children] == ["FINISHED", "FAILED"] * 2
    _, wild = compared.report.comparison.rows
    assert wild.name == "wild"
    assert wild.verdict == "diverged"
    assert wild.mean("val_loss") is None
    assert "traceback.txt" in compared.workspace.artifacts(compared.children[1].info.run_id)


def test_a_row_averages_what_the_runs_of_its_seeds_have(compared: Compared) -> None:
    tiny, _ = compared.report.comparison.rows
    metrics = [child.data.metrics for child in compared.children[::2]]
    for measure in MEASURES:
        # A trial's accuracy on validation is recorded without a prefix.
        name = "accuracy" if measure == "val_accuracy" else measure
        values = [values[name] for values in metrics]
        assert tiny.mean(measure) == pytest.approx(np.mean(values)), measure
        assert tiny.spread(measure) == pytest.approx(np.std(values, ddof=1)), measure
    assert tiny.parameters == metrics[0]["parameters"]
    assert metrics[0]["val_loss"] != metrics[1]["val_loss"]


def test_all_are_trained_on_the_split_of_the_first_seed(compared: Compared) -> None:
    corpus = open_corpus(str(compared.workspace.folder / "films.csv"))
    split = split_corpus(corpus, seed=3)
    assert compared.run.data.tags["split_sha256"] == split.sha256
    # Each label is on about half of the films: what most of train has depends on the split.
    most = np.tile(corpus.labels[split.train].mean(axis=0) > 0.5, (len(split.validation), 1))
    expected = accuracy_score(corpus.labels[split.validation].ravel(), most.ravel())
    assert compared.report.comparison.trivial_accuracy == pytest.approx(expected)


def test_the_first_seed_comes_to_what_a_training_with_that_seed_comes_to(
    compared: Compared,
) -> None:
    workspace = compared.workspace
    plan = TrainingPlan(
        (TINY,), seeds=(3,), experiment="apart", tracking_uri=workspace.tracking_uri
    )
    alone = train_preset(plan, open_data(workspace), Control())
    first = compared.children[0].data.metrics["val_loss"]
    assert alone.training.metrics["val_loss"] == pytest.approx(first, abs=1e-5)


def test_the_comparison_has_its_table_in_three_forms_and_the_picture(compared: Compared) -> None:
    workspace, run_id = compared.workspace, compared.run.info.run_id
    files = workspace.artifacts(run_id)
    assert {"comparison.csv", "comparison.md", "comparison.json", "data.json", "audit.html",
            "environment.json"} <= files  # fmt: skip
    assert workspace.artifacts(run_id, "plots") == {"plots/comparison.png"}
    written = format_markdown(compared.report.comparison)
    assert workspace.artifact(run_id, "comparison.md").read_text(encoding="utf-8") == written
    assert compared.run.data.tags["mlflow.note.content"] == written
    text = workspace.artifact(run_id, "comparison.json").read_text(encoding="utf-8")
    trainings = [training for row in json.loads(text)["rows"] for training in row["trainings"]]
    assert {training["run_id"] for training in trainings} == {
        child.info.run_id for child in compared.children
    }


def test_an_interrupt_at_once_ends_both_runs_as_killed(
    mlflow_database: Path, tmp_path: Path
) -> None:
    workspace = make(tmp_path, mlflow_database)

    def listen(event: Event) -> None:
        if isinstance(event, EpochEnded):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        plan = TrainingPlan((TINY,), tracking_uri=workspace.tracking_uri)
        compare_presets(plan, open_data(workspace), Control(listen=listen))
    assert [found.info.status for found in workspace.runs()] == ["KILLED", "KILLED"]


def test_the_run_that_mlflow_run_made_is_taken(
    mlflow_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = make_workspace(tmp_path, mlflow_database)
    write_reviews(tmp_path / "reviews.csv")
    # Not the default experiment: its artifacts would lie in the folder of whoever runs the tests.
    experiment = workspace.client.create_experiment("own", str(tmp_path / "artifacts"))
    given = workspace.client.create_run(experiment).info.run_id
    monkeypatch.setenv("MLFLOW_RUN_ID", given)
    preset = replace(TINY, n_labels=82, n_parameters=9_999)
    compared = run(workspace, preset, data="reviews.csv", is_interrupted=True)
    assert compared.report.run_id == given
    assert compared.run.info.status == "KILLED"
    assert compared.run.data.tags["mlflow.runName"] == "comparison on reviews"
    assert compared.report.comparison.rows == ()
    # Of 60 texts every other is 1; the split decides which has one more in train.
    assert compared.report.comparison.trivial in ("“0” for every text", "“1” for every text")
    assert any("tiny was made for 82 outputs" in sentence for sentence in compared.said)


@pytest.mark.parametrize(
    ("shares", "n_validation"),
    [
        pytest.param((0.3, 0.3), 15, id="agree"),
        pytest.param((0.3, 0.2), 6, id="differ"),
    ],
)
def test_validation_is_as_large_as_the_presets_want_it_where_they_agree(
    shares: tuple[float, float],
    n_validation: int,
    mlflow_database: Path,
    tmp_path: Path,
) -> None:
    workspace = make_workspace(tmp_path, mlflow_database)
    path = write_reviews(tmp_path / "reviews.csv")
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    sides = ["test" if place < 10 else "train" for place in range(len(rows))]
    lines = [f"{head},split", *(f"{row},{side}" for row, side in zip(rows, sides, strict=True))]
    path.write_text("\n".join(lines), encoding="utf-8")
    presets = [replace(TINY, name=str(i), validation_share=s) for i, s in enumerate(shares)]
    compared = run(workspace, *presets, data="reviews.csv", is_interrupted=True)
    corpus = open_corpus(str(path))
    share = shares[0] if shares[0] == shares[1] else None
    split = split_corpus(corpus, seed=0, validation_share=share)
    assert split.validation.size == n_validation
    assert compared.run.data.tags["split_sha256"] == split.sha256
    is_said = any("different shares for validation" in sentence for sentence in compared.said)
    assert is_said == (shares[0] != shares[1])


def test_the_more_frequent_class_is_what_asks_nothing_of_a_network(
    mlflow_database: Path, tmp_path: Path
) -> None:
    workspace = make_workspace(tmp_path, mlflow_database)
    rows = [f"film number {i} of that year,{int(i % 4 > 0)}" for i in range(80)]
    (tmp_path / "kind.csv").write_text("\n".join(["text,label", *rows]) + "\n", encoding="utf-8")
    comparison = run(workspace, TINY, data="kind.csv", is_interrupted=True).report.comparison
    assert comparison.trivial == "“1” for every text"
    assert comparison.trivial_accuracy == pytest.approx(0.75)


def test_rare_labels_are_best_not_predicted(mlflow_database: Path, tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, mlflow_database)
    rows = [
        f'film number {i} of that year,"{("War", "Love", "Crime")[i % 3]}|X"' for i in range(90)
    ]
    rows = [row.replace("|X", "|Noir" if i % 6 == 0 else "") for i, row in enumerate(rows)]
    (tmp_path / "rare.csv").write_text("\n".join(["text,label", *rows]) + "\n", encoding="utf-8")
    comparison = run(workspace, TINY, data="rare.csv", is_interrupted=True).report.comparison
    # Three labels on a third of the films each, one on a sixth.
    assert comparison.trivial == "no label at all"
    assert comparison.trivial_accuracy == pytest.approx(1 - 7 / 24, abs=0.05)
