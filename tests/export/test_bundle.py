import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from search.errors import ExportError
from search.export.bundle import is_bundle, read_bundle, write_bundle
from search.metrics.task import Task
from search.text.tokens import tokenize

from .bundles import WORDS, make_bundle


def _edit(path: Path, change: Callable[[dict[str, object]], object]) -> None:
    facts = json.loads(path.read_text(encoding="utf-8"))
    change(facts)
    path.write_text(json.dumps(facts), encoding="utf-8")


def test_a_bundle_is_read_as_it_was_written(tmp_path: Path) -> None:
    bundle = make_bundle()
    write_bundle(bundle, tmp_path)
    assert is_bundle(tmp_path)
    assert read_bundle(tmp_path) == bundle


def test_thresholds_keep_all_their_digits(tmp_path: Path) -> None:
    bundle = replace(make_bundle(), thresholds=(1 / 3, 0.1 + 0.2, 1e-17))
    write_bundle(bundle, tmp_path)
    assert read_bundle(tmp_path).thresholds == bundle.thresholds


def test_a_word_is_in_the_line_of_its_id_less_one(tmp_path: Path) -> None:
    bundle = make_bundle()
    write_bundle(bundle, tmp_path)
    lines = (tmp_path / "vocabulary.txt").read_text(encoding="utf-8").splitlines()
    ids = bundle.vocabulary.encode(tokenize([" ".join(WORDS)])).ids.tolist()
    assert [lines[token_id - 2] for token_id in ids] == list(WORDS)


def test_no_file_is_a_pickle(tmp_path: Path) -> None:
    write_bundle(make_bundle(), tmp_path)
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".txt", ".md"}


def test_the_readme_has_measures_thresholds_and_origin_for_a_person(tmp_path: Path) -> None:
    write_bundle(make_bundle(), tmp_path)
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "| measure | validation | test |" in readme
    assert "| loss | 0.5000 | 0.6250 |" in readme
    assert "| n_labels_scored | 3 |  |" in readme
    assert "| study | films-smoke |" in readme


def test_a_threshold_is_needed_for_every_label(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="zip"):
        write_bundle(replace(make_bundle(), thresholds=(0.5,)), tmp_path)
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["empty", "missing"])
def test_a_folder_without_a_bundle_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    assert not is_bundle(tmp_path / name)
    with pytest.raises(ExportError, match=r"expected a bundle .* found none") as error:
        read_bundle(tmp_path / name)
    assert "genre-search best --export" in error.value.hint


def test_another_format_is_refused_with_both_numbers(tmp_path: Path) -> None:
    write_bundle(make_bundle(), tmp_path)
    _edit(tmp_path / "bundle.json", lambda facts: facts.update(format=99))
    with pytest.raises(ExportError, match="expected a bundle of format 2, got 99"):
        read_bundle(tmp_path)


@pytest.mark.parametrize(
    "file", ["labels.json", "vocabulary.txt", "hyperparameters.json", "metrics.json"]
)
def test_a_missing_file_is_named(tmp_path: Path, file: str) -> None:
    write_bundle(make_bundle(), tmp_path)
    (tmp_path / file).unlink()
    with pytest.raises(ExportError, match=f"expected a complete bundle.*{file}"):
        read_bundle(tmp_path)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("bundle.json", b'{"format": 1'),
        ("bundle.json", b"[]"),
        ("bundle.json", b"{}"),
        ("labels.json", b'[{"name": "Crime"}]'),
        ("labels.json", b'["Crime"]'),
        ("labels.json", b"[]x"),
        ("vocabulary.txt", b"caf\xe9\n"),
        ("hyperparameters.json", b"{"),
        ("metrics.json", b""),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, file: str, content: bytes) -> None:
    write_bundle(make_bundle(), tmp_path)
    (tmp_path / file).write_bytes(content)
    with pytest.raises(ExportError, match="expected a complete bundle") as error:
        read_bundle(tmp_path)
    assert error.value.__cause__ is not None


@pytest.mark.parametrize("change", [{"task": "guessing"}, {"encoding": {"width": 3}}])
def test_a_value_that_cannot_be_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    write_bundle(make_bundle(), tmp_path)
    _edit(tmp_path / "bundle.json", lambda facts: facts.update(change))
    with pytest.raises(ExportError, match="expected a complete bundle"):
        read_bundle(tmp_path)


def test_a_bundle_of_one_choice_has_no_thresholds(tmp_path: Path) -> None:
    bundle = replace(make_bundle(), task=Task.MULTICLASS, thresholds=())
    write_bundle(bundle, tmp_path)
    assert read_bundle(tmp_path) == bundle
    labels = json.loads((tmp_path / "labels.json").read_text(encoding="utf-8"))
    assert labels == [{"name": name} for name in bundle.label_names]


def test_labels_without_thresholds_are_damage_where_texts_may_have_several(tmp_path: Path) -> None:
    write_bundle(replace(make_bundle(), task=Task.MULTICLASS, thresholds=()), tmp_path)
    _edit(tmp_path / "bundle.json", lambda facts: facts.update(task="multilabel"))
    with pytest.raises(ExportError, match="expected a complete bundle"):
        read_bundle(tmp_path)
