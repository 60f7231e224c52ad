from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search.candidates.kept_predictions import (
    PREDICTIONS_FILE,
    pack_predictions,
    read_predictions,
    round_predictions,
)
from search.errors import StudyError

SPLIT = "e" * 64


def as_rows(values: Any) -> Any:
    return np.asarray(values, np.float32).reshape(-1, 1)


def write(folder: Path, content: bytes) -> Path:
    path = folder / PREDICTIONS_FILE
    path.write_bytes(content)
    return path


def keep(folder: Path, values: Any, split: str = SPLIT) -> Path:
    return write(folder, pack_predictions(as_rows(values), split))


def test_what_is_read_is_what_was_rounded(tmp_path: Path) -> None:
    values = np.random.default_rng(0).random((50, 7)).astype(np.float32)
    path = write(tmp_path, pack_predictions(values, SPLIT))
    found = read_predictions(path, SPLIT, (50, 7))
    assert found.dtype == np.float32
    assert np.array_equal(found, round_predictions(values))
    assert np.array_equal(round_predictions(found), found)


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0, 0.25, 0.75])
def test_exact_values_stay_exact(value: float) -> None:
    assert round_predictions(as_rows([value])).item() == value


def test_a_zero_with_a_sign_is_0() -> None:
    assert round_predictions(as_rows([-0.0])).item() == 0.0


def test_probabilities_near_0_and_near_1_are_equally_precise() -> None:
    small = np.float32(10.0) ** np.linspace(-7, -0.31, 400, dtype=np.float32)
    for values in (small, np.float32(1.0) - small):
        found = round_predictions(as_rows(values)).astype(np.float64)[:, 0]
        nearest = np.minimum(values, 1.0 - values.astype(np.float64))
        error = np.abs(found - values.astype(np.float64))
        # 2^-11 of the value, half of the smallest float16, and the rounding of a float32 near 1.
        assert (error <= nearest * 2.0**-11 + 2.0**-25 + 2.0**-24).all()
        assert (found >= 0.0).all() and (found <= 1.0).all()


def test_values_around_a_half_stay_in_order() -> None:
    values = as_rows(np.nextafter(np.float32(0.5), np.array([0.0, 1.0], np.float32)))
    assert round_predictions(values).ravel().tolist() == [0.5, 0.5]


def test_a_file_has_two_bytes_an_entry_at_most() -> None:
    values = np.random.default_rng(0).random((1000, 30)).astype(np.float32)
    assert len(pack_predictions(values, SPLIT)) < 2 * values.size + 1000
    assert len(pack_predictions(np.zeros((1000, 30), np.float32), SPLIT)) < 1000


def test_predictions_of_another_split_are_refused(tmp_path: Path) -> None:
    path = keep(tmp_path, [0.5], split="f" * 64)
    with pytest.raises(StudyError, match=r"split eeeeeeeeeeee, .* found those of ffffffff"):
        read_predictions(path, SPLIT, (1, 1))


@pytest.mark.parametrize("shape", [(2, 1), (1, 2), (1,), ()])
def test_predictions_of_another_shape_are_refused(tmp_path: Path, shape: tuple[int, ...]) -> None:
    path = keep(tmp_path, [0.5])
    with pytest.raises(StudyError, match=r"found those of eeeeeeeeeeee, \(1, 1\)"):
        read_predictions(path, SPLIT, shape)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3.0, -3.0])
def test_what_is_no_probability_is_refused(tmp_path: Path, value: float) -> None:
    path = keep(tmp_path, [0.5, value])
    with pytest.raises(ValueError, match="NaN or outside"):
        read_predictions(path, SPLIT, (2, 1))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        read_predictions(tmp_path / PREDICTIONS_FILE, SPLIT, (1, 1))


def save(folder: Path, **arrays: Any) -> Path:
    path = folder / PREDICTIONS_FILE
    np.savez_compressed(path, **arrays)
    return path


def test_a_pickled_array_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path, folded=np.array([[0.5]], object), split=np.array(SPLIT))
    with pytest.raises(ValueError):
        read_predictions(path, SPLIT, (1, 1))


@pytest.mark.parametrize("name", ["folded", "split"])
def test_an_archive_that_lacks_an_array_is_refused(tmp_path: Path, name: str) -> None:
    arrays = {"folded": np.zeros((1, 1), np.float16), "split": np.array(SPLIT)}
    del arrays[name]
    with pytest.raises(ValueError, match="cannot be read"):
        read_predictions(save(tmp_path, **arrays), SPLIT, (1, 1))


def test_a_single_array_is_refused(tmp_path: Path) -> None:
    path = tmp_path / PREDICTIONS_FILE
    with path.open("wb") as file:
        np.save(file, np.zeros((1, 1)))
    with pytest.raises(ValueError):
        read_predictions(path, SPLIT, (1, 1))


def test_a_file_of_words_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        read_predictions(write(tmp_path, b"no archive"), SPLIT, (1, 1))


def test_a_file_that_ends_early_is_refused_wherever_it_ends(tmp_path: Path) -> None:
    content = pack_predictions(as_rows([0.1, 0.9]), SPLIT)
    for n_bytes in range(len(content)):
        path = write(tmp_path, content[:n_bytes])
        with pytest.raises(ValueError):
            read_predictions(path, SPLIT, (2, 1))


def test_a_damaged_byte_is_refused_or_changes_nothing(tmp_path: Path) -> None:
    values = as_rows([0.1, 0.9])
    content = pack_predictions(values, SPLIT)
    for place in range(len(content)):
        damaged = bytearray(content)
        damaged[place] ^= 0xFF
        path = write(tmp_path, bytes(damaged))
        try:
            found = read_predictions(path, SPLIT, (2, 1))
        except (ValueError, StudyError):
            continue
        assert np.array_equal(found, round_predictions(values))
