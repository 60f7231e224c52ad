import csv
import io
import json
import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from keras import ops
from sklearn.metrics import log_loss

from search.data.corpus import Corpus
from search.data.division import DividedCorpus, divide_corpus
from search.metrics.comparison import ComparisonResult
from search.metrics.losses import prior_cross_entropy
from search.space.hyperparameters import Hyperparameters
from search.text.buckets import make_buckets
from search.training.result import TrainingResult
from search.training.runner import TrainedNetwork, TrainingRunner
from search.trial.control import Control
from search.trial.diagnosis import Verdict
from search.trial.epoch import EpochReport
from search.trial.objective import VAL_LOSS
from search.trial.proposal import Proposal
from search.trial.state import StopReason
from tests.training import tiny
from tests.training.tiny import LABEL_NAMES, tiny_data

DATA = tiny_data()
PRIOR = prior_cross_entropy(DATA.train.labels, DATA.validation.labels)
VALUES = {**tiny.VALUES, "vocabulary_size": 12, "class_weighting": "sqrt"}
# 12 ids of 4 dimensions, a cell of 4·(4 + 4 + 1), an output of 2·(4 + 1).
N_PARAMETERS = 48 + 36 + 10
PROPOSAL = Proposal(5, VALUES, 11)


@dataclass
class Ran:
    result: TrainingResult
    runner: TrainingRunner
    reports: list[EpochReport]
    saved: list[tuple[TrainedNetwork, Path]]


def make_divided() -> DividedCorpus:
    """Give a divided corpus with the labels and the priors of the data."""
    texts = [f"number {number} in town" for number in range(40)]
    divided = divide_corpus(Corpus.from_lists(texts, [["War"], ["Love"]] * 20), seed=0)
    corpus = replace(divided.corpus, label_names=LABEL_NAMES)
    return replace(divided, corpus=corpus, prior_loss=PRIOR)


@pytest.fixture(scope="module")
def ran() -> Ran:
    """A training of three epochs."""
    reports: list[EpochReport] = []
    saved: list[tuple[TrainedNetwork, Path]] = []
    runner = TrainingRunner(
        data=DATA,
        divided=make_divided(),
        objective=VAL_LOSS,
        n_epochs=3,
        target=0.001,
        rival=np.full(DATA.validation.labels.shape, 0.5),
        save=lambda trained, directory: saved.append((trained, directory)),
    )
    result = runner(PROPOSAL, Control(), noting(reports))
    assert result is not None
    return Ran(result, runner, reports, saved)


def noting(reports: list[EpochReport]) -> Callable[[EpochReport], bool]:
    """Note each epoch's report, and go on."""

    def on_epoch(report: EpochReport) -> bool:
        reports.append(report)
        return True

    return on_epoch


def read_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_its_value_is_the_best_loss_of_its_epochs(ran: Ran) -> None:
    assert len(ran.reports) == 3
    assert ran.result.value == min(report.val_loss for report in ran.reports)
    assert ran.result.training.stop_reason is StopReason.EPOCHS
    assert ran.result.training.is_resumed is None


def test_its_metrics_are_those_of_the_best_epoch(ran: Ran) -> None:
    metrics = ran.result.training.metrics
    best = min(ran.reports, key=lambda report: report.val_loss)
    assert metrics["val_loss"] == pytest.approx(best.val_loss)
    assert metrics["train_loss"] == best.train_loss
    assert metrics["gap"] == pytest.approx(best.val_loss - best.train_loss)
    assert (metrics["f1_micro"], metrics["f1_macro"]) == (best.f1_micro, best.f1_macro)
    assert (metrics["best_epoch"], metrics["epochs"]) == (best.epoch, 3)
    assert metrics["parameters"] == N_PARAMETERS
    assert metrics["seconds"] > 0
    assert {"f1_micro_at_half", "f1_macro_at_half", "average_precision_macro"} <= metrics.keys()


def test_it_is_compared_with_the_linear_baseline_by_the_objective(ran: Ran) -> None:
    compared = ran.result.training.comparison
    assert compared is not None
    # Half for every entry costs ln 2.
    assert compared.difference == pytest.approx(ran.result.value - np.log(2.0))
    assert compared.result is ComparisonResult.BEATS


def test_each_label_has_a_metric_by_a_name_that_mlflow_allows(ran: Ran) -> None:
    rows = {row["name"]: row for row in read_rows(ran.result.files["labels.csv"])}
    assert ran.result.label_metrics["f1/War"] == pytest.approx(float(rows["War"]["f1"]))
    love = float(rows["Drama & Love"]["f1"])
    assert ran.result.label_metrics["f1/Drama _ Love"] == pytest.approx(love)
    names = json.loads(ran.result.files["metric_names.json"])
    assert names == {"War": "f1/War", "Drama & Love": "f1/Drama _ Love"}


def test_its_metrics_have_none_of_the_labels(ran: Ran) -> None:
    assert not [name for name in ran.result.training.metrics if name.startswith("f1/")]


def test_its_diagnosis_is_that_of_its_epochs(ran: Ran) -> None:
    diagnosis = ran.result.training.diagnosis
    best = min(ran.reports, key=lambda report: report.val_loss)
    assert diagnosis.gap == pytest.approx(best.val_loss - best.train_loss)
    assert diagnosis.onset is None
    assert diagnosis.verdict in (Verdict.FIT, Verdict.OVERFIT)
    assert ran.result.training.metrics["slope"] == diagnosis.slope
    # It falls.
    assert diagnosis.slope < 0


def test_its_artifacts(ran: Ran) -> None:
    assert set(ran.result.files) == {
        "history.csv",
        "labels.csv",
        "thresholds.json",
        "metric_names.json",
        "model_summary.txt",
        "text_losses.csv",
        "plots/learning_curves.png",
        "plots/f1_by_label.png",
        "plots/reliability.png",
    }


@pytest.mark.parametrize("path", ["plots/learning_curves.png", "plots/f1_by_label.png"])
def test_plots_are_pngs_of_a_size_to_read(ran: Ran, path: str) -> None:
    content = ran.result.files[path]
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    assert width > 600 and height > 200


def test_the_table_of_labels_is_read_by_csv(ran: Ran) -> None:
    rows = read_rows(ran.result.files["labels.csv"])
    assert [row["name"] for row in rows] == ["War", "Drama & Love"]
    supports = DATA.validation.labels.sum(axis=0).tolist()
    assert [int(row["support"]) for row in rows] == supports
    thresholds = json.loads(ran.result.files["thresholds.json"])
    assert [float(row["threshold"]) for row in rows] == list(thresholds.values())


def test_the_losses_of_the_texts_have_the_loss_as_their_mean(ran: Ran) -> None:
    rows = read_rows(ran.result.files["text_losses.csv"])
    assert [int(row["row"]) for row in rows] == list(range(20))
    mean = np.mean([float(row["loss"]) for row in rows])
    assert mean == pytest.approx(ran.result.training.metrics["val_loss"])


def test_its_curves_have_every_epoch(ran: Ran) -> None:
    curves = ran.result.training.curves
    assert curves.val_loss == [report.val_loss for report in ran.reports]
    assert curves.train_loss == [report.train_loss for report in ran.reports]


def test_the_table_of_epochs_is_read_by_csv(ran: Ran) -> None:
    rows = read_rows(ran.result.files["history.csv"])
    assert [int(row["epoch"]) for row in rows] == [1, 2, 3]
    assert [float(row["val_loss"]) for row in rows] == [r.val_loss for r in ran.reports]


def test_its_weights_are_counted_as_keras_counts_them(ran: Ran) -> None:
    assert DATA.count_parameters(Hyperparameters.from_values(VALUES)) == N_PARAMETERS
    assert f"Trainable params: {N_PARAMETERS}" in ran.result.files["model_summary.txt"].decode()
    # The corpus has 14 ids: a larger vocabulary is not there.
    larger = Hyperparameters.from_values(VALUES | {"vocabulary_size": 1000})
    assert DATA.count_parameters(larger) == N_PARAMETERS + 2 * 4


def test_what_is_saved_is_enough_to_use_the_network(ran: Ran, tmp_path: Path) -> None:
    assert ran.saved == []
    ran.result.save(tmp_path)
    ((trained, directory),) = ran.saved
    assert directory == tmp_path
    assert trained.proposal is PROPOSAL
    assert trained.vocabulary.words == DATA.vocabulary.words[:10]
    assert trained.encoding.vocabulary_size == 12
    assert trained.thresholds.shape == (2,)
    assert trained.scores.loss == pytest.approx(ran.result.value)
    probabilities = np.empty((20, 2))
    for bucket in make_buckets(DATA.validation.texts, trained.encoding):
        output = trained.classifier(ops.convert_to_tensor(bucket.ids))
        probabilities[bucket.rows] = ops.convert_to_numpy(output)
    theirs = log_loss(DATA.validation.labels.ravel(), probabilities.ravel())
    assert theirs == pytest.approx(ran.result.value, rel=1e-4)


def test_time_that_is_over_before_its_first_epoch_leaves_nothing(ran: Ran) -> None:
    assert ran.runner(PROPOSAL, Control(deadline=0.0), lambda report: True) is None


def test_another_trial_goes_on_from_its_last_epoch(ran: Ran, tmp_path: Path) -> None:
    asked: list[int] = []

    def fetch(number: int, directory: Path) -> Path:
        asked.append(number)
        folder = directory / "checkpoint"
        folder.mkdir()
        ran.result.save_checkpoint(folder)
        return folder

    runner = replace(ran.runner, fetch_checkpoint=fetch)
    reports: list[EpochReport] = []
    promoted = Proposal(8, VALUES, 12, n_epochs=4, resumes=5)
    result = runner(promoted, Control(), noting(reports))
    assert result is not None
    assert asked == [5]
    assert [report.epoch for report in reports] == [4]
    training = result.training
    assert training.metrics["epochs"] == 4
    assert training.curves.val_loss[:3] == [report.val_loss for report in ran.reports]
    assert training.is_resumed is True


def test_where_the_checkpoint_is_gone_training_begins_anew(ran: Ran) -> None:
    reports: list[EpochReport] = []
    promoted = Proposal(8, VALUES, 11, n_epochs=1, resumes=5)
    result = ran.runner(promoted, Control(), noting(reports))
    assert result is not None
    assert [report.epoch for report in reports] == [1]
    assert result.training.stop_reason is StopReason.EPOCHS
    assert result.training.is_resumed is False


def test_a_hyperparameter_that_is_none_is_an_error_of_the_trial(ran: Ran) -> None:
    with pytest.raises(ValueError, match=r"unknown.*layers"):
        ran.runner(Proposal(0, {"layers": 2}, 1), Control(), lambda report: True)
