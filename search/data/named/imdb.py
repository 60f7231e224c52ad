"""The 50,000 reviews of IMDb that Keras distributes (Maas et al. 2011).

Owns how texts come back from the archive's ranks and the word index. The archive holds pickles, so
it is opened only here, by its pinned SHA-256.
"""

import json

import numpy as np

from ...metrics.task import Task
from ..labelled_texts import LabelledTexts
from .downloads import fetch_all
from .files import RemoteFile

_SIDES = ("train", "test")
_NOTES = (
    "reviews as the archive of Keras has them (Maas et al. 2011): punctuation and case "
    "are gone, and 'br' is what is left of a line break",
    "two classes: the one output is the probability of 'positive', not 'negative'",
)


def read_imdb(archive: RemoteFile, index: RemoteFile) -> LabelledTexts:
    """Read reviews and their classes, in the order of the archive: train, then test.

    A text is the words of its ranks with blanks between. The ranks of the archive are those of
    the index: the shift by `index_from` and the sign of the start are added when Keras loads it
    (keras.datasets.imdb.load_data).

    Args:
        archive: an .npz with x_train and x_test, lists of ranks, and y_train and y_test, 0 or 1;
            known by its SHA-256. Its content is trusted.
        index: a JSON object from word to rank.

    Raises:
        DataError: a file is not there and cannot be downloaded, or its hash is another one.
        ValueError: the archive is not pinned by a SHA-256.
    """
    if archive.algorithm != "sha256":
        raise ValueError("a file with pickles is opened by its SHA-256 only")
    # `fetch_all` has just checked the hashes, of a file in the cache too.
    archive_path, index_path = fetch_all((archive, index))
    with np.load(archive_path, allow_pickle=True) as arrays:
        reviews = np.concatenate([arrays[f"x_{side}"] for side in _SIDES])
        labels = np.concatenate([arrays[f"y_{side}"] for side in _SIDES])
        n_reviews = {side: len(arrays[f"y_{side}"]) for side in _SIDES}
    ranks = json.loads(index_path.read_text(encoding="utf-8"))
    words = {rank: word for word, rank in ranks.items()}
    listed = ", ".join(f"{n:,} {side}" for side, n in n_reviews.items())
    return LabelledTexts(
        texts=tuple(" ".join([words[rank] for rank in review]) for review in reviews),
        labels=labels.astype(np.uint8).reshape(-1, 1),
        label_names=("positive",),
        task=Task.BINARY,
        negative_name="negative",
        given_split=tuple(side for side, n in n_reviews.items() for _ in range(n)),
        notes=(*_NOTES, f"the archive divides the texts itself: {listed}"),
    )
