"""Dealing out rows by their labels."""

import numpy as np
import numpy.typing as npt
import pytest
from scipy.sparse import csr_array

from search.data.split.stratification import rows_by_column, stratify


def deal(
    labels: npt.NDArray[np.int64], shares: list[float], seed: int = 0
) -> npt.NDArray[np.int64]:
    totals = np.append(labels.sum(axis=0), len(labels))
    weights = np.ones(len(labels), dtype=np.int64)
    return stratify(csr_array(labels), weights, np.outer(totals, shares), seed=seed)


def draw(n_texts: int, n_labels: int) -> npt.NDArray[np.int64]:
    shares = 0.5 / np.arange(1, n_labels + 1)
    return (np.random.default_rng(3).random((n_texts, n_labels)) < shares).astype(np.int64)


def test_one_label_a_row_is_divided_exactly() -> None:
    labels = np.repeat(np.eye(3, dtype=np.int64), [100, 40, 60], axis=0)
    sides = deal(labels, [0.5, 0.3, 0.2])
    counts = [labels[sides == side].sum(axis=0).tolist() for side in range(3)]
    assert counts == [[50, 20, 30], [30, 12, 18], [20, 8, 12]]


def test_rows_without_labels_make_up_the_sizes() -> None:
    labels = np.zeros((100, 2), dtype=np.int64)
    labels[:10, 0] = 1
    sides = deal(labels, [0.7, 0.2, 0.1])
    assert np.bincount(sides).tolist() == [70, 20, 10]


def test_rarest_label_is_dealt_out_first() -> None:
    # Both labels share rows 0 and 1; dealt out first, label 1 stands once on either side.
    labels = np.zeros((10, 2), dtype=np.int64)
    labels[:, 0] = 1
    labels[:2, 1] = 1
    for seed in range(10):
        assert sorted(deal(labels, [0.5, 0.5], seed)[:2].tolist()) == [0, 1]


def test_heavy_rows_count_as_the_texts_they_are() -> None:
    counts = np.array([[8], *[[1]] * 8], dtype=np.int64)
    sides = stratify(csr_array(counts), counts[:, 0], np.array([[8.0, 8.0]] * 2), seed=0)
    assert counts[sides == sides[0]].sum() == pytest.approx(8, abs=1)


def test_drawn_labels_keep_their_shares() -> None:
    labels = draw(5_000, 60)
    sides = deal(labels, [0.8, 0.1, 0.1])
    assert np.bincount(sides) == pytest.approx([4_000, 500, 500], abs=2)
    for side in (1, 2):
        shares = labels[sides == side].sum(axis=0) / labels.sum(axis=0)
        assert np.abs(shares - 0.1).max() < 0.03
        assert np.abs(shares - 0.1).mean() < 0.005


def test_seed_alone_decides() -> None:
    labels = draw(300, 10)
    first = deal(labels, [0.8, 0.2], seed=1)
    np.random.seed(5)
    np.testing.assert_array_equal(deal(labels, [0.8, 0.2], seed=1), first)
    assert (deal(labels, [0.8, 0.2], seed=2) != first).any()


def test_needs_are_not_changed() -> None:
    needs = np.array([[1.0, 1.0], [2.0, 2.0]])
    stratify(csr_array(np.array([[1], [1], [0], [0]])), np.ones(4, dtype=np.int64), needs, seed=0)
    assert needs.tolist() == [[1.0, 1.0], [2.0, 2.0]]


def test_rows_of_each_column_are_ascending() -> None:
    matrix = csr_array(np.array([[0, 1, 0], [1, 2, 0], [3, 0, 0]]))
    assert [rows.tolist() for rows in rows_by_column(matrix)] == [[1, 2], [0, 1], []]
