import json
import math
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from search.export.bundle import read_bundle
from search.export.predictor import Predictor
from search.metrics.losses import cross_entropy
from search.metrics.matrices import Probabilities
from search.study.ending import Ending
from search.study.session import Session
from search.study.stages.baselines import fit_baselines, read_rival
from search.tracking.mlflow_tracker import MlflowRecord
from search.trial.baseline import LINEAR, Baseline
from search.trial.control import Control
from tests.films import FILLER, WORDS, write_films
from tests.study.opened import open_study
from tests.workspace import Workspace, make_workspace

FILE = "model/validation_probabilities.npz"
ROUNDING = 1e-3
"""Relative error of half precision."""
FIT_METRICS = ("strength", "n_words", "parameters", "milliseconds_per_text", "seconds")
FITTING = f"baseline: fitting {LINEAR}"


@pytest.fixture
def workspace(tmp_path: Path, mlflow_database: Path) -> Workspace:
    workspace = make_workspace(tmp_path, mlflow_database)
    write_films(workspace.folder / "films.csv")
    return workspace


def fit_and_listen(session: Session) -> tuple[Probabilities, bool]:
    """Fit or find a study's baselines; tell whether the linear one was fitted for it."""
    said: list[str] = []
    assert fit_baselines(session, Control(said.append)) is None
    probabilities = read_rival(session)
    assert probabilities is not None
    return probabilities, FITTING in said


def linear(session: Session) -> Baseline:
    (found,) = (entry for entry in session.stored.baselines if entry.name == LINEAR)
    return found


def linear_run(session: Session) -> MlflowRecord:
    return session.server.record(linear(session).run_id)


def linear_bundle(session: Session, directory: Path) -> Path:
    return linear_run(session).download("model", directory)


def _drop(run: MlflowRecord) -> None:
    run.drop(FILE)


def _empty(run: MlflowRecord) -> None:
    run.file(FILE, b"")


def _cut(run: MlflowRecord) -> None:
    run.file(FILE, b"PK\x03\x04 and no more")


def _drop_bundle(run: MlflowRecord) -> None:
    run.drop("model")


def _damage_bundle(run: MlflowRecord) -> None:
    run.file("model/bundle.json", b"{")


def _mask_otherwise(run: MlflowRecord) -> None:
    """Let the bundle mask a name that the others do not mask."""
    with tempfile.TemporaryDirectory() as directory:
        facts = json.loads(run.download("model/bundle.json", Path(directory)).read_text())
    run.file("model/bundle.json", json.dumps(facts | {"masked_names": ["Crime"]}).encode())


def test_a_fitted_baseline_has_its_strength_words_and_seconds_as_metrics(
    workspace: Workspace,
) -> None:
    session = open_study(workspace, "first")
    _, is_fitted = fit_and_listen(session)
    assert is_fitted
    metrics = linear(session).metrics
    # The words of the films; each text's number is on that text alone.
    assert metrics["n_words"] == len(FILLER.split()) + sum(len(w.split()) for w in WORDS.values())
    # The strength is 4 times a power of two.
    assert math.log2(metrics["strength"]).is_integer()
    assert 0 < metrics["seconds"] < 60
    # A word has a weight of its own and one a label; each of the four labels has an intercept.
    assert metrics["parameters"] == metrics["n_words"] * (1 + 4) + 4
    assert 0 < metrics["milliseconds_per_text"] < 1000 * metrics["seconds"]
    recorded = workspace.client.get_run(linear_run(session).run_id).data.metrics
    for name in FIT_METRICS:
        assert recorded[name] == metrics[name], name


def test_a_study_reads_its_own_baseline_again(workspace: Workspace) -> None:
    session = open_study(workspace, "first")
    fitted, _ = fit_and_listen(session)
    before = session.stored.results
    read, is_fitted = fit_and_listen(session)
    assert not is_fitted
    assert np.array_equal(read, fitted)
    assert session.stored.results == before


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(_drop, id="dropped"),
        pytest.param(_empty, id="empty"),
        pytest.param(_cut, id="cut"),
        pytest.param(_drop_bundle, id="without its bundle"),
        pytest.param(_damage_bundle, id="with a damaged bundle"),
        pytest.param(_mask_otherwise, id="masking other names"),
    ],
)
def test_every_other_study_on_the_split_is_tried_until_one_can_be_read(
    workspace: Workspace, damage: Callable[[MlflowRecord], None]
) -> None:
    first, second, third = (open_study(workspace, name) for name in ("a", "b", "c"))
    fitted, _ = fit_and_listen(first)
    fit_and_listen(second)
    damage(linear_run(first))
    taken_over, is_fitted = fit_and_listen(third)
    assert not is_fitted
    assert np.array_equal(taken_over, fitted)
    theirs, own = linear(first), linear(third)
    assert own.run_id != theirs.run_id
    assert own.metrics == theirs.metrics
    assert set(FIT_METRICS) <= set(own.metrics)


@pytest.mark.parametrize("damage", [_drop, _drop_bundle])
def test_where_none_can_be_read_it_is_fitted_again(
    workspace: Workspace, damage: Callable[[MlflowRecord], None]
) -> None:
    first, second = open_study(workspace, "a"), open_study(workspace, "b")
    fit_and_listen(first)
    damage(linear_run(first))
    for session in (second, first):
        before = session.store.find("a").results
        _, is_fitted = fit_and_listen(session)
        # Then the first study borrows from the second.
        assert is_fitted is (session is second)
        assert (session.store.find("a").results != before) is (session is first)


def test_the_bundle_predicts_what_was_measured_and_is_copied_when_borrowed(
    workspace: Workspace, tmp_path: Path
) -> None:
    first, second = open_study(workspace, "a"), open_study(workspace, "b")
    probabilities, _ = fit_and_listen(first)
    fit_and_listen(second)
    (tmp_path / "own").mkdir()
    (tmp_path / "borrowed").mkdir()
    own = linear_bundle(first, tmp_path / "own")
    borrowed = linear_bundle(second, tmp_path / "borrowed")
    assert read_bundle(borrowed) == read_bundle(own)
    divided = first.setup.divided
    predictor = Predictor(borrowed)
    texts = [divided.corpus.texts[row] for row in divided.split.validation]
    predicted = predictor.predict_probabilities(texts)
    assert predicted == pytest.approx(probabilities, rel=ROUNDING)
    bundle = predictor.bundle
    (member,) = bundle.members
    assert (member.kind, member.name, member.folder) == ("linear", LINEAR, "linear")
    assert member.hyperparameters == {"strength": linear(first).metrics["strength"]}
    measured = bundle.metrics["validation"]
    assert measured["loss"] == pytest.approx(linear(first).metrics["val_loss"])
    assert len(bundle.thresholds) == len(bundle.label_names)
    assert (bundle.origin["study"], bundle.origin["data_sha256"]) == ("a", divided.corpus.sha256)


def test_a_study_on_another_split_has_a_baseline_of_its_own(workspace: Workspace) -> None:
    first, second = open_study(workspace, "a"), open_study(workspace, "b", seed=1)
    fit_and_listen(first)
    probabilities, is_fitted = fit_and_listen(second)
    assert is_fitted
    corpus, split = second.setup.corpus, second.setup.divided.split
    loss = cross_entropy(probabilities, corpus.labels[split.validation])
    assert linear(second).metrics["val_loss"] == pytest.approx(loss, rel=ROUNDING)


def test_a_fit_that_time_cuts_off_leaves_nothing_and_is_made_anew(workspace: Workspace) -> None:
    session = open_study(workspace, "first")
    looks = iter([False] * 5)
    # Four labels: over in the second strength that is tried.
    ending = fit_baselines(session, Control(is_interrupted=lambda: next(looks, True)))
    assert ending is Ending.TIMEOUT
    assert session.stored.baselines == ()
    assert workspace.child_runs("first", "baseline") == []
    _, is_fitted = fit_and_listen(session)
    assert is_fitted


def test_a_baseline_that_is_there_is_read_when_time_is_over(workspace: Workspace) -> None:
    session = open_study(workspace, "first")
    fitted, _ = fit_and_listen(session)
    assert fit_baselines(session, Control(deadline=0.0)) is None
    read = read_rival(session)
    assert read is not None and np.array_equal(read, fitted)
