import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from search.baselines.linear_model import LINEAR_FILE
from search.errors import ExportError
from search.export.bundle import write_bundle
from search.export.member import MODEL_FILE
from search.export.mixture import mix_bundles
from search.export.predictor import Predictor
from search.metrics.task import Task
from search.text.tokens import tokenize
from tests.workspace import ROOT

from .bundles import (
    LINEAR,
    NETWORK,
    WORDS,
    make_bundle,
    make_linear,
    write_linear_bundle,
    write_whole_bundle,
)

TEXTS = (
    "the killer",
    "love " * 9,
    "nothing of this is known",
    "",
    "the killer and the détective in love " * 20,
    "銀銀銀 the love",
)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_whole_bundle(tmp_path_factory.mktemp("export") / "winner")


@pytest.fixture(scope="module")
def predictor(directory: Path) -> Predictor:
    return Predictor(directory)


def test_a_prediction_is_the_networks_for_the_padded_ids(
    predictor: Predictor, directory: Path
) -> None:
    network = keras.saving.load_model(NETWORK.locate(directory) / MODEL_FILE)
    # "the" is 2 and "killer" 3; the shortest length is 8, filled up behind.
    by_hand = network.predict_on_batch(np.array([[2, 3, 0, 0, 0, 0, 0, 0]], np.int32))
    np.testing.assert_allclose(predictor.predict_probabilities(["the killer"]), by_hand, rtol=1e-6)


def test_a_text_is_predicted_the_same_alone_and_in_company(predictor: Predictor) -> None:
    together = predictor.predict_probabilities(TEXTS)
    alone = np.vstack([predictor.predict_probabilities([text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, rtol=0, atol=1e-6)


def test_predictions_come_in_the_order_of_the_texts(predictor: Predictor) -> None:
    forward, backward = (
        predictor.predict_probabilities(TEXTS),
        predictor.predict_probabilities(TEXTS[::-1]),
    )
    np.testing.assert_allclose(forward, backward[::-1], rtol=0, atol=1e-6)


def test_each_text_has_a_probability_for_each_label(predictor: Predictor) -> None:
    probabilities = predictor.predict_probabilities(TEXTS)
    assert probabilities.shape == (6, 3)
    assert probabilities.dtype == np.dtype(np.float32)
    assert (probabilities > 0).all()
    assert (probabilities < 1).all()


def test_without_texts_there_are_no_rows(predictor: Predictor) -> None:
    assert predictor.predict_probabilities([]).shape == (0, 3)


def test_a_text_without_words_is_one_unknown_word(predictor: Predictor) -> None:
    np.testing.assert_array_equal(
        predictor.predict_probabilities([""]), predictor.predict_probabilities(["unheard"])
    )


def test_only_the_end_of_a_text_cut_at_its_beginning_counts(predictor: Predictor) -> None:
    end = "love the killer " * 20
    np.testing.assert_array_equal(
        predictor.predict_probabilities([end]), predictor.predict_probabilities([f"銀 {end}"])
    )


def test_a_bundle_without_its_network_is_refused(tmp_path: Path) -> None:
    directory = write_whole_bundle(tmp_path / "winner")
    (NETWORK.locate(directory) / MODEL_FILE).unlink()
    with pytest.raises(ExportError, match=r"model\.keras: expected a Keras network"):
        Predictor(directory)


@pytest.mark.parametrize("n_bytes", [0, 100, -200])
def test_a_network_cut_short_is_refused(tmp_path: Path, n_bytes: int) -> None:
    directory = write_whole_bundle(tmp_path / "winner")
    path = NETWORK.locate(directory) / MODEL_FILE
    path.write_bytes(path.read_bytes()[:n_bytes])
    with pytest.raises(ExportError, match=r"model\.keras: expected a Keras network"):
        Predictor(directory)


def test_a_folder_without_a_bundle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="expected a bundle"):
        Predictor(tmp_path)


@pytest.fixture(scope="module")
def undecided(tmp_path_factory: pytest.TempPathFactory) -> Predictor:
    """A bundle of one choice whose second and third label are equally probable for every text."""
    directory = tmp_path_factory.mktemp("undecided")
    ids = keras.Input((None,), dtype="int32")
    pooled = keras.layers.GlobalAveragePooling1D()(keras.layers.Embedding(len(WORDS) + 2, 2)(ids))
    dense = keras.layers.Dense(3, kernel_initializer="zeros", activation="softmax")
    network = keras.Model(ids, dense(pooled))
    dense.set_weights([dense.get_weights()[0], np.array([0.0, 1.0, 1.0])])
    write_bundle(replace(make_bundle(), task=Task.MULTICLASS, thresholds=()), directory)
    network.save(NETWORK.locate(directory) / MODEL_FILE)
    return Predictor(directory)


def test_of_equally_probable_choices_the_first_is_predicted_and_listed_first(
    undecided: Predictor,
) -> None:
    (prediction,) = undecided.predict(["the killer"])
    assert prediction.labels == ("Kids' TV",)
    assert list(prediction.probabilities) == ["Kids' TV", "Комедия", "Crime"]
    # e / (1 + 2e).
    assert prediction.probabilities["Комедия"] == pytest.approx(np.e / (1 + 2 * np.e), rel=1e-6)
    assert sum(prediction.probabilities.values()) == pytest.approx(1.0, abs=1e-6)


def test_a_choice_is_made_however_improbable_all_labels_are(undecided: Predictor) -> None:
    for prediction in undecided.predict(TEXTS[:3]):
        assert max(prediction.probabilities.values()) < 0.5
        assert len(prediction.labels) == 1


def test_a_linear_bundle_predicts_what_its_model_does(tmp_path: Path) -> None:
    predictor = Predictor(write_linear_bundle(tmp_path))
    found = predictor.predict_probabilities(TEXTS)
    assert np.array_equal(found, make_linear().predict(tokenize(TEXTS)))
    assert found.dtype == np.dtype(np.float32)


def test_a_mixture_predicts_the_weighted_mean_of_its_members(
    directory: Path, predictor: Predictor, tmp_path: Path
) -> None:
    linear = write_linear_bundle(tmp_path / "linear")
    mix_bundles(
        [(directory, 0.75), (linear, 0.25)],
        tmp_path / "both",
        thresholds=(0.5, 0.5, 0.5),
        metrics={},
        origin={},
    )
    found = Predictor(tmp_path / "both").predict_probabilities(TEXTS)
    of_network = predictor.predict_probabilities(TEXTS).astype(np.float64)
    of_linear = make_linear().predict(tokenize(TEXTS))
    np.testing.assert_allclose(found, 0.75 * of_network + 0.25 * of_linear, rtol=0, atol=1e-6)
    assert not np.allclose(of_network, of_linear, atol=1e-2)


def test_names_are_masked_for_every_member(tmp_path: Path) -> None:
    bundle = replace(make_bundle(), masked_names=("Love", "Killer"))
    predictor = Predictor(write_linear_bundle(tmp_path, bundle=bundle))
    named, masked = predictor.predict_probabilities(["the killer in love", "the … in …"])
    assert named.tolist() == masked.tolist()


def test_a_linear_bundle_predicts_without_loading_keras_or_scikit_learn(tmp_path: Path) -> None:
    write_linear_bundle(tmp_path)
    program = (
        "import sys\n"
        "import search\n"
        f"(found,) = search.load({str(tmp_path)!r}).predict(['the killer'])\n"
        "assert len(found.probabilities) == 3\n"
        "print(sorted({'keras', 'tensorflow', 'sklearn', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 and no more"])
def test_a_linear_model_that_is_missing_or_damaged_is_refused(
    tmp_path: Path, content: bytes | None
) -> None:
    path = LINEAR.locate(write_linear_bundle(tmp_path)) / LINEAR_FILE
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ExportError, match=r"linear\.npz: expected a linear model") as error:
        Predictor(tmp_path)
    assert "Export it again" in error.value.hint


def test_a_linear_model_with_other_labels_is_refused(tmp_path: Path) -> None:
    write_linear_bundle(tmp_path)
    labels = [{"name": "Crime", "threshold": 0.5}]
    (tmp_path / "labels.json").write_text(json.dumps(labels), encoding="utf-8")
    with pytest.raises(ExportError, match="it has 3 labels, not 1"):
        Predictor(tmp_path)
