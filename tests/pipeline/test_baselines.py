import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from search.engines.store import BASELINES
from search.metrics.losses import cross_entropy
from search.metrics.matrices import Probabilities
from search.pipeline.baselines import open_baselines
from search.pipeline.opened import OpenStudy
from search.report.baseline import LINEAR
from search.tracking.mlflow_tracker import MlflowRecord
from tests.films import FILLER, WORDS, write_films
from tests.pipeline.opened import open_study
from tests.workspace import Workspace, make_workspace

FILE = "validation_probabilities.npz"
FACTS = ("strength", "n_words", "seconds")
FITTING = f"baseline: fitting {LINEAR}"


@pytest.fixture
def workspace(tmp_path: Path, mlflow_database: Path) -> Workspace:
    workspace = make_workspace(tmp_path, mlflow_database)
    write_films(workspace.folder / "films.csv")
    return workspace


def open_and_listen(study: OpenStudy) -> tuple[Probabilities, bool]:
    """Open a study's baselines; tell whether the linear one was fitted for it."""
    said: list[str] = []
    probabilities = open_baselines(study, said.append, is_over=lambda: False)
    assert probabilities is not None
    return probabilities, FITTING in said


def linear_run(study: OpenStudy) -> MlflowRecord:
    return study.server.record(study.results[BASELINES][LINEAR]["run_id"])


def _drop(run: MlflowRecord) -> None:
    run.drop(FILE)


def _empty(run: MlflowRecord) -> None:
    run.file(FILE, b"")


def _cut(run: MlflowRecord) -> None:
    run.file(FILE, b"PK\x03\x04 and no more")


def test_a_fitted_baseline_has_its_strength_words_and_seconds_as_metrics(
    workspace: Workspace,
) -> None:
    study = open_study(workspace, "first")
    _, is_fitted = open_and_listen(study)
    assert is_fitted
    metrics = study.results[BASELINES][LINEAR]["metrics"]
    # The words of the films; each text's number is on that text alone.
    assert metrics["n_words"] == len(FILLER.split()) + sum(len(w.split()) for w in WORDS.values())
    # The strength is 4 times a power of two.
    assert math.log2(metrics["strength"]).is_integer()
    assert 0 < metrics["seconds"] < 60
    recorded = workspace.client.get_run(linear_run(study).run_id).data.metrics
    assert {name: recorded[name] for name in FACTS} == {name: metrics[name] for name in FACTS}


def test_a_study_reads_its_own_baseline_again(workspace: Workspace) -> None:
    study = open_study(workspace, "first")
    fitted, _ = open_and_listen(study)
    before = study.results
    read, is_fitted = open_and_listen(study)
    assert not is_fitted
    assert np.array_equal(read, fitted)
    assert study.results == before


@pytest.mark.parametrize("damage", [_drop, _empty, _cut])
def test_every_other_study_on_the_split_is_tried_until_one_can_be_read(
    workspace: Workspace, damage: Callable[[MlflowRecord], None]
) -> None:
    first, second, third = (open_study(workspace, name) for name in ("a", "b", "c"))
    fitted, _ = open_and_listen(first)
    open_and_listen(second)
    damage(linear_run(first))
    taken_over, is_fitted = open_and_listen(third)
    assert not is_fitted
    assert np.array_equal(taken_over, fitted)
    theirs, own = (study.results[BASELINES][LINEAR] for study in (first, third))
    assert own["run_id"] != theirs["run_id"]
    assert own["metrics"] == theirs["metrics"]
    assert set(FACTS) <= set(own["metrics"])


def test_where_none_can_be_read_it_is_fitted_again(workspace: Workspace) -> None:
    first, second = open_study(workspace, "a"), open_study(workspace, "b")
    open_and_listen(first)
    _drop(linear_run(first))
    _, is_fitted = open_and_listen(second)
    assert is_fitted


def test_a_study_on_another_split_has_a_baseline_of_its_own(workspace: Workspace) -> None:
    first, second = open_study(workspace, "a"), open_study(workspace, "b", seed=1)
    open_and_listen(first)
    probabilities, is_fitted = open_and_listen(second)
    assert is_fitted
    corpus, split = second.prepared.divided.corpus, second.prepared.divided.split
    loss = cross_entropy(probabilities, corpus.labels[split.validation])
    assert second.results[BASELINES][LINEAR]["metrics"]["val_loss"] == pytest.approx(loss)


def test_a_fit_that_time_cuts_off_leaves_nothing_and_is_made_anew(workspace: Workspace) -> None:
    study = open_study(workspace, "first")
    looks = iter([False] * 5)
    # Four labels: over in the second strength that is tried.
    assert open_baselines(study, lambda _sentence: None, lambda: next(looks, True)) is None
    assert BASELINES not in study.results
    assert workspace.child_runs("first", "baseline") == []
    _, is_fitted = open_and_listen(study)
    assert is_fitted


def test_a_baseline_that_is_there_is_read_when_time_is_over(workspace: Workspace) -> None:
    study = open_study(workspace, "first")
    fitted, _ = open_and_listen(study)
    read = open_baselines(study, lambda _sentence: None, is_over=lambda: True)
    assert read is not None and np.array_equal(read, fitted)
