from dataclasses import replace
from pathlib import Path

import pytest

from search.baselines.linear_model import LINEAR_FILE
from search.errors import ExportError
from search.export.bundle import Bundle, read_bundle
from search.export.mixture import mix_bundles
from search.metrics.task import Task

from .bundles import make_bundle, write_linear_bundle


def mix(folder: Path, *parts: tuple[str, float]) -> Bundle:
    """Mix bundles of a folder into its bundle "mixture"."""
    return mix_bundles(
        [(folder / name, weight) for name, weight in parts],
        folder / "mixture",
        thresholds=(0.1, 0.2, 0.3),
        metrics={"validation": {"loss": 0.25}},
        origin={"study": "both"},
        notes=("A mean of two.",),
    )


def test_a_mixture_has_the_members_of_its_parts_and_files_of_its_own(tmp_path: Path) -> None:
    for seed, name in enumerate(("a", "b", "c")):
        write_linear_bundle(tmp_path / name, seed=seed)
    mixed = mix(tmp_path, ("a", 0.5), ("b", 0.25), ("c", 0.25))
    assert read_bundle(tmp_path / "mixture") == mixed
    assert [(m.folder, m.weight) for m in mixed.members] == [
        ("linear", 0.5),
        ("linear-2", 0.25),
        ("linear-3", 0.25),
    ]
    assert [member.origin for member in mixed.members] == [{"seed": n} for n in range(3)]
    for name, member in zip(("a", "b", "c"), mixed.members, strict=True):
        kept = (tmp_path / name / "members" / "linear" / LINEAR_FILE).read_bytes()
        assert (member.locate(tmp_path / "mixture") / LINEAR_FILE).read_bytes() == kept
    assert mixed.thresholds == (0.1, 0.2, 0.3)
    assert mixed.metrics == {"validation": {"loss": 0.25}}
    assert (mixed.origin, mixed.notes) == ({"study": "both"}, ("A mean of two.",))


def test_a_mixture_of_a_mixture_multiplies_the_weights(tmp_path: Path) -> None:
    for seed, name in enumerate(("a", "b", "c")):
        write_linear_bundle(tmp_path / name, seed=seed)
    mix(tmp_path, ("a", 0.5), ("b", 0.5))
    (tmp_path / "mixture").rename(tmp_path / "inner")
    mixed = mix(tmp_path, ("inner", 0.5), ("c", 0.5))
    assert [member.weight for member in mixed.members] == [0.25, 0.25, 0.5]


@pytest.mark.parametrize(
    ("other", "named"),
    [
        (replace(make_bundle(), task=Task.MULTICLASS, thresholds=()), "task"),
        (replace(make_bundle(), label_names=("Crime", "Drama", "Комедия")), "label names"),
        (replace(make_bundle(), negative_name="none"), "negative name"),
        (replace(make_bundle(), masked_names=("Crime",)), "masked names"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_parts_that_predict_something_else_are_refused(
    tmp_path: Path, other: Bundle, named: str
) -> None:
    write_linear_bundle(tmp_path / "a")
    write_linear_bundle(tmp_path / "b", bundle=other)
    with pytest.raises(ExportError, match=f"b: expected the same {named} as in .*a, found others"):
        mix(tmp_path, ("a", 0.5), ("b", 0.5))
    assert not (tmp_path / "mixture").exists()


def test_a_part_that_is_no_bundle_is_refused(tmp_path: Path) -> None:
    write_linear_bundle(tmp_path / "a")
    with pytest.raises(ExportError, match="expected a bundle"):
        mix(tmp_path, ("a", 0.5), ("nowhere", 0.5))


def test_weights_that_do_not_sum_to_1_are_refused_before_anything_is_written(
    tmp_path: Path,
) -> None:
    write_linear_bundle(tmp_path / "a")
    with pytest.raises(ValueError, match=r"must sum to 1, got 0\.5"):
        mix(tmp_path, ("a", 0.5))
    with pytest.raises(ValueError, match="one part or more"):
        mix(tmp_path)
    assert not (tmp_path / "mixture").exists()
