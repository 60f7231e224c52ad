"""Pairs of texts that share shingles."""

from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np
import pytest

from search.data.split.minhash import Pairs, Shares, compare_alike
from search.text.tokens import tokenize


class Likeness(NamedTuple):
    pairs: Pairs
    resemblance: Shares
    containment: Shares


def compare(texts: list[str]) -> Likeness:
    return Likeness(*compare_alike(tokenize(texts).sequences))


def test_resemblance_and_containment_are_exact() -> None:
    # Pairs of words: ab bc cd de ef, and ab bc cd dx; three are shared, six in the union.
    alike = compare(["a b c d e f", "unlike all others here", "a b c d x"])
    assert alike.pairs.tolist() == [[0, 2]]
    assert alike.resemblance.tolist() == [3 / 6]
    assert alike.containment.tolist() == [3 / 4]


def test_shingles_that_repeat_in_a_text_count_once() -> None:
    alike = compare(["a b a b a b", "b a b"])
    assert alike.resemblance.tolist() == [1.0]


def test_texts_of_other_punctuation_are_wholly_alike() -> None:
    alike = compare(["It's a dog - so what?", "it s a dog so what"])
    assert alike.resemblance.tolist() == [1.0]
    assert alike.containment.tolist() == [1.0]


@pytest.mark.parametrize(
    "texts",
    [[], ["one"], ["", ""], ["...", "!"], ["a b", "c d"]],
    ids=["none", "one", "empty ones", "without words", "different ones"],
)
def test_nothing_alike_gives_no_pairs(texts: list[str]) -> None:
    alike = compare(texts)
    assert alike.pairs.shape == (0, 2)
    assert alike.resemblance.size == alike.containment.size == 0


def test_pairs_are_those_of_a_comparison_of_each_with_each() -> None:
    random = np.random.default_rng(1)
    texts = []
    for base in random.integers(0, 5_000, (200, 40)):
        changed = base.copy()
        changed[random.choice(40, random.integers(1, 8), replace=False)] += 5_000
        texts += [" ".join(f"w{number}" for number in numbers) for numbers in (base, changed)]
    sets = [set(pairwise(text.split())) for text in texts]
    shared = {pair: len(sets[pair[0]] & sets[pair[1]]) for pair in combinations(range(400), 2)}
    truth = {(i, j): n / len(sets[i] | sets[j]) for (i, j), n in shared.items() if n}
    alike = compare(texts)
    found = dict(zip(map(tuple, alike.pairs.tolist()), alike.resemblance.tolist(), strict=True))
    assert found == {pair: pytest.approx(truth[pair]) for pair in found}
    near = {pair for pair, resemblance in truth.items() if resemblance >= 0.55}
    assert len(near) >= 100
    assert len(near & found.keys()) >= 0.98 * len(near)
