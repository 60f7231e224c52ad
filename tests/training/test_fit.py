from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import tensorflow
from keras import ops
from sklearn.metrics import accuracy_score, f1_score, log_loss

from search.space.hyperparameters import Hyperparameters
from search.text.buckets import make_buckets
from search.training.examples import TrainingData
from search.training.fit import Plan, Trainer, choose_encoding
from search.training.result import Outcome
from search.trial.control import Control
from search.trial.epoch import EpochReport
from search.trial.objective import VAL_LOSS
from search.trial.state import StopReason
from search.trial.weights import Weights
from tests.training.tiny import VALUES, choice_data, drawn, tiny_data

DATA = tiny_data()
REVERSED = tiny_data(reversed_validation=True)
CHOICES = choice_data()
"""Of each text exactly one label."""
OTHER_LOSSES = ("focal", "asymmetric", "distribution_balanced")


def hyperparameters(**changes: Any) -> Hyperparameters:
    return Hyperparameters.from_values({**VALUES, **changes})


def trainer(data: TrainingData = DATA, *, seed: int = 1, **changes: Any) -> Trainer:
    return Trainer(hyperparameters(**changes), data, seed=seed)


def plan(n_epochs: int, **changes: Any) -> Plan:
    return Plan(VAL_LOSS, n_epochs, **changes)


def go_on(report: EpochReport) -> bool:
    return True


def losses(outcome: Outcome | None) -> list[tuple[float, float, float]]:
    assert outcome is not None
    return [(r.fit_loss, r.train_loss, r.val_loss) for r in outcome.history.epochs]


def predicted(trained: Trainer, data: TrainingData) -> npt.NDArray[np.float32]:
    """Probabilities of validation from the network as it is exported."""
    classifier = trained.classifier()
    probabilities = np.empty(data.validation.labels.shape, np.float32)
    for bucket in make_buckets(data.validation.texts, trained.encoding):
        output = classifier(ops.convert_to_tensor(bucket.ids))
        probabilities[bucket.rows] = ops.convert_to_numpy(output)
    return probabilities


@dataclass
class Trained:
    trainer: Trainer
    outcome: Outcome
    seen: list[EpochReport]


@pytest.fixture(autouse=True)
def uncompiled(learned: "Trained") -> Iterator[None]:
    """Run TensorFlow's functions eagerly: compiling one takes longer than these trainings.

    `learned` is trained before, compiled as in use.
    """
    tensorflow.config.run_functions_eagerly(True)
    yield
    tensorflow.config.run_functions_eagerly(False)


@pytest.fixture(scope="module")
def learned() -> Trained:
    """Eight epochs on a corpus that can be learned, compiled as in use."""
    seen: list[EpochReport] = []
    trained = trainer()

    def on_epoch(report: EpochReport) -> bool:
        seen.append(report)
        return True

    outcome = trained.fit(plan(8), on_epoch)
    assert outcome is not None
    return Trained(trained, outcome, seen)


def test_the_losses_fall(learned: Trained) -> None:
    first, *_, last = losses(learned.outcome)
    assert all(after < 0.9 * before for before, after in zip(first, last, strict=True))


def test_each_epoch_is_reported_once(learned: Trained) -> None:
    assert tuple(learned.seen) == learned.outcome.history.epochs
    assert [report.epoch for report in learned.seen] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert learned.outcome.stop_reason is StopReason.EPOCHS
    assert all(report.seconds > 0 for report in learned.seen)


def test_the_value_is_the_cross_entropy_of_the_probabilities(learned: Trained) -> None:
    labels, probabilities = DATA.validation.labels, learned.outcome.probabilities
    theirs = log_loss(labels.ravel(), probabilities.ravel().astype(np.float64))
    assert learned.outcome.history.value == pytest.approx(theirs, rel=1e-6)


def test_the_summary_and_the_count_are_those_of_the_network(learned: Trained) -> None:
    # 14 ids of 4 dimensions, a cell of 4·(4 + 4 + 1), an output of 2·(4 + 1).
    assert learned.trainer.encoding.vocabulary_size == 14
    assert learned.trainer.n_parameters == 56 + 36 + 10
    assert "Total params: 102" in learned.trainer.summary


def test_one_seed_gives_the_same_losses_and_another_others(learned: Trained) -> None:
    again = losses(trainer().fit(plan(2), go_on))
    assert again == [pytest.approx(row, rel=1e-5) for row in losses(learned.outcome)[:2]]
    other = losses(trainer(seed=2).fit(plan(1), go_on))
    assert other[0] != pytest.approx(again[0], rel=1e-3)


def test_training_stops_after_three_epochs_without_a_better_and_keeps_the_best() -> None:
    # Validation has every label the wrong way round, so what is learned makes it worse.
    trained = trainer(REVERSED)
    outcome = trained.fit(plan(10), go_on)
    assert outcome is not None
    assert outcome.stop_reason is StopReason.EARLY
    assert [report.epoch for report in outcome.history.epochs] == [1, 2, 3, 4]
    assert outcome.history.best.epoch == 1
    assert predicted(trained, REVERSED) == pytest.approx(outcome.probabilities, abs=1e-5)


@pytest.mark.parametrize("weighting", ["sqrt", "inverse"])
def test_the_exported_network_predicts_without_the_class_weights(weighting: str) -> None:
    trained = trainer(class_weighting=weighting)
    outcome = trained.fit(plan(3), go_on)
    assert outcome is not None
    assert predicted(trained, DATA) == pytest.approx(outcome.probabilities, abs=1e-5)


def test_a_network_that_learns_nothing_predicts_the_priors_whatever_the_weights() -> None:
    trained = trainer(class_weighting="inverse", learning_rate=1e-6, embedding_size=2)
    outcome = trained.fit(plan(1), go_on)
    assert outcome is not None
    positives = DATA.train.labels.sum(axis=0)
    priors = np.tile((positives + 0.5) / 61, (20, 1))
    # The random start of the embedding is small, and so is what it adds to the output.
    assert outcome.probabilities == pytest.approx(priors, abs=0.05)


@pytest.mark.parametrize("loss", OTHER_LOSSES)
def test_other_losses_are_learned_and_scored_as_they_predict(loss: str) -> None:
    trained = trainer(training_loss=loss)
    outcome = trained.fit(plan(3), go_on)
    assert outcome is not None
    first, *_, last = outcome.history.epochs
    assert last.fit_loss < 0.9 * first.fit_loss
    assert predicted(trained, DATA) == pytest.approx(outcome.probabilities, abs=1e-5)


@pytest.mark.parametrize("loss", ["cross_entropy", "asymmetric"])
def test_a_network_that_learns_nothing_has_the_loss_of_the_priors(loss: str) -> None:
    outcome = trainer(training_loss=loss, learning_rate=1e-6).fit(plan(1), go_on)
    assert outcome is not None
    assert outcome.prior_fit_loss == pytest.approx(outcome.history.best.fit_loss, rel=0.02)


def test_a_network_that_learns_ends_below_the_loss_of_the_priors(learned: Trained) -> None:
    outcome = learned.outcome
    assert outcome.history.epochs[-1].fit_loss < 0.7 * outcome.prior_fit_loss


def test_the_embedding_can_start_from_the_texts() -> None:
    trained = trainer(embedding_initialization="svd", embedding_size=6)
    outcome = trained.fit(plan(1), go_on)
    assert outcome is not None
    assert outcome.history.value < np.log(2)


def test_training_ends_where_the_listener_says_so() -> None:
    outcome = trainer().fit(plan(4), lambda report: report.epoch < 2)
    assert outcome is not None
    assert outcome.stop_reason is StopReason.PRUNED
    assert len(outcome.history.epochs) == 2


def test_a_training_pruned_at_its_last_epoch_was_trained_to_the_end() -> None:
    outcome = trainer().fit(plan(1), lambda report: False)
    assert outcome is not None
    assert outcome.stop_reason is StopReason.EPOCHS


def test_time_that_is_over_before_the_first_epoch_leaves_nothing() -> None:
    assert trainer().fit(plan(4, control=Control(deadline=0.0)), go_on) is None


def test_time_that_is_over_after_an_epoch_leaves_what_was_trained() -> None:
    reports: list[EpochReport] = []

    def collect(report: EpochReport) -> bool:
        reports.append(report)
        return True

    outcome = trainer().fit(plan(4, control=Control(is_interrupted=lambda: bool(reports))), collect)
    assert outcome is not None
    assert outcome.stop_reason is StopReason.TIMEOUT
    assert len(outcome.history.epochs) == 1


def test_a_loss_that_is_no_number_is_an_error() -> None:
    # Decay times rate is 10, so each step multiplies all weights by -9: 1e38 after some forty.
    rates: dict[str, Any] = {"optimizer": "adamw", "learning_rate": 10.0, "weight_decay": 1.0}
    diverging = trainer(**rates, batch_size=1, sequence_length=2)
    with pytest.raises(FloatingPointError, match=r"training loss.*(nan|inf).*epoch 1"):
        diverging.fit(plan(3), go_on)


def test_the_vocabulary_is_as_large_as_the_smaller_of_wish_and_words() -> None:
    assert choose_encoding(hyperparameters(vocabulary_size=10), DATA).vocabulary_size == 10
    assert choose_encoding(hyperparameters(vocabulary_size=50), DATA).vocabulary_size == 14
    encoding = choose_encoding(hyperparameters(padding="post", truncation="pre"), DATA)
    assert (encoding.sequence_length, encoding.padding, encoding.truncation) == (8, "post", "pre")


@pytest.mark.parametrize(
    ("changes", "length"),
    [
        pytest.param({"sequence_length": 100}, 100, id="buckets"),
        pytest.param(
            {"sequence_length": 100, "padded_length": "sequence_length"}, 100, id="sequence length"
        ),
        pytest.param({"sequence_length": 100, "padded_length": "longest"}, None, id="longest"),
        pytest.param({"sequence_length": 6, "padded_length": "longest"}, 6, id="longest, but cut"),
    ],
)
def test_one_length_is_that_of_the_longest_text_of_train_or_the_one_asked_for(
    changes: dict[str, Any], length: int | None
) -> None:
    longest = max(len(text.split()) for text in drawn(60, seed=1)[0])
    encoding = choose_encoding(hyperparameters(**changes), DATA)
    assert encoding.sequence_length == (length or longest)
    assert encoding.length_buckets is ("padded_length" not in changes)


def test_the_embedding_can_have_rows_for_words_that_no_text_has() -> None:
    # 50 rows of 4, where there are 14 ids; the cell and the output are as they were.
    fixed = trainer(embedding_rows="vocabulary_size")
    assert fixed.n_parameters == 200 + 36 + 10
    assert fixed.encoding.vocabulary_size == 14
    assert fixed.fit(plan(1), go_on) is not None
    # Fewer rows than ids, and the rarer words are unknown.
    cut = trainer(embedding_rows="vocabulary_size", vocabulary_size=10)
    assert cut.n_parameters == 40 + 36 + 10
    assert cut.encoding.vocabulary_size == 10


def test_an_output_bias_of_zeros_starts_at_one_half_and_not_at_the_priors() -> None:
    outcome = trainer(output_bias="zeros", learning_rate=1e-6).fit(plan(1), go_on)
    assert outcome is not None
    # The random start of the embedding is small, and so is what it adds to the output.
    assert outcome.probabilities == pytest.approx(np.full((20, 2), 0.5), abs=0.05)


def test_with_the_last_epoch_nothing_stops_early_and_its_weights_are_kept() -> None:
    # Validation has every label the wrong way round, so the first epoch is the best.
    trained = trainer(REVERSED)
    outcome = trained.fit(plan(6, weights=Weights.LAST), go_on)
    assert outcome is not None
    assert outcome.stop_reason is StopReason.EPOCHS
    assert [report.epoch for report in outcome.history.epochs] == [1, 2, 3, 4, 5, 6]
    assert outcome.history.best.epoch == 1
    labels, probabilities = REVERSED.validation.labels, outcome.probabilities
    theirs = log_loss(labels.ravel(), probabilities.ravel().astype(np.float64))
    assert outcome.history.epochs[-1].val_loss == pytest.approx(theirs, rel=1e-6)
    assert outcome.history.value == outcome.history.epochs[-1].val_loss
    assert predicted(trained, REVERSED) == pytest.approx(probabilities, abs=1e-5)


def test_each_epoch_reports_its_accuracy_on_validation(learned: Trained) -> None:
    right = (learned.outcome.probabilities >= 0.5) == (DATA.validation.labels == 1)
    assert learned.outcome.history.used.val_accuracy == pytest.approx(right.mean())
    assert all(0.0 <= report.train_accuracy <= 1.0 for report in learned.seen)


@pytest.fixture(scope="module")
def chosen(learned: Trained) -> Trained:
    """Six epochs on texts with one label each; after `learned`, so that nothing is compiled."""
    seen: list[EpochReport] = []
    trained = trainer(CHOICES)

    def on_epoch(report: EpochReport) -> bool:
        seen.append(report)
        return True

    outcome = trained.fit(plan(6), on_epoch)
    assert outcome is not None
    return Trained(trained, outcome, seen)


def test_one_choice_is_learned_with_probabilities_that_sum_to_1(chosen: Trained) -> None:
    probabilities = chosen.outcome.probabilities
    assert probabilities.dtype == np.float32
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(len(probabilities)), abs=1e-6)
    # 50 ids of 4 dimensions, a cell of 4·(4 + 4 + 1), an output of 3·(4 + 1).
    assert chosen.trainer.n_parameters == 200 + 36 + 15
    first, *_, last = chosen.seen
    assert last.fit_loss < 0.7 * first.fit_loss
    assert chosen.outcome.history.value < 0.9 * np.log(3)


def test_the_measures_of_an_epoch_with_one_choice_are_scikit_learns(chosen: Trained) -> None:
    true = CHOICES.validation.labels.argmax(axis=1)
    rows = chosen.outcome.probabilities.astype(np.float64)
    rows /= rows.sum(axis=1, keepdims=True)
    report = chosen.outcome.history.used
    assert report.val_loss == pytest.approx(log_loss(true, rows, labels=[0, 1, 2]), rel=1e-5)
    assert report.val_accuracy == pytest.approx(accuracy_score(true, rows.argmax(axis=1)))
    assert report.f1_micro == pytest.approx(report.val_accuracy)
    macro = f1_score(true, rows.argmax(axis=1), average="macro")
    assert report.f1_macro == pytest.approx(macro)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"class_weighting": "inverse"}, id="weights"),
        pytest.param(
            {"training_loss": "focal", "class_weighting": "sqrt"}, id="focal with weights"
        ),
    ],
)
def test_the_exported_network_of_one_choice_predicts_as_in_training(changes: Any) -> None:
    trained = trainer(CHOICES, **changes)
    outcome = trained.fit(plan(1), go_on)
    assert outcome is not None
    exported = predicted(trained, CHOICES)
    assert exported == pytest.approx(outcome.probabilities, abs=1e-5)
    assert exported.sum(axis=1) == pytest.approx(np.ones(len(exported)), abs=1e-6)


@pytest.mark.parametrize("weighting", ["none", "inverse"])
def test_one_choice_that_is_not_learned_is_predicted_by_its_priors_whatever_the_weights(
    weighting: str,
) -> None:
    trained = trainer(CHOICES, class_weighting=weighting, learning_rate=1e-6, embedding_size=2)
    outcome = trained.fit(plan(1), go_on)
    assert outcome is not None
    counts = CHOICES.train.labels.sum(axis=0)
    priors = (counts + 0.5) / (counts.sum() + 1.5)
    # The random start of the embedding is small, and so is what it adds to the output.
    assert outcome.probabilities == pytest.approx(
        np.tile(priors, (len(outcome.probabilities), 1)), abs=0.05
    )


@pytest.mark.parametrize("loss", ["cross_entropy", "focal"])
def test_one_choice_that_is_not_learned_has_the_loss_of_its_priors(loss: str) -> None:
    outcome = trainer(CHOICES, training_loss=loss, learning_rate=1e-6).fit(plan(1), go_on)
    assert outcome is not None
    assert outcome.prior_fit_loss == pytest.approx(outcome.history.best.fit_loss, rel=0.03)


def test_losses_of_independent_labels_train_no_choice() -> None:
    with pytest.raises(ValueError, match="asymmetric is no loss for one choice"):
        trainer(CHOICES, training_loss="asymmetric")
