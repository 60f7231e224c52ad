"""Groups of equal and nearly equal texts."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import log_loss

from search.data.corpus import open_corpus
from search.data.split.repeats import compute_forced_loss, find_repeats
from search.metrics.task import Task
from tests.workspace import ROOT

Change = Callable[[list[str], np.random.Generator], list[str]]


def replace_words(share: float) -> Change:
    def change(words: list[str], random: np.random.Generator) -> list[str]:
        changed = list(words)
        for place in random.choice(len(words), round(share * len(words)), replace=False):
            changed[place] = f"other{random.integers(1_000)}"
        return changed

    return change


def insert_words(words: list[str], random: np.random.Generator) -> list[str]:
    changed = list(words)
    for _ in range(3):
        changed.insert(int(random.integers(len(changed) + 1)), f"more{random.integers(1_000)}")
    return changed


def cut_sentence(words: list[str], random: np.random.Generator) -> list[str]:
    sentences = re.split(r"(?<=[.!?])\s+", " ".join(words))
    if len(sentences) > 2:
        sentences.pop(int(random.integers(len(sentences))))
    return " ".join(sentences).split()


CHANGES = {
    "5 % replaced": replace_words(0.05),
    "10 % replaced": replace_words(0.1),
    "3 words inserted": insert_words,
    "one sentence of three or more cut": cut_sentence,
}


def recall(texts: list[str], change: Change) -> float:
    """Answer how many of the texts, each joined by a changed copy, are found with that copy."""
    random = np.random.default_rng(0)
    copies = [" ".join(change(text.split(), random)) for text in texts]
    near = find_repeats([*texts, *copies]).near
    is_changed = np.array(
        [copy.split() != text.split() for text, copy in zip(texts, copies, strict=True)]
    )
    return float((near[: len(texts)] == near[len(texts) :])[is_changed].mean())


@cache
def read_texts(path: Path) -> list[str]:
    """Read a thousand texts of 20 words or more, spread over the file."""
    texts = [text for text in open_corpus(str(path)).texts if len(text.split()) >= 20]
    return texts[:: len(texts) // 1_000]


def test_equal_texts_are_grouped_without_regard_to_case_and_space() -> None:
    repeats = find_repeats(["One two", "other", "one\n TWO ", "other", "third"])
    assert repeats.exact.tolist() == [0, 1, 0, 1, 2]
    assert repeats.near.tolist() == [0, 1, 0, 1, 2]
    assert repeats.exact.dtype == repeats.near.dtype == np.int64


def test_texts_that_differ_in_punctuation_alone_are_nearly_equal() -> None:
    repeats = find_repeats(["A dog. It barks!", "none", "a dog it barks"])
    assert repeats.exact.tolist() == [0, 1, 2]
    assert repeats.near.tolist() == [0, 1, 0]


def test_text_that_is_a_part_of_another_is_nearly_equal() -> None:
    words = [f"w{i}" for i in range(70)]
    assert find_repeats([" ".join(words), " ".join(words[20:50])]).near.tolist() == [0, 0]
    assert find_repeats([" ".join(words), " ".join(words[20:35])]).near.tolist() == [0, 1]


@pytest.mark.parametrize(("n_words", "groups"), [(15, [0, 1]), (16, [0, 0])], ids=str)
def test_a_part_of_fewer_than_16_words_stays_apart(n_words: int, groups: list[int]) -> None:
    # Contained wholly; 14 or 15 of 24 pairs of words are shared: 0.58 and 0.63 of the union.
    words = [f"w{i}" for i in range(25)]
    assert find_repeats([" ".join(words), " ".join(words[:n_words])]).near.tolist() == groups


def test_groups_that_alternate_are_numbered_in_order_of_appearance() -> None:
    first, second = ([f"{name}{i}" for i in range(30)] for name in "ab")
    texts = [" ".join(text) for text in (first, second, first[1:], second[1:], first[:-1], ["c"])]
    repeats = find_repeats([texts[1], texts[0], texts[1], *texts[2:], texts[0]])
    assert repeats.exact.tolist() == [0, 1, 0, 2, 3, 4, 5, 1]
    assert repeats.near.tolist() == [0, 1, 0, 1, 0, 1, 2, 1]


def test_short_texts_of_one_phrase_stay_apart() -> None:
    phrase = "is a 1916 American short comedy film starring Harold Lloyd"
    texts = [f"Luke's lost {phrase}", f"Luke's busy {phrase}", f"Be my wife {phrase}"]
    assert find_repeats(texts).near.tolist() == [0, 0, 1]


def test_groups_are_what_pairs_connect() -> None:
    words = [f"w{i}" for i in range(60)]
    chain = [" ".join([f"x{i}" for i in range(part)] + words[part:]) for part in (0, 10, 20)]
    assert find_repeats([chain[0], chain[2]]).near.tolist() == [0, 1]
    assert find_repeats([chain[0], chain[2], chain[1]]).near.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("texts", "groups"),
    [([], []), (["a"], [0]), (["", ""], [0, 0]), (["!", "?", "!"], [0, 1, 0])],
    ids=["none", "one", "empty ones", "without words"],
)
def test_few_texts_and_texts_without_words_are_grouped(texts: list[str], groups: list[int]) -> None:
    repeats = find_repeats(texts)
    assert repeats.exact.tolist() == repeats.near.tolist() == groups


def test_thousands_of_variants_of_one_text_are_one_group() -> None:
    random = np.random.default_rng(0)
    words = [f"w{i}" for i in range(30)]
    texts = [" ".join(replace_words(0.05)(words, random)) for _ in range(2_000)]
    near = find_repeats([*texts, "a text of its own"]).near
    assert (near[:-1] == 0).mean() > 0.99
    assert near[-1] > 0


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize("file", ["netflix_titles.csv", "rt_polarity.csv", "imdb_reviews.jsonl.gz"])
def test_changed_copies_of_real_texts_are_found(real_data: Path, file: str, change: Change) -> None:
    if change is cut_sentence and file != "imdb_reviews.jsonl.gz":
        pytest.skip("these texts have one sentence, rarely more")
    assert recall(read_texts(real_data / file), change) >= 0.9


def test_real_texts_that_differ_are_rarely_joined(real_data: Path) -> None:
    texts = open_corpus(str(real_data / "netflix_titles.csv")).texts
    repeats = find_repeats(texts)
    assert len(texts) - 1 - repeats.exact.max() == 32
    assert repeats.exact.max() - repeats.near.max() < 0.005 * len(texts)
    assert np.bincount(repeats.near).max() <= 5


def test_groups_do_not_depend_on_the_hash_seed_of_python() -> None:
    program = (
        "from search.data.split.repeats import find_repeats\n"
        "texts = [f'w{i} ' * 3 + ' '.join(f'v{j}' for j in range(i % 7, i % 7 + 6))"
        " for i in range(60)]\n"
        "print(find_repeats(texts).near.tolist())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_conflicting_labels_force_the_entropy_of_their_mean() -> None:
    # Of six cells a row pair disagrees in one: two cells of ln 2 each.
    labels = np.array([[1, 0], [1, 1], [0, 1]], dtype=np.uint8)
    loss = compute_forced_loss(np.array([0, 0, 1]), labels)
    assert loss == pytest.approx(2 * np.log(2) / 6)


def test_forced_loss_weighs_a_group_by_its_texts() -> None:
    # Mean 1/4 over four texts: four cells of 0.562335 nats, of ten cells.
    groups = np.array([3, 0, 3, 3, 1, 3, 2, 4, 5, 6])
    labels = np.zeros((10, 1), dtype=np.uint8)
    labels[[2, 4]] = 1
    entropy = -(0.25 * np.log(0.25) + 0.75 * np.log(0.75))
    assert entropy == pytest.approx(0.562335, abs=1e-6)
    assert compute_forced_loss(groups, labels) == pytest.approx(4 * entropy / 10)


def test_forced_loss_keeps_groups_that_alternate_apart() -> None:
    # The first group disagrees on half of its two texts, the second one agrees.
    groups = np.array([0, 1, 0, 1])
    labels = np.array([[1], [1], [0], [1]], dtype=np.uint8)
    assert compute_forced_loss(groups, labels) == pytest.approx(2 * np.log(2) / 4)


@pytest.mark.parametrize(
    ("groups", "labels"),
    [([0, 1, 2], [[1], [0], [1]]), ([0, 0, 1], [[1], [1], [0]]), ([], np.empty((0, 3)))],
    ids=["no repeats", "no conflict", "no texts"],
)
def test_nothing_is_forced_without_conflicts(groups: list[int], labels: list[list[int]]) -> None:
    found = compute_forced_loss(np.array(groups, dtype=np.int64), np.array(labels, dtype=np.uint8))
    assert found == 0.0


def test_with_one_choice_conflicts_force_the_entropy_over_the_labels() -> None:
    # Four equal texts of 2, 1 and 1: an entropy of 1.5 ln 2 each, of seven texts. The pair agrees.
    groups = np.array([0, 1, 0, 2, 0, 2, 0])
    labels = np.eye(3, dtype=np.uint8)[[0, 1, 0, 2, 1, 2, 2]]
    loss = compute_forced_loss(groups, labels, Task.MULTICLASS)
    assert loss == pytest.approx(4 * 1.5 * np.log(2) / 7)


def test_the_forced_loss_of_one_choice_is_the_loss_of_the_best_prediction() -> None:
    generator = np.random.default_rng(2)
    groups, classes = generator.integers(0, 30, 100), generator.integers(0, 4, 100)
    labels = np.eye(4, dtype=np.uint8)[classes]
    # Equal texts get the mean of their labels.
    means = np.array([labels[groups == group].mean(axis=0) for group in groups])
    theirs = log_loss(classes, means, labels=[0, 1, 2, 3])
    assert compute_forced_loss(groups, labels, Task.MULTICLASS) == pytest.approx(theirs, rel=1e-6)


def test_nothing_is_forced_on_one_choice_without_conflicts() -> None:
    labels = np.eye(3, dtype=np.uint8)[[0, 0, 2]]
    assert compute_forced_loss(np.array([0, 0, 1]), labels, Task.MULTICLASS) == 0.0
    assert compute_forced_loss(np.arange(0), labels[:0], Task.MULTICLASS) == 0.0
