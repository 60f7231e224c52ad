from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from search.baselines.linear import fit_linear, fit_linear_curve
from search.baselines.priors import prior_probabilities
from search.baselines.regressions import STRENGTHS, CutOff
from search.data.corpus import open_corpus
from search.data.labelled_texts import LabelledTexts, LabelMatrix
from search.data.named.synopses.generate import generate
from search.data.split.parts import growing_parts
from search.data.split.split import Indices, split_corpus
from search.metrics.losses import cross_entropy
from search.metrics.task import Task
from search.text.words import split_words

FILMS = generate(400, seed=3)
TEXTS, LABELS = FILMS.texts, FILMS.labels[:, :6]
TRAIN, OTHERS = slice(0, 300), slice(300, 400)
SIDES = (np.arange(300), np.arange(300, 400))
"""Positions of the texts to learn from, and to measure on."""


def with_labels(labels: LabelMatrix, texts: Sequence[str] = TEXTS) -> LabelledTexts:
    names = tuple(f"label {i}" for i in range(labels.shape[1]))
    return LabelledTexts(tuple(texts), labels, names, Task.MULTILABEL)


CORPUS = with_labels(LABELS)


def by_scikit_learn(strength: float) -> np.ndarray:
    vectorizer = TfidfVectorizer(analyzer=split_words, min_df=2, sublinear_tf=True)
    features = vectorizer.fit_transform(TEXTS[TRAIN])
    regression = LogisticRegression(C=strength, tol=1e-8, max_iter=10_000)
    model = OneVsRestClassifier(regression).fit(features, LABELS[TRAIN])
    return np.asarray(model.predict_proba(vectorizer.transform(TEXTS[OTHERS])))


def both(
    train: list[str], train_labels: LabelMatrix, others: list[str], other_labels: LabelMatrix
) -> tuple[LabelledTexts, Indices, Indices]:
    """A corpus of both sides, and their positions."""
    corpus = with_labels(np.vstack([train_labels, other_labels]), [*train, *others])
    positions = np.arange(len(corpus.texts))
    return corpus, positions[: len(train)], positions[len(train) :]


def test_the_probabilities_are_those_of_scikit_learns_own_pipeline() -> None:
    found = fit_linear(CORPUS, *SIDES)
    theirs = by_scikit_learn(found.strength)
    assert found.probabilities.dtype == np.float32
    assert np.abs(found.probabilities - theirs).max() < 1e-3
    assert found.val_loss == pytest.approx(cross_entropy(theirs, LABELS[OTHERS]), abs=1e-4)


def test_no_strength_beside_the_chosen_one_is_better_on_validation() -> None:
    found = fit_linear(CORPUS, *SIDES)
    for factor in (0.5, 2.0):
        beside = by_scikit_learn(factor * found.strength)
        assert cross_entropy(beside, LABELS[OTHERS]) > found.val_loss


@pytest.mark.parametrize("first", [0.25, 256.0])
def test_the_choice_comes_to_the_same_from_either_side(first: float) -> None:
    found = fit_linear(CORPUS, *SIDES, first_strength=first)
    assert found.strength == fit_linear(CORPUS, *SIDES).strength


def test_of_many_labels_the_most_frequent_choose_the_strength_and_all_are_fitted() -> None:
    # 120 labels: 20 on one text each, the others copies of the most frequent one.
    rare = np.eye(400, 20, dtype=np.uint8)
    labels = np.hstack([rare, np.repeat(LABELS[:, :1], 100, axis=1)])
    found = fit_linear(with_labels(labels), *SIDES)
    alone = fit_linear(with_labels(LABELS[:, :1]), *SIDES)
    assert found.strength == alone.strength
    assert found.probabilities.shape == (100, 120)
    assert np.abs(found.probabilities[:, 20:] - alone.probabilities).max() < 1e-3
    assert found.probabilities[:, :20].max() < 0.1


def test_a_label_on_no_text_or_on_all_is_predicted_by_its_prior() -> None:
    labels = LABELS.copy()
    labels[TRAIN, 1], labels[TRAIN, 4] = 0, 1
    found = fit_linear(with_labels(labels), *SIDES)
    assert found.probabilities[:, 1].tolist() == pytest.approx([0.5 / 301] * 100)
    assert found.probabilities[:, 4].tolist() == pytest.approx([300.5 / 301] * 100)


def test_texts_that_share_no_word_are_predicted_by_the_priors() -> None:
    labels = np.array([[1], [0], [0]], dtype=np.uint8)
    found = fit_linear(*both(["a", "b", "!"], labels, ["a", "?"], labels[:2]))
    assert found.n_words == 0
    assert np.array_equal(found.probabilities, prior_probabilities(labels, 2))


def test_a_single_repeated_text_is_predicted_near_its_frequency() -> None:
    labels = np.array([[1], [0], [0], [0]], dtype=np.uint8)
    found = fit_linear(*both(["one text"] * 4, labels, ["one text"], labels[:1]))
    assert found.probabilities[0, 0] == pytest.approx(0.25, abs=3e-3)


def test_a_text_that_gives_its_label_away_takes_the_greatest_strength() -> None:
    texts, labels = ["yes it is", "no it is"] * 20, np.array([[1], [0]] * 20, dtype=np.uint8)
    found = fit_linear(*both(texts, labels, texts, labels))
    assert found.strength == STRENGTHS[1]
    assert found.val_loss < 0.001


def test_a_curve_has_a_fit_a_part_and_ends_with_the_whole() -> None:
    # Train is the first 300 texts, so its positions are those of the corpus.
    curve = list(fit_linear_curve(CORPUS, growing_parts(300, seed=0), SIDES[1]))
    assert len(curve) == 5
    assert curve[-1].val_loss == pytest.approx(fit_linear(CORPUS, *SIDES).val_loss, abs=1e-4)
    assert curve[0].val_loss > curve[-1].val_loss
    assert curve[0].n_words < curve[-1].n_words


class Clock:
    """Answers that time is over at one of the looks, counted from 1; with 0 at none."""

    def __init__(self, over_at: int) -> None:
        self.n_looks, self.over_at = 0, over_at

    def __call__(self) -> bool:
        self.n_looks += 1
        return self.n_looks == self.over_at


@pytest.mark.parametrize("over_at", [1, 6, 13])
def test_time_that_is_over_cuts_a_fit_off_before_its_next_label(over_at: int) -> None:
    # Six labels: in the first, at the end of the first and in the third strength that is tried.
    clock = Clock(over_at)
    with pytest.raises(CutOff):
        fit_linear(CORPUS, *SIDES, is_over=clock)
    assert clock.n_looks == over_at


def test_time_is_looked_at_too_where_all_labels_are_fitted_after_the_choice() -> None:
    # Of 101 labels only one is on any text: it is fitted once more than where it is alone.
    many = np.hstack([LABELS[:, :1], np.zeros((400, 100), np.uint8)])
    chosen, whole = Clock(0), Clock(0)
    fit_linear(with_labels(many[:, :1]), *SIDES, is_over=chosen)
    corpus = with_labels(many)
    fit_linear(corpus, *SIDES, is_over=whole)
    assert whole.n_looks == chosen.n_looks + 1
    with pytest.raises(CutOff):
        fit_linear(corpus, *SIDES, is_over=Clock(whole.n_looks))


def test_time_that_is_over_cuts_a_curve_off_in_any_of_its_parts() -> None:
    parts, whole = growing_parts(300, seed=0), Clock(0)
    assert len(list(fit_linear_curve(CORPUS, parts, SIDES[1], is_over=whole))) == len(parts)
    with pytest.raises(CutOff):
        list(fit_linear_curve(CORPUS, parts, SIDES[1], is_over=Clock(whole.n_looks)))


def test_a_side_without_texts_is_refused() -> None:
    nothing = np.arange(0)
    with pytest.raises(ValueError, match="both sides, got 0 and 100"):
        fit_linear(CORPUS, nothing, SIDES[1])
    with pytest.raises(ValueError, match="both sides, got 300 and 0"):
        fit_linear(CORPUS, SIDES[0], nothing)


def test_a_first_strength_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="first_strength must be in"):
        fit_linear(*both(["a"], LABELS[:1], ["a"], LABELS[:1]), first_strength=0.0)


def test_real_reviews_of_two_classes_are_told_apart(real_data: Path) -> None:
    corpus = open_corpus(str(real_data / "rt_polarity.csv"))
    split = split_corpus(corpus, seed=0)
    found = fit_linear(corpus, split.train, split.validation)
    # Pang and Lee (2005) have some 76 % of the signs right with single words.
    right = (found.probabilities > 0.5) == corpus.labels[split.validation]
    assert right.mean() > 0.74
    assert found.val_loss < 0.53
