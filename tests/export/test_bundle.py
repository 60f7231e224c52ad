import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from search.errors import ExportError
from search.export.bundle import is_bundle, read_bundle, write_bundle
from search.metrics.task import Task
from search.text.tokens import tokenize

from .bundles import LINEAR, NETWORK, WORDS, make_bundle


def _edit(path: Path, change: Callable[[dict[str, object]], object]) -> None:
    facts = json.loads(path.read_text(encoding="utf-8"))
    change(facts)
    path.write_text(json.dumps(facts), encoding="utf-8")


def test_a_bundle_is_read_as_it_was_written(tmp_path: Path) -> None:
    members = replace(NETWORK, weight=0.75), replace(LINEAR, weight=0.25)
    bundle = replace(make_bundle(*members), notes=("Two of them.",), masked_names=("Crime",))
    write_bundle(bundle, tmp_path)
    assert is_bundle(tmp_path)
    assert read_bundle(tmp_path) == bundle


def test_thresholds_keep_all_their_digits(tmp_path: Path) -> None:
    bundle = replace(make_bundle(), thresholds=(1 / 3, 0.1 + 0.2, 1e-17))
    write_bundle(bundle, tmp_path)
    assert read_bundle(tmp_path).thresholds == bundle.thresholds


def test_a_word_is_in_the_line_of_its_id_less_one(tmp_path: Path) -> None:
    write_bundle(make_bundle(), tmp_path)
    path = tmp_path / "members" / "trial-3" / "vocabulary.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    ids = NETWORK.vocabulary.encode(tokenize([" ".join(WORDS)])).ids.tolist()
    assert [lines[token_id - 2] for token_id in ids] == list(WORDS)


def test_no_file_is_a_pickle(tmp_path: Path) -> None:
    write_bundle(make_bundle(), tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {".json", ".txt", ".md"}


def test_the_readme_has_members_measures_notes_and_origin_for_a_person(tmp_path: Path) -> None:
    members = replace(NETWORK, weight=0.75), replace(LINEAR, weight=0.25)
    write_bundle(replace(make_bundle(*members), notes=("First.", "Second.")), tmp_path)
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "| `trial-3` | trial 3 | network | 0.7500 |" in readme
    assert "| `linear` | TF-IDF + logistic regression | linear | 0.2500 |" in readme
    assert "| measure | validation | test |" in readme
    assert "| loss | 0.5000 | 0.6250 |" in readme
    assert "| n_labels_scored | 3 |  |" in readme
    assert "\n\n## Notes\nFirst.\n\nSecond.\n\n## Origin\n" in readme
    assert "| study | films-smoke |" in readme
    assert "`model.keras`" in readme and "`linear.npz`" in readme


def test_the_readme_describes_only_what_is_there(tmp_path: Path) -> None:
    write_bundle(make_bundle(), tmp_path)
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "`model.keras`" in readme
    assert "linear.npz" not in readme and "## Notes" not in readme


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


@pytest.mark.parametrize("number", [1, 2, 99])
def test_another_format_is_refused_with_both_numbers(tmp_path: Path, number: int) -> None:
    write_bundle(make_bundle(), tmp_path)
    _edit(tmp_path / "bundle.json", lambda facts: facts.update(format=number))
    with pytest.raises(ExportError, match=f"expected a bundle of format 3, got {number}"):
        read_bundle(tmp_path)


@pytest.mark.parametrize(
    "file",
    [
        "labels.json",
        "metrics.json",
        "members/trial-3/member.json",
        "members/trial-3/vocabulary.txt",
        "members/trial-3/hyperparameters.json",
    ],
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
        ("members/trial-3/vocabulary.txt", b"caf\xe9\n"),
        ("members/trial-3/hyperparameters.json", b"{"),
        ("members/trial-3/member.json", b'{"origin": {}, "encoding": {"width": 3}}'),
        ("members/trial-3/member.json", b'{"origin": {}, "encoding": null}'),
        ("metrics.json", b""),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, file: str, content: bytes) -> None:
    write_bundle(make_bundle(), tmp_path)
    (tmp_path / file).write_bytes(content)
    with pytest.raises(ExportError, match="expected a complete bundle") as error:
        read_bundle(tmp_path)
    assert error.value.__cause__ is not None


def _other_member(**changes: object) -> dict[str, object]:
    return {"members": [{**NETWORK.list_facts(), **changes}]}


@pytest.mark.parametrize(
    "change",
    [
        {"task": "guessing"},
        {"members": []},
        {"members": [NETWORK.list_facts(), NETWORK.list_facts()]},
        _other_member(kind="oracle"),
        _other_member(folder=3),
        _other_member(weight="1"),
    ],
)
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


@pytest.mark.parametrize(
    "folder", ["..", ".", "", "../trial-3", "/tmp", "a/b", "a\\b", "trial-3\n"]
)
def test_a_folder_that_leads_out_of_the_bundle_is_refused(tmp_path: Path, folder: str) -> None:
    (tmp_path / "bundle").mkdir()
    write_bundle(make_bundle(), tmp_path / "bundle")
    facts = _other_member(folder=folder)
    _edit(tmp_path / "bundle" / "bundle.json", lambda written: written.update(facts))
    with pytest.raises(ExportError, match="folder of a member must be letters, digits"):
        read_bundle(tmp_path / "bundle")


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ((0.5, 0.499), "must sum to 1, got 0.999"),
        ((0.6, 0.6), "must sum to 1, got 1.2"),
        ((1.0, 0.0), r"must be in \(0, 1\], got 0"),
        ((1.5, -0.5), r"must be in \(0, 1\], got 1.5"),
        ((float("nan"), 0.5), r"must be in \(0, 1\], got nan"),
    ],
)
def test_weights_that_are_no_shares_of_1_are_refused(
    tmp_path: Path, weights: tuple[float, float], expected: str
) -> None:
    members = replace(NETWORK, weight=0.5), replace(LINEAR, weight=0.5)
    write_bundle(make_bundle(*members), tmp_path)
    pairs = zip(members, weights, strict=True)
    written = [{**member.list_facts(), "weight": weight} for member, weight in pairs]
    _edit(tmp_path / "bundle.json", lambda facts: facts.update(members=written))
    with pytest.raises(ExportError, match=expected):
        read_bundle(tmp_path)


def test_weights_that_miss_1_by_rounding_are_fine(tmp_path: Path) -> None:
    names = [f"part-{number}" for number in range(10)]
    members = [replace(LINEAR, folder=name, weight=0.1) for name in names]
    write_bundle(make_bundle(*members), tmp_path)
    assert [member.folder for member in read_bundle(tmp_path).members] == names
