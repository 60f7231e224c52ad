"""A bundle made by hand, with a network of a few weights."""

from pathlib import Path

import keras

from search.data.corpus import Task
from search.export.bundle import MODEL_FILE, Bundle, write_bundle
from search.text.buckets import Encoding
from search.text.vocabulary import Vocabulary

WORDS = ("the", "killer", "love", "détective", "銀")


def make_bundle() -> Bundle:
    """Make everything of a bundle but the network."""
    return Bundle(
        task=Task.MULTILABEL,
        label_names=("Crime", "Kids' TV", "Комедия"),
        negative_name="",
        thresholds=(0.5, 0.25, 0.125),
        encoding=Encoding(len(WORDS) + 2, 40, "post", "pre"),
        vocabulary=Vocabulary(WORDS),
        hyperparameters={"cell": "gru", "units_1": 4, "learning_rate": 0.01},
        metrics={"validation": {"loss": 0.5, "n_labels_scored": 3}, "test": {"loss": 0.625}},
        origin={"study": "films-smoke", "trial": 3},
    )


def write_whole_bundle(directory: Path, *, seed: int = 0) -> Path:
    """Write a bundle with a recurrent network of random weights."""
    keras.utils.set_random_seed(seed)
    ids = keras.Input((None,), dtype="int32")
    embedded = keras.layers.Embedding(len(WORDS) + 2, 4)(ids)
    recurrent = keras.layers.GRU(4)(embedded)
    probabilities = keras.layers.Dense(3, activation="sigmoid")(recurrent)
    directory.mkdir(parents=True, exist_ok=True)
    keras.Model(ids, probabilities).save(directory / MODEL_FILE)
    write_bundle(make_bundle(), directory)
    return directory
