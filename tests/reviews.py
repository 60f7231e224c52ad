"""Archives of reviews, written as NumPy writes them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

WORDS = {"the": 1, "film": 2, "is": 3, "br": 4, "good": 5, "bad": 6, "café": 7}


def lists(*entries: object) -> npt.NDArray[np.object_]:
    """Make an array of lists, which NumPy would otherwise make a matrix of where it can."""
    array = np.empty(len(entries), dtype=object)
    for place, entry in enumerate(entries):
        array[place] = entry
    return array


def reviews(n_reviews: int) -> dict[str, Any]:
    """Make one side: "the film is good" is 1, "the bad film" is 0, by turns."""
    texts = [[1, 2, 3, 5] if place % 2 else [1, 6, 2] for place in range(n_reviews)]
    return {"x": lists(*texts), "y": np.arange(n_reviews) % 2}


def write_reviews(folder: Path, *, index: bool = True, **replaced: object) -> Path:
    """Write imdb.npz with 16 and 8 reviews, some of its arrays replaced, None left out."""
    train, test = reviews(16), reviews(8)
    arrays = {"x_train": train["x"], "y_train": train["y"]}
    arrays |= {"x_test": test["x"], "y_test": test["y"], **replaced}
    path = folder / "imdb.npz"
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
    if index:
        write_index(folder, WORDS)
    return path


def write_index(folder: Path, index: object) -> Path:
    """Write a word index beside."""
    path = folder / "imdb_word_index.json"
    path.write_text(json.dumps(index), encoding="utf-8")
    return path


def sixteen(*entries: Sequence[object]) -> npt.NDArray[np.object_]:
    """Make an array of 16 lists that begins with these."""
    return lists(*entries, *[[1, 2]] * (16 - len(entries)))
