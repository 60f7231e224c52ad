"""A study on texts that each have exactly one of four classes, from its search to a prediction."""

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix, log_loss

from search.data.corpus import Corpus, open_corpus
from search.data.split.split import Split, split_corpus
from search.export.bundle import read_bundle
from search.export.predictor import Predictor
from search.metrics.task import Task
from tests.films import FILLER, WORDS
from tests.study.small import SPACE
from tests.workspace import Finished, Workspace, make_workspace

SEARCH = ("search", "--data", "topics.csv", "--space", "small.yaml", "--epochs", "2")
TEXT = "the detective and the killer"


def write_topics(path: Path, *, n_texts: int = 160) -> Path:
    """Write texts with words of one class and, in one of four texts, of another one too."""
    dice = np.random.default_rng(0)
    names = list(WORDS)
    rows = ["text,topic"]
    for number in range(n_texts):
        name = names[min(number % 6, 3)]
        shown = [name, *([names[number % 4]] if number % 4 == 3 else [])]
        words = [*dice.choice(FILLER.split(), 8), f"n{number}"]
        for label in shown:
            words += dice.choice(WORDS[label].split(), 3).tolist()
        rows.append(f"{' '.join(words)},{name}")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@dataclass(frozen=True, slots=True)
class Searched:
    """The study after its search and its export."""

    workspace: Workspace
    search: Finished
    export: Finished
    corpus: Corpus
    split: Split

    @property
    def name(self) -> str:
        return self.workspace.store.find("latest").name

    @property
    def predictor(self) -> Predictor:
        return Predictor(self.workspace.folder / "winner")

    def list_texts(self, side: str) -> list[str]:
        return [self.corpus.texts[row] for row in getattr(self.split, side)]


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory, mlflow_database: Path) -> Searched:
    workspace = make_workspace(tmp_path_factory.mktemp("choice"), mlflow_database)
    path = write_topics(workspace.folder / "topics.csv")
    space = SPACE + "  training_loss: {type: categorical, choices: [cross_entropy, focal]}\n"
    (workspace.folder / "small.yaml").write_text(space, encoding="utf-8")
    finished = workspace.run(*SEARCH, "--trials", "2")
    assert finished.code == 0, finished.err
    exported = workspace.run("best", "--winner", "network", "--export", "winner")
    assert exported.code == 0, exported.err
    corpus = open_corpus(path)
    return Searched(workspace, finished, exported, corpus, split_corpus(corpus, seed=0))


def list_rows(searched: Searched) -> list[dict[str, Any]]:
    printed = searched.workspace.run("trials", "--format", "json")
    rows: list[dict[str, Any]] = json.loads(printed.out)
    return rows


def test_its_trials_are_complete_and_ranked_with_both_baselines(searched: Searched) -> None:
    assert searched.corpus.task is Task.MULTICLASS
    rows = list_rows(searched)
    trials = [row for row in rows if row["number"] is not None]
    assert [row["state"] for row in trials] == ["COMPLETE"] * 2
    assert len(rows) == 4
    assert "one of 4 classes for each text" in " ".join(searched.search.err.split())


def test_it_has_no_target_and_is_marked_by_its_task(searched: Searched) -> None:
    settings = searched.workspace.store.find("latest").settings
    assert settings.target is None
    assert settings.fingerprint.task == "multiclass"
    assert "target" not in searched.search.out.lower()


def test_the_baselines_are_those_of_one_choice(searched: Searched) -> None:
    priors, linear = searched.workspace.store.find("latest").baselines
    counts = searched.corpus.labels[searched.split.train].sum(axis=0) + 0.5
    true = searched.corpus.labels[searched.split.validation].argmax(axis=1)
    rows = np.tile(counts / counts.sum(), (len(true), 1))
    loss = log_loss(true, rows, labels=[0, 1, 2, 3])
    assert priors.metrics["val_loss"] == pytest.approx(loss, rel=1e-5)
    assert linear.metrics["val_loss"] < 0.7 * loss
    assert linear.metrics["accuracy"] > priors.metrics["accuracy"]


def test_every_run_has_the_confusions_and_none_has_thresholds(searched: Searched) -> None:
    workspace = searched.workspace
    baselines = workspace.child_runs(searched.name, "baseline")
    runs = [*workspace.trial_runs(searched.name), *baselines]
    assert len(runs) == 4
    for run in runs:
        files = workspace.artifacts(run.info.run_id)
        assert "confusion.csv" in files
        assert "thresholds.json" not in files
        assert "plots/confusion.png" in workspace.artifacts(run.info.run_id, "plots")


def test_the_confusions_of_the_winner_are_scikit_learns(searched: Searched) -> None:
    number = searched.predictor.bundle.origin["trial"]
    run = searched.workspace.trial_runs(searched.name)[number]
    content = searched.workspace.artifact(run.info.run_id, "confusion.csv").read_text("utf-8")
    _, *rows = csv.reader(io.StringIO(content))
    true = searched.corpus.labels[searched.split.validation].argmax(axis=1)
    probabilities = searched.predictor.predict_probabilities(searched.list_texts("validation"))
    theirs = confusion_matrix(true, probabilities.argmax(axis=1), labels=[0, 1, 2, 3])
    assert [[int(count) for count in row[1:]] for row in rows] == theirs.tolist()


def test_the_bundle_has_the_loss_of_its_trial_and_the_measures_of_test(searched: Searched) -> None:
    bundle = read_bundle(searched.workspace.folder / "winner")
    assert (bundle.task, bundle.thresholds) == (Task.MULTICLASS, ())
    for side in ("validation", "test"):
        true = searched.corpus.labels[getattr(searched.split, side)].argmax(axis=1)
        found = searched.predictor.predict_probabilities(searched.list_texts(side))
        rows = found.astype(np.float64) / found.sum(axis=1, keepdims=True, dtype=np.float64)
        loss = log_loss(true, rows, labels=[0, 1, 2, 3])
        assert bundle.metrics[side]["loss"] == pytest.approx(loss, abs=1e-5), side
        accuracy = accuracy_score(true, rows.argmax(axis=1))
        assert bundle.metrics[side]["accuracy"] == pytest.approx(accuracy), side
    assert "accuracy" in searched.export.out
    assert "top_3_accuracy" in searched.export.out
    assert "test (read now, once)" in searched.export.out


def test_exactly_one_label_is_predicted(searched: Searched) -> None:
    arguments = ("predict", "--model", "winner", "--format", "json", TEXT, "love kiss", "unheard")
    finished = searched.workspace.run(*arguments)
    assert finished.code == 0, finished.err
    for line in finished.out.splitlines():
        labels = json.loads(line)["labels"]
        assert {label["label"] for label in labels} == set(WORDS)
        assert [label["predicted"] for label in labels] == [True, False, False, False]
        assert sum(label["probability"] for label in labels) == pytest.approx(1.0, abs=1e-5)
    printed = searched.workspace.run("predict", "--model", "winner", TEXT).out
    assert [line.startswith("*") for line in printed.splitlines()] == [True, *[False] * 3]


def test_the_same_command_finds_the_study_again(searched: Searched) -> None:
    again = searched.workspace.run(*SEARCH, "--trials", "2")
    assert again.code == 0, again.err
    assert f"study {searched.name} is done already" in " ".join(again.err.split())


def test_the_same_file_as_several_labels_is_another_study(searched: Searched) -> None:
    before = len(searched.workspace.runs())
    described = searched.workspace.run(*SEARCH, "--task", "multilabel", "--dry-run", "yes")
    assert described.code == 0, described.err
    assert searched.name.startswith("topics-small-")
    (line,) = (line for line in described.out.splitlines() if line.startswith("study: "))
    assert line.startswith("study: topics-small-")
    assert searched.name not in line
    assert len(searched.workspace.runs()) == before
    # Under the name of this study it would be a study of something else.
    named = ("--study", searched.name, "--task", "multilabel", "--trials", "3")
    refused = searched.workspace.run(*SEARCH, *named)
    assert refused.code == 1
    assert "task was multiclass, is None" in " ".join(refused.err.split())


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("search", "--space", "asymmetric.yaml", "--trials", "1"), id="search"),
        pytest.param(("train", "--params", "preset.yaml"), id="train"),
    ],
)
def test_a_loss_of_independent_labels_is_refused_before_anything_is_made(
    searched: Searched, arguments: tuple[str, ...]
) -> None:
    folder, before = searched.workspace.folder, len(searched.workspace.runs())
    space = SPACE + "  training_loss: asymmetric\n"
    (folder / "asymmetric.yaml").write_text(space.replace("small", "mine"), encoding="utf-8")
    preset = {
        "name": "mine",
        "hyperparameters": {"cell": "gru", "units_1": 4, "training_loss": "asymmetric"},
        "training": {"epochs": 1},
    }
    (folder / "preset.yaml").write_text(json.dumps(preset), encoding="utf-8")
    refused = searched.workspace.run(*arguments, "--data", "topics.csv")
    assert refused.code == 1
    message = " ".join(refused.err.split())
    for part in ("mine", "cross_entropy or focal", "asymmetric"):
        assert part in message
    assert "Traceback" not in message
    assert len(searched.workspace.runs()) == before
