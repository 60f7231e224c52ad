import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression

from search.baselines.linear import fit_linear
from search.baselines.linear_model import (
    LINEAR_FILE,
    LinearModel,
    count_words,
    read_linear,
    weigh_words,
)
from search.data.labelled_texts import LabelledTexts
from search.data.named.synopses.generate import generate
from search.metrics.task import Task
from search.text.tokens import tokenize
from search.text.words import split_words

TEXTS = generate(60, seed=5).texts


def singles(*values: float) -> npt.NDArray[np.float32]:
    return np.array(values, np.float32)


def make_model(task: Task = Task.MULTILABEL) -> LinearModel:
    """Two words and three labels, of which the last could not be learned."""
    return LinearModel(
        words=("killer", "love"),
        idf=singles(3.0, 4.0),
        coefficients=np.array([[1.0, -1.0, 0.0], [0.5, 2.0, 0.0]], np.float32),
        intercepts=singles(-1.0, 0.25, 0.0),
        priors=singles(0.375, 0.5, 0.125),
        is_learned=np.array([True, True, False]),
        task=task,
    )


def sigmoid(logit: float) -> float:
    return float(1.0 / (1.0 + np.exp(-logit)))


def test_one_of_each_word_is_predicted_as_by_hand() -> None:
    # The weights 3 and 4 have the length 5, so the text is 0.6 killer and 0.8 love.
    (row,) = make_model().predict(tokenize(["love, unheard: killer!"]))
    by_hand = [sigmoid(-1 + 0.6 * 1 + 0.8 * 0.5), sigmoid(0.25 - 0.6 + 0.8 * 2), 0.125]
    assert row.dtype == np.float32
    assert row.tolist() == pytest.approx(by_hand, rel=1e-6)


def test_a_repeated_word_counts_1_plus_ln_of_its_count() -> None:
    (row,) = make_model().predict(tokenize(["killer killer killer love"]))
    killer, love = 3 * (1 + np.log(3)), 4.0
    length = np.hypot(killer, love)
    logit = -1 + killer / length + 0.5 * love / length
    assert row[0] == pytest.approx(sigmoid(logit), rel=1e-6)


def test_a_text_without_known_words_gets_the_intercepts() -> None:
    rows = make_model().predict(tokenize(["nothing of this", "!"]))
    by_hand = [sigmoid(-1), sigmoid(0.25), 0.125]
    assert rows.tolist() == [pytest.approx(by_hand, rel=1e-6)] * 2


def test_one_choice_shares_what_the_labels_that_were_not_learned_leave() -> None:
    (row,) = make_model(Task.MULTICLASS).predict(tokenize(["killer love"]))
    # The logits are those of the first test: 0 and 1.25; the priors of the two sum to 0.875.
    share = 1 / (1 + np.exp(1.25))
    by_hand = [0.875 * share, 0.875 * (1 - share), 0.125]
    assert row.tolist() == pytest.approx(by_hand, rel=1e-6)


@pytest.mark.parametrize("task", [Task.MULTILABEL, Task.MULTICLASS])
def test_where_no_label_was_learned_all_get_their_priors(task: Task) -> None:
    model = replace(make_model(task), is_learned=np.zeros(3, np.bool_))
    assert model.predict(tokenize(["killer", "?"])).tolist() == [[0.375, 0.5, 0.125]] * 2


def test_its_weights_are_counted_with_those_of_the_words() -> None:
    assert make_model().n_parameters == 2 + 2 * 3 + 3


def test_no_texts_have_no_rows() -> None:
    assert make_model().predict(tokenize([])).shape == (0, 3)


def test_words_are_counted_and_weighed_as_by_scikit_learn() -> None:
    vectorizer = CountVectorizer(analyzer=split_words, dtype=np.float32)
    counts = vectorizer.fit_transform(TEXTS[:40])
    transformer = TfidfTransformer(sublinear_tf=True).fit(counts)
    theirs = transformer.transform(vectorizer.transform(TEXTS))
    own = count_words(tokenize(TEXTS), vectorizer.get_feature_names_out().tolist())
    assert np.array_equal(own.toarray(), vectorizer.transform(TEXTS).toarray())
    weighed = weigh_words(own, transformer.idf_)
    assert weighed.dtype == np.float32
    assert np.array_equal(weighed.toarray(), theirs.toarray())


@pytest.mark.parametrize("n_labels", [2, 3])
def test_classes_are_predicted_as_by_scikit_learns_regression(n_labels: int) -> None:
    """Two classes have one row of coefficients there; the third is on no text here."""
    classes = np.array(["old" in text for text in TEXTS], np.int64)
    assert 5 < classes.sum() < 55
    labels = np.eye(n_labels, dtype=np.uint8)[classes]
    corpus = LabelledTexts(TEXTS, labels, tuple("abc"[:n_labels]), Task.MULTICLASS)
    fitted = fit_linear(corpus, np.arange(40), np.arange(40, 60))
    model = fitted.model
    weighed = weigh_words(count_words(corpus.tokens, model.words), model.idf)
    regression = LogisticRegression(C=fitted.strength, tol=1e-8, max_iter=10_000)
    theirs = regression.fit(weighed[:40], classes[:40]).predict_proba(weighed[40:])
    mass = 1 - 0.5 / (40 + n_labels / 2) * (n_labels - 2)
    assert np.abs(fitted.probabilities[:, :2] - mass * theirs).max() < 2e-3
    assert fitted.probabilities.sum(axis=1) == pytest.approx(np.ones(20), abs=1e-6)
    assert np.array_equal(model.is_learned, [True, True, False][:n_labels])
    assert not model.coefficients[:, 0].any()


@pytest.mark.parametrize("task", Task)
def test_it_is_read_as_it_was_saved(tmp_path: Path, task: Task) -> None:
    model = make_model(task)
    model.save(tmp_path)
    read = read_linear(tmp_path, model.words, task)
    tokens = tokenize(["killer", "love love", "?"])
    assert np.array_equal(read.predict(tokens), model.predict(tokens))
    assert read.n_parameters == model.n_parameters


def _write(path: Path, **changes: Any) -> None:
    model = make_model()
    names = ("idf", "coefficients", "intercepts", "priors", "is_learned")
    arrays = {name: getattr(model, name) for name in names} | changes
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})


def _turn_byte(path: Path) -> None:
    """Turn a byte inside the compressed values of the first array."""
    content = bytearray(path.read_bytes())
    content[100] ^= 255
    path.write_bytes(content)


def _save_one(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, singles(1.0))


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda path: path.write_bytes(b""), id="empty"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:-30]), id="cut"),
        pytest.param(_turn_byte, id="a byte turned"),
        pytest.param(lambda path: path.write_bytes(pickle.dumps([1])), id="pickle"),
        pytest.param(_save_one, id="one array"),
        pytest.param(lambda path: _write(path, idf=None), id="array missing"),
        pytest.param(lambda path: _write(path, idf=np.array([{}, {}])), id="array of objects"),
        pytest.param(lambda path: _write(path, idf=singles(1.0)), id="too few words"),
        pytest.param(lambda path: _write(path, priors=np.zeros(3)), id="another type"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, damage: Callable[[Path], Any]) -> None:
    model = make_model()
    model.save(tmp_path)
    damage(tmp_path / LINEAR_FILE)
    with pytest.raises(ValueError):
        read_linear(tmp_path, model.words, model.task)


def test_a_word_that_repeats_is_refused(tmp_path: Path) -> None:
    make_model().save(tmp_path)
    with pytest.raises(ValueError, match="words must differ"):
        read_linear(tmp_path, ("love", "love"), Task.MULTILABEL)
