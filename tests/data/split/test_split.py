"""Dividing a corpus: sizes, groups, strata, and given splits."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from search.data.corpus import Corpus, Task, open_corpus
from search.data.split.repeats import Repeats, find_repeats
from search.data.split.split import Split, split_corpus
from search.errors import DataError


def make(
    labels: npt.NDArray[np.uint8] | list[list[int]],
    *,
    texts: list[str] | None = None,
    split: list[str] | None = None,
    binary: bool = False,
) -> Corpus:
    matrix = np.array(labels, dtype=np.uint8)
    return Corpus(
        name="tiny",
        texts=tuple(texts or [f"text {i}" for i in range(len(matrix))]),
        labels=matrix,
        label_names=tuple(f"l{i}" for i in range(matrix.shape[1])),
        task=Task.BINARY if binary else Task.MULTILABEL,
        negative_name="neg" if binary else "",
        given_split=tuple(split or ()),
    )


def draw(n_texts: int, shares: list[float]) -> npt.NDArray[np.uint8]:
    drawn = np.random.default_rng(7).random((n_texts, len(shares))) < np.array(shares)
    return drawn.astype(np.uint8)


def list_sides(split: Split) -> tuple[npt.NDArray[np.int64], ...]:
    return split.train, split.validation, split.test


def side_labels(corpus: Corpus, split: Split) -> npt.NDArray[np.int64]:
    """Count the texts of each label on each side: (3, n_labels)."""
    return np.array([corpus.labels[side].sum(axis=0, dtype=np.int64) for side in list_sides(split)])


def side_texts(corpus: Corpus, split: Split) -> list[set[str]]:
    plain = [" ".join(text.casefold().split()) for text in corpus.texts]
    return [{plain[i] for i in side} for side in list_sides(split)]


def test_sides_are_80_10_10_and_cover_every_text_once() -> None:
    split = split_corpus(make(draw(1_000, [0.5, 0.2, 0.1])), seed=3)
    assert [side.size for side in list_sides(split)] == pytest.approx([800, 100, 100], abs=5)
    assert np.array_equal(np.sort(np.concatenate(list_sides(split))), np.arange(1_000))
    assert all(side.dtype == np.int64 for side in list_sides(split))
    assert split.notes == ()


def test_labels_are_stratified() -> None:
    corpus = make(draw(2_000, [0.5, 0.2, 0.05, 0.05]))
    counts = side_labels(corpus, split_corpus(corpus, seed=0))
    np.testing.assert_allclose(counts[1], corpus.labels.sum(axis=0) / 10, atol=2)
    np.testing.assert_allclose(counts[2], corpus.labels.sum(axis=0) / 10, atol=2)


def test_binary_classes_keep_their_shares_exactly() -> None:
    corpus = make([[1]] * 300 + [[0]] * 700, binary=True)
    split = split_corpus(corpus, seed=1)
    assert side_labels(corpus, split).ravel().tolist() == [240, 30, 30]
    assert [side.size for side in list_sides(split)] == [800, 100, 100]


def test_same_seed_gives_the_same_split_whatever_the_global_generator() -> None:
    corpus = make(draw(300, [0.4, 0.2]))
    np.random.seed(1)
    first = split_corpus(corpus, seed=5)
    np.random.seed(2)
    assert split_corpus(corpus, seed=5).sha256 == first.sha256
    assert split_corpus(corpus, seed=6).sha256 != first.sha256


def test_equal_texts_stay_on_one_side_without_regard_to_case_and_space() -> None:
    texts = [f"{'Same' if i % 2 else 'same '}  text {i // 2}" for i in range(400)]
    corpus = make(draw(400, [0.4, 0.2]), texts=texts)
    split = split_corpus(corpus, seed=0)
    train, validation, test = side_texts(corpus, split)
    assert train.isdisjoint(validation | test)
    assert validation.isdisjoint(test)
    assert split.notes == ("200 texts repeat an earlier text",)


def test_nearly_equal_texts_stay_on_one_side() -> None:
    words = [f"w{i}" for i in range(3_000)]
    originals = [words[i * 25 : i * 25 + 25] for i in range(100)]
    texts = [" ".join(text) for text in originals]
    texts += [" ".join([*text[:12], "changed", *text[13:]]) for text in originals]
    split = split_corpus(make(draw(200, [0.4, 0.2]), texts=texts), seed=0)
    train, validation, test = ({int(i) % 100 for i in side} for side in list_sides(split))
    assert train.isdisjoint(validation | test)
    assert validation.isdisjoint(test)
    assert split.notes == ("100 texts nearly repeat an earlier text",)


def test_repeats_that_are_given_are_used() -> None:
    corpus, none = make(draw(200, [0.4, 0.2])), np.arange(200)
    pairs = Repeats(exact=none, near=none // 2)
    split = split_corpus(corpus, seed=0, repeats=pairs)
    assert all(np.array_equal(np.unique(side // 2 * 2), side[::2]) for side in list_sides(split))
    with pytest.raises(ValueError, match="repeats of 200 texts, but 100 texts"):
        split_corpus(make(draw(100, [0.4, 0.2])), seed=0, repeats=pairs)


def test_text_with_very_many_repeats_stays_in_train() -> None:
    # A side gets 20 of 200 texts, and takes no group of more than a quarter of that.
    labels = draw(200, [0.5, 0.3])
    texts = ["often"] * 6 + [f"text {i}" for i in range(194)]
    for seed in range(10):
        split = split_corpus(make(labels, texts=texts), seed=seed)
        assert set(range(6)) <= set(split.train.tolist())
        assert [side.size for side in list_sides(split)] == pytest.approx([160, 20, 20], abs=2)


def test_sides_are_counted_in_texts_not_in_groups() -> None:
    # Half of the texts are 100 groups of five; a side gets a tenth of the texts all the same.
    texts = [f"text {i % 100}" for i in range(500)] + [f"other {i}" for i in range(500)]
    split = split_corpus(make(draw(1_000, [0.4, 0.2]), texts=texts), seed=0)
    assert [side.size for side in list_sides(split)] == pytest.approx([800, 100, 100], abs=5)


def test_texts_without_labels_are_placed_in_proportion() -> None:
    labels = draw(1_000, [0.3, 0.2])
    labels[:400] = 0
    corpus = make(labels)
    split = split_corpus(corpus, seed=0)
    bare = [int((corpus.labels[side].sum(axis=1) == 0).sum()) for side in list_sides(split)]
    total = int((corpus.labels.sum(axis=1) == 0).sum())
    assert bare == pytest.approx([0.8 * total, 0.1 * total, 0.1 * total], abs=10)


@pytest.mark.parametrize("n_texts", [1, 2])
def test_label_of_fewer_than_three_texts_goes_to_train_and_is_told(n_texts: int) -> None:
    labels = np.hstack([draw(200, [0.5, 0.3]), np.zeros((200, 1), dtype=np.uint8)])
    labels[-n_texts:, 2] = 1
    corpus = make(labels)
    split = split_corpus(corpus, seed=0)
    assert side_labels(corpus, split)[:, 2].tolist() == [n_texts, 0, 0]
    assert split.train_only_labels == ("l2",)
    assert split.labels_without_validation == split.labels_without_test == ("l2",)
    assert split.notes == ("in train only, having too few different texts to be divided: l2",)


def test_label_of_three_texts_that_are_equal_goes_to_train() -> None:
    labels = np.hstack([draw(200, [0.5, 0.3]), np.zeros((200, 1), dtype=np.uint8)])
    labels[:3, 2] = 1
    texts = ["equal"] * 3 + [f"text {i}" for i in range(197)]
    split = split_corpus(make(labels, texts=texts), seed=0)
    assert split.train_only_labels == ("l2",)


@pytest.mark.parametrize("n_texts", [3, 5, 10])
def test_label_of_three_texts_or_more_stands_on_every_side(n_texts: int) -> None:
    labels = np.hstack([draw(400, [0.5, 0.3]), np.zeros((400, 8), dtype=np.uint8)])
    for column in range(2, 10):
        labels[column * 20 : column * 20 + n_texts, column] = 1
    corpus = make(labels)
    for seed in range(5):
        split = split_corpus(corpus, seed=seed)
        assert (side_labels(corpus, split) > 0).all()
        assert split.train_only_labels == ()


def test_label_that_cannot_be_everywhere_is_told() -> None:
    # l2 needs a text on each side, but two of its three also have l3, which train must keep.
    labels = np.hstack([draw(200, [0.5, 0.3]), np.zeros((200, 2), dtype=np.uint8)])
    labels[:3, 2] = 1
    labels[:2, 3] = 1
    split = split_corpus(make(labels), seed=0)
    assert split.train_only_labels == ("l2", "l3")


def test_rare_negative_class_is_told_by_its_name() -> None:
    split = split_corpus(make([[1]] * 98 + [[0]] * 2, binary=True), seed=0)
    assert split.train_only_labels == ("neg",)


def test_only_output_of_a_multilabel_task_is_stratified_too() -> None:
    corpus = make([[1]] * 20 + [[0]] * 80)
    split = split_corpus(corpus, seed=0)
    assert side_labels(corpus, split).ravel().tolist() == [16, 2, 2]


def test_twenty_texts_can_be_divided() -> None:
    split = split_corpus(make([[1]] * 10 + [[0]] * 10, binary=True), seed=0)
    assert split.validation.size >= 1
    assert split.test.size >= 1


def test_too_few_different_texts_are_refused() -> None:
    corpus = make(draw(30, [0.5, 0.5]), texts=["a", "b"] * 15)
    with pytest.raises(DataError, match=r"expected more than 2 different texts .* found 0 of 2"):
        split_corpus(corpus, seed=0)


def test_corpus_of_one_repeated_text_is_refused() -> None:
    with pytest.raises(DataError, match=r"found 0 of 1: .* too many texts repeat them"):
        split_corpus(make(draw(30, [0.5, 0.5]), texts=["a"] * 30), seed=0)


def test_thousand_labels_of_one_text_each_are_refused() -> None:
    corpus = make(np.eye(1_000, dtype=np.uint8))
    with pytest.raises(DataError, match=r"more than 200 .* found 0 of 1,?000: .* label too rare"):
        split_corpus(corpus, seed=0)


def test_labels_that_are_all_equal_are_divided() -> None:
    corpus = make(np.ones((100, 2), dtype=np.uint8))
    assert side_labels(corpus, split_corpus(corpus, seed=0)).tolist() == [
        [80] * 2,
        [10] * 2,
        [10] * 2,
    ]


def test_rare_labels_do_not_swell_the_sides() -> None:
    # Twenty labels of three texts put twenty of the hundred texts of each held-out side there.
    labels = np.hstack([draw(1_000, [0.5, 0.3]), np.zeros((1_000, 20), dtype=np.uint8)])
    labels[np.arange(60), 2 + np.arange(60) // 3] = 1
    labels[:, 0] |= labels[:, 1] == 0
    corpus = make(labels)
    split = split_corpus(corpus, seed=0)
    assert (side_labels(corpus, split) > 0).all()
    assert [side.size for side in list_sides(split)] == pytest.approx([800, 100, 100], abs=5)


def test_given_split_is_kept() -> None:
    given = ["train"] * 50 + ["test"] * 30 + ["validation"] * 20
    split = split_corpus(make(draw(100, [0.5, 0.3]), split=given), seed=0)
    assert np.array_equal(split.train, np.arange(50))
    assert np.array_equal(split.test, np.arange(50, 80))
    assert np.array_equal(split.validation, np.arange(80, 100))
    assert split.notes == ("the split is the one of the file",)


@pytest.mark.parametrize(
    ("n_train", "n_taken"),
    [(800, 100), (300, 60)],
    ids=["a tenth of all", "at most a fifth of train"],
)
@pytest.mark.parametrize(("given", "lacking"), [("test", "validation"), ("validation", "test")])
def test_side_that_a_given_split_lacks_is_taken_from_train(
    n_train: int, n_taken: int, given: str, lacking: str
) -> None:
    sides = ["train"] * n_train + [given] * (1_000 - n_train)
    corpus = make(draw(1_000, [0.5, 0.3]), split=sides)
    split = split_corpus(corpus, seed=0)
    taken, kept = getattr(split, lacking), getattr(split, given)
    assert taken.size == pytest.approx(n_taken, abs=2)
    assert taken.max() < n_train
    assert np.array_equal(kept, np.arange(n_train, 1_000))
    assert split.notes == (f"the split is the one of the file; {lacking} is taken from train",)


@pytest.mark.parametrize(("share", "n_taken"), [(0.05, 40), (0.2, 160), (0.3, 240), (0.5, 400)])
@pytest.mark.parametrize("binary", [False, True])
def test_validation_takes_the_share_of_train_that_is_asked_for(
    share: float, n_taken: int, binary: bool
) -> None:
    labels = draw(1_000, [0.5] if binary else [0.5, 0.3])
    corpus = make(labels, split=["train"] * 800 + ["test"] * 200, binary=binary)
    split = split_corpus(corpus, seed=0, validation_share=share)
    assert split.validation.size == pytest.approx(n_taken, abs=2)
    assert split.train.size == 800 - split.validation.size
    assert np.array_equal(split.test, np.arange(800, 1_000))
    # Stratified as ever.
    rates = [corpus.labels[side].mean(axis=0) for side in (split.train, split.validation)]
    np.testing.assert_allclose(rates[0], rates[1], atol=0.02)


@pytest.mark.parametrize(
    "given",
    [
        [],
        ["train"] * 800 + ["validation"] * 200,
        ["train"] * 800 + ["validation"] * 100 + ["test"] * 100,
    ],
    ids=["no split", "validation", "validation and test"],
)
def test_a_share_is_for_files_that_lack_validation_alone(given: list[str]) -> None:
    corpus = make(draw(1_000, [0.5, 0.3]), split=given)
    asked = split_corpus(corpus, seed=0, validation_share=0.3)
    assert asked.sha256 == split_corpus(corpus, seed=0).sha256


def test_given_split_of_train_alone_is_divided_like_none() -> None:
    labels = draw(500, [0.5, 0.3])
    alone = split_corpus(make(labels, split=["train"] * 500), seed=4)
    assert alone.sha256 == split_corpus(make(labels), seed=4).sha256


def test_given_split_without_train_is_refused() -> None:
    corpus = make(draw(40, [0.5, 0.3]), split=["test"] * 20 + ["validation"] * 20)
    with pytest.raises(DataError, match=r"texts for train .* found only test and validation"):
        split_corpus(corpus, seed=0)


def test_texts_on_two_given_sides_are_left_and_counted() -> None:
    texts = [f"text {i % 60}" for i in range(100)]
    given = ["train"] * 60 + ["test"] * 20 + ["validation"] * 20
    split = split_corpus(make(draw(100, [0.5, 0.3]), texts=texts, split=given), seed=0)
    assert "20 texts stand in both train and validation" in split.notes
    assert "20 texts stand in both train and test" in split.notes
    assert split.test.size == 20


def test_nearly_equal_texts_on_two_given_sides_are_counted() -> None:
    words = " ".join(f"w{i}" for i in range(25))
    texts = [f"text {i}" for i in range(58)] + ["same", f"{words} one", "same", f"{words} two"]
    given = ["train"] * 60 + ["test"] * 2
    split = split_corpus(make(draw(62, [0.5, 0.3]), texts=texts, split=given), seed=0)
    assert "1 texts stand in both train and test" in split.notes
    assert "1 texts stand nearly the same in both train and test" in split.notes


def test_label_that_a_given_side_lacks_is_told() -> None:
    labels = np.ones((60, 2), dtype=np.uint8)
    labels[20:40, 1] = 0
    given = ["train"] * 20 + ["validation"] * 20 + ["test"] * 20
    split = split_corpus(make(labels, split=given), seed=0)
    assert split.train_only_labels == split.labels_without_test == ()
    assert split.labels_without_validation == ("l1",)
    assert split.notes[-1] == "no text of validation has the label: l1"


def test_long_list_of_labels_is_cut_short() -> None:
    labels = np.hstack([draw(400, [0.5, 0.3]), np.eye(400, 12, dtype=np.uint8)])
    notes = split_corpus(make(labels), seed=0).notes
    assert notes[0].endswith("l2, l3, l4, l5, l6, l7, l8, l9, l10, l11 and 2 more")


@pytest.mark.parametrize(
    ("sides", "message"),
    [
        (([0, 1], [3], [4]), "cover every text"),
        (([0, 1], [1], [2]), "cover every text"),
        (([1, 0], [2], [3]), "ascending"),
    ],
    ids=["one left out", "one twice", "descending"],
)
def test_split_that_divides_nothing_is_a_programmers_mistake(
    sides: tuple[list[int], ...], message: str
) -> None:
    train, validation, test = (np.array(side, dtype=np.int64) for side in sides)
    with pytest.raises(ValueError, match=message):
        Split(train=train, validation=validation, test=test)


@pytest.mark.parametrize("file", ["netflix_titles.csv", "IMDB-Movie-Data.csv"])
def test_real_labels_stand_on_every_side(real_data: Path, file: str) -> None:
    corpus = open_corpus(str(real_data / file))
    for seed in range(3):
        split = split_corpus(corpus, seed=seed)
        counts = side_labels(corpus, split)
        frequent = corpus.labels.sum(axis=0) >= 10
        assert (counts[:, frequent] > 0).all()
        train, validation, test = side_texts(corpus, split)
        assert train.isdisjoint(validation | test)
        assert validation.isdisjoint(test)
        assert split.train.size == pytest.approx(0.8 * len(corpus.texts), rel=0.01)


def test_wikipedia_is_divided_with_its_repeated_extracts(real_data: Path) -> None:
    corpus = open_corpus(str(real_data / "wikipedia_movies.jsonl.gz"))
    repeats = find_repeats(corpus.texts)
    split = split_corpus(corpus, seed=0, repeats=repeats)
    assert (side_labels(corpus, split) > 0).all()
    assert split.notes[0] == "255 texts repeat an earlier text"
    train, validation, test = (set(repeats.near[side].tolist()) for side in list_sides(split))
    assert train.isdisjoint(validation | test)
    assert validation.isdisjoint(test)


def test_imdb_reviews_keep_their_test_side(real_data: Path) -> None:
    corpus = open_corpus(str(real_data / "imdb_reviews.jsonl.gz"))
    split = split_corpus(corpus, seed=0)
    assert split.test.size == 25_000
    assert {corpus.given_split[i] for i in split.test} == {"test"}
    assert split.validation.size == pytest.approx(5_000, abs=10)
    assert "123 texts stand in both train and test" in split.notes


def test_hash_knows_where_a_side_ends() -> None:
    # The same positions in the same order, divided elsewhere.
    positions = np.arange(4, dtype=np.int64)
    ends = ((2, 3), (1, 3), (2, 4))
    hashes = {
        Split(positions[:first], positions[first:second], positions[second:]).sha256
        for first, second in ends
    }
    assert len(hashes) == 3
