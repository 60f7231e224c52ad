"""The linear baseline where each text has exactly one label: multinomial regression."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from search.baselines.linear import LinearBaseline, fit_linear, fit_linear_curve
from search.baselines.priors import prior_probabilities
from search.baselines.regressions import CutOff
from search.data.labelled_texts import LabelledTexts
from search.metrics.task import Task
from search.text.words import split_words

SIDES = (np.arange(300), np.arange(300, 400))
"""Positions of the texts to learn from, and to measure on."""
N_LABELS = 5


def draw(seed: int = 3) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Draw 400 texts of common words and of words that a class has, mostly that of the text."""
    generator = np.random.default_rng(seed)
    classes = generator.choice(N_LABELS, 400, p=[0.4, 0.3, 0.15, 0.1, 0.05])
    texts = []
    for label in classes:
        shown = label if generator.random() < 0.7 else generator.integers(N_LABELS)
        common = [f"common{i}" for i in generator.integers(0, 60, 8)]
        texts.append(
            " ".join([*common, *(f"word{shown}x{i}" for i in generator.integers(0, 4, 2))])
        )
    return texts, classes


TEXTS, CLASSES = draw()


def make_corpus(classes: npt.NDArray[np.int64], n_labels: int = N_LABELS) -> LabelledTexts:
    names = tuple(f"label {i}" for i in range(n_labels))
    labels = np.eye(n_labels, dtype=np.uint8)[classes]
    return LabelledTexts(tuple(TEXTS), labels, names, Task.MULTICLASS)


CORPUS = make_corpus(CLASSES)


@pytest.fixture(scope="module")
def found() -> LinearBaseline:
    return fit_linear(CORPUS, *SIDES)


def by_scikit_learn(strength: float, classes: npt.NDArray[np.int64] = CLASSES) -> np.ndarray:
    train, others = SIDES
    vectorizer = TfidfVectorizer(analyzer=split_words, min_df=2, sublinear_tf=True)
    features = vectorizer.fit_transform([TEXTS[place] for place in train])
    model = LogisticRegression(C=strength, tol=1e-8, max_iter=10_000)
    model.fit(features, classes[train])
    return np.asarray(model.predict_proba(vectorizer.transform([TEXTS[row] for row in others])))


def measure(probabilities: npt.ArrayLike) -> float:
    return float(log_loss(CLASSES[SIDES[1]], probabilities, labels=list(range(N_LABELS))))


def test_the_probabilities_are_those_of_scikit_learns_multinomial_regression(
    found: LinearBaseline,
) -> None:
    theirs = by_scikit_learn(found.strength)
    assert found.probabilities.dtype == np.float32
    assert found.probabilities.sum(axis=1) == pytest.approx(np.ones(100), abs=1e-6)
    assert np.abs(found.probabilities - theirs).max() < 2e-3
    assert found.val_loss == pytest.approx(measure(theirs), abs=1e-3)
    assert found.train_loss < found.val_loss < np.log(N_LABELS)


def test_no_strength_beside_the_chosen_one_is_better_on_validation(found: LinearBaseline) -> None:
    for factor in (0.5, 2.0):
        assert measure(by_scikit_learn(factor * found.strength)) > found.val_loss - 1e-4


def test_a_class_on_no_train_text_keeps_its_prior_and_the_rows_sum_to_1() -> None:
    classes = CLASSES.copy()
    # The fourth class is on validation texts alone.
    classes[:300][classes[:300] == 3] = 0
    assert (classes[300:] == 3).any()
    found = fit_linear(make_corpus(classes), *SIDES)
    prior = 0.5 / (300 + N_LABELS / 2)
    assert found.probabilities[:, 3].tolist() == pytest.approx([prior] * 100)
    assert found.probabilities.sum(axis=1) == pytest.approx(np.ones(100), abs=1e-6)
    others = np.delete(found.probabilities, 3, axis=1) / (1 - prior)
    assert np.abs(others - by_scikit_learn(found.strength, classes)).max() < 2e-3


def test_one_class_on_all_train_texts_leaves_the_priors() -> None:
    classes = np.zeros(400, np.int64)
    classes[300:350] = 1
    corpus = make_corpus(classes, n_labels=3)
    found = fit_linear(corpus, *SIDES)
    priors = prior_probabilities(corpus.labels[:300], 100, Task.MULTICLASS)
    assert np.array_equal(found.probabilities, priors)


def test_two_classes_as_a_choice_have_probabilities_that_sum_to_1() -> None:
    found = fit_linear(make_corpus(CLASSES // 2 % 2, n_labels=2), *SIDES)
    assert found.probabilities.sum(axis=1) == pytest.approx(np.ones(100), abs=1e-6)
    right = found.probabilities.argmax(axis=1) == CLASSES[300:] // 2 % 2
    assert right.mean() > 0.7


def test_more_than_a_hundred_classes_are_fitted_together() -> None:
    classes = CLASSES.copy()
    # 120 classes, most of them on one train text and on none of validation.
    classes[:116] = np.arange(116) + 4
    found = fit_linear(make_corpus(classes, n_labels=120), *SIDES)
    assert found.probabilities.shape == (100, 120)
    assert found.probabilities.sum(axis=1) == pytest.approx(np.ones(100), abs=1e-5)


def test_a_curve_has_a_fit_a_part_and_ends_with_the_whole(found: LinearBaseline) -> None:
    curve = list(fit_linear_curve(CORPUS, [np.arange(40), np.arange(300)], SIDES[1]))
    assert len(curve) == 2
    assert curve[-1].val_loss == pytest.approx(found.val_loss, abs=1e-3)
    assert curve[0].val_loss > curve[-1].val_loss
    for part in curve:
        assert part.probabilities.sum(axis=1) == pytest.approx(np.ones(100), abs=1e-6)


def make_clock(over_at: int) -> Callable[[], bool]:
    """Answer that time is over at one of the looks, counted from 1."""
    looks = iter(range(1, over_at + 1))
    return lambda: next(looks) == over_at


@pytest.mark.parametrize("over_at", [1, 2, 3])
def test_time_that_is_over_cuts_a_fit_off_before_its_next_strength(over_at: int) -> None:
    with pytest.raises(CutOff):
        fit_linear(CORPUS, *SIDES, is_over=make_clock(over_at))
