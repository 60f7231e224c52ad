import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search.data.corpus import Corpus, open_corpus
from search.data.split.split import Split, split_corpus
from search.errors import ExportError
from search.export.bundle import read_bundle
from search.export.predictor import Predictor
from search.metrics.losses import cross_entropy
from search.study.export import ExportReport, export_candidate
from search.study.places import Places
from search.trial.baseline import LINEAR
from search.trial.candidate import SealedReading
from tests.stages import Stage

Readings = Mapping[str, SealedReading]


def test_the_winner_is_written_as_a_bundle(exported: Stage) -> None:
    assert exported.finished.code == 0, exported.finished.err
    bundle = read_bundle(exported.workspace.folder / "winner")
    assert bundle.origin["study"] == exported.study
    assert bundle.origin["trial"] == _winner(exported)["number"]
    (member,) = bundle.members
    assert (member.kind, member.folder) == ("network", f"trial-{_winner(exported)['number']}")
    assert dict(member.hyperparameters) == _winner(exported)["hyperparameters"]
    assert set(bundle.metrics) == {"validation", "test"}
    assert bundle.label_names == _corpus(exported).label_names


def test_the_bundle_has_the_validation_loss_that_was_recorded(exported: Stage) -> None:
    corpus, split = _corpus(exported), _split(exported)
    predictor = Predictor(exported.workspace.folder / "winner")
    texts = [corpus.texts[row] for row in split.validation]
    loss = cross_entropy(predictor.predict_probabilities(texts), corpus.labels[split.validation])
    assert loss == pytest.approx(_winner(exported)["value"], abs=1e-6)


def test_the_test_loss_is_that_of_the_test_texts(exported: Stage) -> None:
    corpus, split = _corpus(exported), _split(exported)
    predictor = Predictor(exported.workspace.folder / "winner")
    probabilities = predictor.predict_probabilities([corpus.texts[row] for row in split.test])
    p = np.clip(probabilities.astype(np.float64), 1e-7, 1 - 1e-7)
    labels = corpus.labels[split.test]
    by_hand = -np.mean(labels * np.log(p) + (1 - labels) * np.log(1 - p))
    assert predictor.bundle.metrics["test"]["loss"] == pytest.approx(by_hand, abs=1e-6)


def test_the_test_result_is_recorded_in_both_stores(exported: Stage) -> None:
    measured = read_bundle(exported.workspace.folder / "winner").metrics["test"]
    run = exported.trial_runs[_winner(exported)["number"]]
    assert run.data.metrics["test/loss"] == pytest.approx(measured["loss"])
    names = [_winner(exported)["name"], LINEAR]
    assert exported.study_run.data.tags["test_read_for"] == ", ".join(names)
    readings = _readings(exported)
    assert [reading.name for reading in readings.values()] == names
    assert readings[_key(exported)].metrics == dict(measured)
    (baseline,) = [row for row in exported.baselines if row["name"] == LINEAR]
    of_baseline = exported.workspace.client.get_run(baseline["run_id"]).data.metrics
    assert of_baseline["test/loss"] == readings[f"1 {baseline['run_id']}"].metrics["loss"]


def test_a_loss_on_test_has_the_interval_of_its_mean(exported: Stage) -> None:
    for reading in _readings(exported).values():
        metrics = reading.metrics
        assert metrics["loss_low"] < metrics["loss"] < metrics["loss_high"]


def test_a_second_export_gives_the_number_of_the_first(exported: Stage, tmp_path: Path) -> None:
    # A number that no reading of the test split would give.
    with _other_readings(exported, {_key(exported): SealedReading("it", {"loss": 123.0})}):
        report = _export(exported, tmp_path / "again")
        assert not report.is_test_read_now
        assert report.test_metrics == {"loss": 123.0}
        assert read_bundle(tmp_path / "again").metrics["test"] == {"loss": 123.0}


def test_test_is_not_read_for_another_trial_unless_that_is_asked_for(
    exported: Stage, tmp_path: Path
) -> None:
    other = SealedReading("#99 gru 8", {"loss": 123.0})
    with _other_readings(exported, {"1 abc": other}):
        with pytest.raises(ExportError, match="its test split was read for #99 gru 8") as raised:
            _export(exported, tmp_path / "again")
        assert "`again`" in raised.value.hint
        assert not (tmp_path / "again").exists()
        assert _export(exported, tmp_path / "again", again=True).is_test_read_now
        readings = _readings(exported)
        assert list(readings)[:2] == ["1 abc", _key(exported)]
        assert readings["1 abc"] == other
    tags = exported.workspace.study_run(exported.study).data.tags
    assert tags["test_read_for"].startswith(f"#99 gru 8, {_winner(exported)['name']}")


def test_a_folder_with_something_in_it_is_kept(exported: Stage, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ExportError, match="expected no folder of this name") as raised:
        _export(exported, tmp_path)
    assert "`force`" in raised.value.hint
    with pytest.raises(ExportError, match="expected a bundle to replace"):
        _export(exported, tmp_path, force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_force_replaces_a_bundle_whole(exported: Stage, tmp_path: Path) -> None:
    directory = tmp_path / "winner"
    shutil.copytree(exported.workspace.folder / "winner", directory)
    (directory / "old.txt").write_text("of the bundle before")
    _export(exported, directory, force=True)
    assert not (directory / "old.txt").exists()
    assert read_bundle(directory) == read_bundle(exported.workspace.folder / "winner")
    assert [path.name for path in tmp_path.iterdir()] == ["winner"]


def test_an_empty_folder_and_missing_parents_are_fine(exported: Stage, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for directory in (tmp_path / "empty", tmp_path / "a" / "b" / "winner"):
        assert read_bundle(_export(exported, directory).directory)


def test_a_file_in_the_way_is_refused_before_anything_is_read(
    exported: Stage, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mine")
    for directory in (tmp_path / "file", tmp_path / "file" / "winner"):
        with pytest.raises(ExportError, match=r"expected (a|no) folder"):
            _export(exported, directory)
    assert (tmp_path / "file").read_text() == "mine"


def test_data_that_have_changed_are_refused(exported: Stage, tmp_path: Path) -> None:
    changed = tmp_path / "films.csv"
    shutil.copy(exported.workspace.folder / "films.csv", changed)
    with changed.open("a", encoding="utf-8") as file:
        file.write("a detective in the old town,Crime\n")
    store = exported.workspace.store
    settings = store.find(exported.study).settings
    try:
        source = replace(settings.source, source=str(changed))
        store.write_settings(exported.study, replace(settings, source=source))
        with pytest.raises(ExportError, match=f"expected the data of study {exported.study}"):
            _export(exported, tmp_path / "winner")
    finally:
        store.write_settings(exported.study, settings)
    assert not (tmp_path / "winner").exists()


def test_the_same_data_divided_otherwise_are_refused(exported: Stage, tmp_path: Path) -> None:
    store = exported.workspace.store
    settings = store.find(exported.study).settings
    fingerprint = replace(settings.fingerprint, split="0123456789ab" + "0" * 52)
    store.write_settings(exported.study, replace(settings, fingerprint=fingerprint))
    try:
        expected = "expected its split .SHA-256 0123456789ab., but this version divides the same"
        with pytest.raises(ExportError, match=expected) as raised:
            _export(exported, tmp_path / "winner")
        assert "Export with the version that searched it" in raised.value.hint
    finally:
        store.write_settings(exported.study, settings)
    assert not (tmp_path / "winner").exists()


def test_a_bundle_that_predicts_otherwise_than_training_is_refused(
    exported: Stage, tmp_path: Path
) -> None:
    record = exported.workspace.server.record(_winner(exported)["run_id"])
    path = f"model/members/trial-{_winner(exported)['number']}/vocabulary.txt"
    kept = record.download(path, tmp_path).read_bytes()
    turned = b"\n".join(kept.split()[::-1]) + b"\n"
    record.file(path, turned)
    try:
        with pytest.raises(ExportError, match="the bundle has a validation loss of"):
            _export(exported, tmp_path / "winner")
    finally:
        record.file(path, kept)
    assert not (tmp_path / "winner").exists()


def _export(
    stage: Stage,
    directory: Path,
    *,
    winner: str = "network",
    force: bool = False,
    again: bool = False,
) -> ExportReport:
    workspace = stage.workspace
    places = Places(workspace.tracking_uri, workspace.store.url)
    return export_candidate(places, stage.study, directory, winner=winner, force=force, again=again)


def _winner(stage: Stage) -> dict[str, Any]:
    return min(stage.trials, key=lambda trial: float(trial["value"]))


def _key(stage: Stage) -> str:
    return f"1 {_winner(stage)['run_id']}"


def _corpus(stage: Stage) -> Corpus:
    return open_corpus(str(stage.workspace.folder / "films.csv"))


def _split(stage: Stage) -> Split:
    return split_corpus(_corpus(stage), seed=0)


def _readings(stage: Stage) -> Readings:
    return stage.workspace.store.find(stage.study).test_readings


@contextmanager
def _other_readings(stage: Stage, readings: Readings) -> Iterator[None]:
    """Pretend that test was read otherwise, for a while."""
    store, before = stage.workspace.store, _readings(stage)
    store.write_test_readings(stage.study, readings)
    try:
        yield
    finally:
        store.write_test_readings(stage.study, before)
