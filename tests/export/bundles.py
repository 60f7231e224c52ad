"""Bundles made by hand, with models of a few weights."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from search.baselines.linear_model import LinearModel
from search.data.corpus import Task
from search.export.bundle import Bundle, write_bundle
from search.export.member import MODEL_FILE, Member
from search.text.buckets import Encoding
from search.text.vocabulary import Vocabulary

WORDS = ("the", "killer", "love", "détective", "銀")
LABELS = ("Crime", "Kids' TV", "Комедия")

NETWORK = Member(
    name="trial 3",
    folder="trial-3",
    vocabulary=Vocabulary(WORDS),
    encoding=Encoding(len(WORDS) + 2, 40, "post", "pre"),
    hyperparameters={"cell": "gru", "units_1": 4, "learning_rate": 0.01},
    origin={"trial": 3, "trial_seed": 11},
)
LINEAR = Member(
    name="TF-IDF + logistic regression",
    folder="linear",
    vocabulary=Vocabulary(WORDS),
    encoding=None,
    hyperparameters={"strength": 4.0},
    origin={"study": "films-smoke"},
)


def make_bundle(*members: Member) -> Bundle:
    """Make everything of a bundle but the models: of one network if no members are given."""
    return Bundle(
        task=Task.MULTILABEL,
        label_names=LABELS,
        negative_name="",
        thresholds=(0.5, 0.25, 0.125),
        members=members or (NETWORK,),
        metrics={"validation": {"loss": 0.5, "n_labels_scored": 3}, "test": {"loss": 0.625}},
        origin={"study": "films-smoke", "trial": 3},
    )


def make_linear(*, seed: int = 0) -> LinearModel:
    """Make a linear model of random weights, all labels learned."""
    generator = np.random.default_rng(seed)
    n_words, n_labels = len(WORDS), len(LABELS)
    return LinearModel(
        words=WORDS,
        idf=np.linspace(1.0, 2.0, n_words, dtype=np.float32),
        coefficients=generator.normal(size=(n_words, n_labels)).astype(np.float32),
        intercepts=generator.normal(size=n_labels).astype(np.float32),
        priors=np.full(n_labels, 0.5, np.float32),
        is_learned=np.ones(n_labels, np.bool_),
        task=Task.MULTILABEL,
    )


def write_whole_bundle(directory: Path, *, seed: int = 0) -> Path:
    """Write a bundle with a recurrent network of random weights."""
    # Keras takes seconds to load, and a linear bundle needs none.
    import keras

    keras.utils.set_random_seed(seed)
    ids = keras.Input((None,), dtype="int32")
    embedded = keras.layers.Embedding(len(WORDS) + 2, 4)(ids)
    recurrent = keras.layers.GRU(4)(embedded)
    probabilities = keras.layers.Dense(3, activation="sigmoid")(recurrent)
    directory.mkdir(parents=True, exist_ok=True)
    write_bundle(make_bundle(), directory)
    keras.Model(ids, probabilities).save(NETWORK.locate(directory) / MODEL_FILE)
    return directory


def write_linear_bundle(directory: Path, *, seed: int = 0, bundle: Bundle | None = None) -> Path:
    """Write a bundle with a linear model of random weights; by default as `make_bundle` has it."""
    directory.mkdir(parents=True, exist_ok=True)
    member = replace(LINEAR, origin={"seed": seed})
    write_bundle(replace(bundle or make_bundle(), members=(member,)), directory)
    make_linear(seed=seed).save(member.locate(directory))
    return directory
