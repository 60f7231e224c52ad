"""A trained network of one choice as a bundle, and what the bundle predicts."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import tensorflow

from search.data.division import DividedCorpus
from search.export.bundle import read_bundle
from search.export.predictor import Predictor
from search.metrics.task import Task
from search.study.models import save_network
from search.training.examples import make_training_data
from search.training.result import TrainingResult
from search.training.runner import TrainingRunner
from search.trial.control import Control
from search.trial.objective import VAL_LOSS
from search.trial.proposal import Proposal
from tests.training.tiny import CHOICE_NAMES, VALUES, divided_choices


@dataclass(frozen=True, slots=True)
class Saved:
    """A network that was trained and written."""

    divided: DividedCorpus
    result: TrainingResult
    directory: Path
    seen: npt.NDArray[np.float32]
    """Probabilities of validation in training."""


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Saved]:
    """Train two epochs with class weights, eagerly: compiling takes longer."""
    tensorflow.config.run_functions_eagerly(True)
    divided = divided_choices()
    data = make_training_data(divided, seed=0, n_dimensions=8)
    priors = np.full(data.validation.labels.shape, 1 / 3, np.float32)
    runner = TrainingRunner(
        data=data,
        divided=divided,
        objective=VAL_LOSS,
        n_epochs=2,
        rival=priors,
        save=lambda trained, directory: save_network(divided, trained, {"trial": 1}, directory),
    )
    proposal = Proposal(1, {**VALUES, "class_weighting": "inverse"}, 11)
    fitted = runner.fit(proposal, Control(), lambda report: True)
    assert fitted is not None
    result = runner(proposal, Control(), lambda report: True)
    assert result is not None
    directory = tmp_path_factory.mktemp("network")
    result.save(directory)
    yield Saved(divided, result, directory, fitted.outcome.probabilities)
    tensorflow.config.run_functions_eagerly(False)


@pytest.fixture(scope="module")
def predictor(saved: Saved) -> Predictor:
    return Predictor(saved.directory)


def list_texts(saved: Saved) -> list[str]:
    return [saved.divided.corpus.texts[row] for row in saved.divided.split.validation]


def test_the_bundle_has_no_thresholds_and_reads_back(saved: Saved) -> None:
    bundle = read_bundle(saved.directory)
    assert (bundle.task, bundle.thresholds, bundle.negative_name) == (Task.MULTICLASS, (), "")
    assert set(bundle.label_names) == set(CHOICE_NAMES)
    metrics = bundle.metrics["validation"]
    assert metrics["loss"] == pytest.approx(saved.result.value)
    assert {"accuracy", "f1_macro"} <= metrics.keys()
    assert "threshold" not in (saved.directory / "labels.json").read_text(encoding="utf-8")


def test_the_bundle_predicts_the_probabilities_of_training(
    saved: Saved, predictor: Predictor
) -> None:
    found = predictor.predict_probabilities(list_texts(saved))
    assert found.sum(axis=1) == pytest.approx(np.ones(len(found)), abs=1e-6)
    # The same seed trains the same network twice, but for the order in which threads add.
    assert found == pytest.approx(saved.seen, abs=1e-4)


def test_the_loss_of_the_bundle_is_that_of_the_trial(saved: Saved, predictor: Predictor) -> None:
    labels = saved.divided.corpus.labels[saved.divided.split.validation]
    found = predictor.predict_probabilities(list_texts(saved)).astype(np.float64)
    by_hand = -np.log(found[labels == 1]).mean()
    assert by_hand == pytest.approx(saved.result.value, abs=1e-5)


def test_each_text_has_exactly_one_label_the_most_probable_one(
    saved: Saved, predictor: Predictor
) -> None:
    for prediction in predictor.predict([*list_texts(saved), "unheard", "war " * 50]):
        first, *_ = prediction.probabilities
        assert prediction.labels == (first,)
        assert prediction.probabilities[first] == max(prediction.probabilities.values())
        assert sum(prediction.probabilities.values()) == pytest.approx(1.0, abs=1e-6)
        assert set(prediction.probabilities) == set(CHOICE_NAMES)


def test_the_comparison_with_the_baseline_is_of_texts(saved: Saved) -> None:
    compared = saved.result.training.comparison
    assert compared is not None
    # A third for every label costs ln 3.
    assert compared.difference == pytest.approx(saved.result.value - np.log(3), rel=1e-5)


def test_its_files_have_the_confusions(saved: Saved) -> None:
    files = saved.result.files
    assert {"confusion.csv", "plots/confusion.png"} <= files.keys()
    assert "thresholds.json" not in files
    assert files["confusion.csv"].decode().splitlines()[0].startswith("true \\ predicted,")
