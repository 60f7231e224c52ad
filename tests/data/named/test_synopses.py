import re

import numpy as np
import pytest
from scipy.stats import bernoulli
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from search.data.corpus import Corpus, Task
from search.data.named.synopses.generate import Synopses, generate, priors
from search.data.named.synopses.vocabulary import read_vocabulary

WORDS = read_vocabulary()
PINNED_SHA256 = "729edc49e91068a1dfc79c28585c5c4546f9ecb9edec0088a524286784b71c94"


@pytest.fixture(scope="module")
def synopses() -> Synopses:
    return generate()


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def read_labels(text: str) -> set[str]:
    """Read off a text the labels that its cues stand for."""
    found = set[str]()
    for sentence in re.split(r"[.!?]", text.lower()):
        position = {word: i for i, word in enumerate(words_of(sentence))}
        found |= {cue.label for cue in WORDS.word_cues if not position.keys().isdisjoint(cue.nouns)}
        for pair in WORDS.order_cues:
            if pair.first in position and pair.second in position:
                is_forward = position[pair.first] < position[pair.second]
                found.add(pair.forward if is_forward else pair.backward)
    return found


def test_default_corpus_is_pinned_to_the_bit(synopses: Synopses) -> None:
    corpus = Corpus(
        name="synopses",
        texts=synopses.texts,
        labels=synopses.labels,
        label_names=synopses.label_names,
        task=Task.MULTILABEL,
    )
    assert corpus.sha256 == PINNED_SHA256


def test_same_seed_gives_the_same_corpus_and_another_seed_another() -> None:
    first, again, other = generate(50, seed=3), generate(50, seed=3), generate(50, seed=4)
    assert first.texts == again.texts
    assert np.array_equal(first.labels, again.labels)
    assert first.floor == again.floor
    assert not set(first.texts) & set(other.texts)


def test_noise_changes_labels_but_neither_texts_nor_truth() -> None:
    clean, noisy = generate(200, noise=0.0), generate(200, noise=4.0)
    assert clean.texts == noisy.texts
    assert np.array_equal(clean.truth, noisy.truth)
    assert np.array_equal(clean.labels, clean.truth)
    assert not np.array_equal(noisy.labels, noisy.truth)


def test_label_matrices_are_zero_or_one_bytes_with_a_column_a_name(synopses: Synopses) -> None:
    assert len(synopses.texts) == 6000
    assert len(set(synopses.label_names)) == 82
    for matrix in (synopses.labels, synopses.truth):
        assert matrix.shape == (6000, 82)
        assert matrix.dtype == np.uint8
        assert set(np.unique(matrix)) == {0, 1}


def test_observed_labels_have_the_density_and_the_tail_of_a_catalogue(synopses: Synopses) -> None:
    counts = synopses.labels.sum(axis=0, dtype=int)
    assert synopses.labels.mean() == pytest.approx(0.0396, abs=0.001)
    assert counts.max() >= 60 * counts.min()
    assert counts.min() >= 20
    assert counts.max() <= 0.35 * 6000


def test_every_text_has_one_to_seven_true_labels(synopses: Synopses) -> None:
    n_labels = synopses.truth.sum(axis=1)
    assert n_labels.min() == 1
    assert n_labels.max() == 7


def test_predicting_each_label_by_its_frequency_costs_about_0_134(synopses: Synopses) -> None:
    costs = [
        log_loss(column, np.full(6000, column.mean()), labels=[0, 1])
        for column in synopses.labels.T
    ]
    assert 0.130 <= np.mean(costs) <= 0.138


def test_priors_fall_from_first_to_last_as_inverse_squares() -> None:
    chances = priors()
    assert np.all(np.diff(chances) < 0)
    assert chances[0] / chances[81] == pytest.approx((92 / 11) ** 2)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_every_text_has_25_to_120_words(seed: int) -> None:
    lengths = [len(words_of(text)) for text in generate(2000, seed=seed).texts]
    assert min(lengths) >= 25
    assert max(lengths) <= 120


def test_texts_are_all_different_and_have_several_sentences(synopses: Synopses) -> None:
    assert len(set(synopses.texts)) == 6000
    for text in synopses.texts:
        sentences = text.removesuffix(".").split(". ")
        assert len(sentences) >= 3
        assert all(sentence[0].isupper() for sentence in sentences)


def test_no_text_contains_the_name_of_any_label(synopses: Synopses) -> None:
    names = "|".join(re.escape(name) for name in WORDS.label_names)
    assert not re.search(rf"\b(?:{names})\b", "\n".join(synopses.texts), re.IGNORECASE)


def test_articles_agree_with_the_sound_that_follows(synopses: Synopses) -> None:
    everything = "\n".join(synopses.texts)
    following = {
        article: set(re.findall(rf"\b{article} (\w+)", everything, re.IGNORECASE))
        for article in ("a", "an")
    }
    assert {word for word in following["a"] if word[0] in "aeiou"} == set()
    assert {word for word in following["an"] if word[0] not in "aeiou"} == set()
    # Spelled with a vowel but spoken without one, or the other way round.
    assert not re.search(r"\ban (?:uni|use|eu|one)|\ba (?:hour|honest|heir)", everything, re.I)


def test_true_labels_are_exactly_what_the_cues_in_the_text_say(synopses: Synopses) -> None:
    for text, row in zip(synopses.texts, synopses.truth, strict=True):
        assert read_labels(text) == {WORDS.label_names[column] for column in np.flatnonzero(row)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The old father slowly follows the daughter from Oslo.", {"Drama"}),
        ("The daughter from Oslo slowly follows the old father.", {"Comedy"}),
        ("The father sleeps badly. The daughter follows the baker.", set()),
        (
            "It begins with an old razor. The verdict delays the confession.",
            {"Giallo", "Legal Thriller"},
        ),
        ("Nothing happens.", set()),
    ],
    ids=["one order", "the other order", "two sentences", "by words", "no cue"],
)
def test_cues_are_read_by_word_and_by_order_within_a_sentence(
    text: str, expected: set[str]
) -> None:
    assert read_labels(text) == expected


def test_every_label_has_one_cue_and_every_noun_one_meaning() -> None:
    labels = [cue.label for cue in WORDS.word_cues]
    labels += [label for pair in WORDS.order_cues for label in (pair.forward, pair.backward)]
    nouns = [noun for cue in WORDS.word_cues for noun in cue.nouns]
    nouns += [noun for pair in WORDS.order_cues for noun in (pair.first, pair.second)]
    assert sorted(labels) == sorted(WORDS.label_names)
    assert len(set(nouns)) == len(nouns)


def test_most_labels_are_told_by_word_order(synopses: Synopses) -> None:
    by_order = {label for pair in WORDS.order_cues for label in (pair.forward, pair.backward)}
    columns = [column for column, name in enumerate(WORDS.label_names) if name in by_order]
    assert 0.55 <= synopses.truth[:, columns].sum() / synopses.truth.sum() <= 0.65


def test_nouns_of_an_order_cue_stand_within_eight_words(synopses: Synopses) -> None:
    for text in synopses.texts[:1000]:
        for sentence in text.split("."):
            words = words_of(sentence)
            for pair in WORDS.order_cues:
                if pair.first in words and pair.second in words:
                    assert abs(words.index(pair.first) - words.index(pair.second)) <= 8


def test_pairs_of_nouns_often_occur_without_a_cue(synopses: Synopses) -> None:
    with_words = [{"father", "daughter"} <= set(words_of(text)) for text in synopses.texts]
    with_cue = synopses.truth[:, :2].any(axis=1)
    assert np.all(np.asarray(with_words)[with_cue])
    assert 0.25 <= 1 - with_cue.sum() / sum(with_words) <= 0.45


def test_floor_is_the_entropy_of_the_noise_given_the_truth(synopses: Synopses) -> None:
    rates = np.where(synopses.truth == 1, 0.07, 0.035 * priors())
    assert synopses.floor == pytest.approx(bernoulli(rates).entropy().mean(), rel=1e-9)
    assert 0.017 <= synopses.floor <= 0.020


def test_whoever_knows_truth_and_noise_scores_the_floor(synopses: Synopses) -> None:
    expected = np.where(synopses.truth == 1, 1 - 0.07, 0.035 * priors())
    # The sum over 492,000 independent cells: one standard deviation is 0.0002.
    scored = log_loss(synopses.labels.ravel(), expected.ravel())
    assert scored == pytest.approx(synopses.floor, abs=0.001)


def test_without_noise_the_floor_is_zero() -> None:
    assert generate(20, noise=0.0).floor == 0.0


def test_fourfold_noise_lifts_the_floor_above_0_05() -> None:
    assert generate(1000, noise=4.0).floor > 0.05


@pytest.mark.parametrize("noise", [-0.1, 7.1, float("nan")])
def test_noise_that_would_turn_labels_around_is_refused(noise: float) -> None:
    with pytest.raises(ValueError, match=r"noise must be in \[0, 7\], got"):
        generate(5, noise=noise)


def test_no_texts_at_all_are_refused() -> None:
    with pytest.raises(ValueError, match="n_texts must be at least 1, got 0"):
        generate(0)


def test_logistic_regression_on_words_stays_above_0_06(synopses: Synopses) -> None:
    vectorizer = TfidfVectorizer()
    train = vectorizer.fit_transform(synopses.texts[:4800])
    validation = vectorizer.transform(synopses.texts[4800:])
    # Of 1, 3, 10, 30 and 100 the best C, chosen on the rows it is judged by.
    model = LogisticRegression(C=10.0, solver="liblinear")
    costs = [
        log_loss(column[4800:], model.fit(train, column[:4800]).predict_proba(validation))
        for column in synopses.labels.T
    ]
    assert 0.06 <= np.mean(costs) <= 0.075
