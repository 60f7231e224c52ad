"""Divide made-up label matrices 80/10/10, and print how long it took and how well it was done.

    python benchmarks/split_time.py
    python benchmarks/split_time.py --most-labels 300

Labels are drawn independently, their frequencies following Zipf's law from half of the texts down.
Compared are the package iterative-stratification (pip install iterative-stratification; two shuffle
splits one after the other, which is how it makes three sides), our stratification alone, and the
whole of `carve_sides`. The rows are Markdown, for benchmarks/LOG.md.

A label's deviation is |share of its texts on a side - 0.1|, over both held-out sides, for labels of
more than 20 texts: the mean and the most. "Everywhere" is the share of the rarer labels, from three
texts up, that stand on every side. All are seeded with 0.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from iterstrat.ml_stratifiers import MultilabelStratifiedShuffleSplit
from scipy.sparse import csr_array

from search.data.split.strata import carve_sides
from search.data.split.stratification import stratify

SIZES = (
    *((6_000, 82), (10_000, 42), (35_000, 41)),
    *((10_000, 300), (10_000, 1_000), (20_000, 3_000)),
)
SHARE = 0.1

Labels = npt.NDArray[np.uint8]
Sides = npt.NDArray[np.int64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most-labels", type=int, default=3_000)
    most = parser.parse_args().most_labels
    print(
        "| texts x labels | by | seconds | validation, test | deviation mean | max | everywhere |"
    )
    print("|" + " --- |" * 7)
    for n_texts, n_labels in SIZES:
        if n_labels > most:
            continue
        labels = draw_labels(n_texts, n_labels)
        for name, divide in WAYS.items():
            print(f"| {n_texts:,} x {n_labels:,} | {name} | {row(labels, divide)} |", flush=True)


def draw_labels(n_texts: int, n_labels: int) -> Labels:
    shares = 0.5 / np.arange(1, n_labels + 1)
    drawn = [np.random.default_rng(i).random(n_texts) < share for i, share in enumerate(shares)]
    return np.array(drawn, dtype=np.uint8).T.copy()


def row(labels: Labels, divide: Callable[[Labels], Sides]) -> str:
    started = time.monotonic()
    sides = divide(labels)
    seconds = time.monotonic() - started
    counts = np.array([labels[sides == side].sum(axis=0, dtype=np.int64) for side in range(3)])
    sizes, totals = np.bincount(sides, minlength=3), counts.sum(axis=0)
    frequent, rare = totals > 20, (totals >= 3) & (totals <= 20)
    off = np.abs(counts[1:, frequent] / totals[frequent] - SHARE)
    everywhere = f"{(counts[:, rare] > 0).all(axis=0).mean():.1%}" if rare.any() else "-"
    return (
        f"{seconds:.2f} | {sizes[1]:,}, {sizes[2]:,} | {off.mean():.4f} | {off.max():.4f} "
        f"| {everywhere}"
    )


def by_library(labels: Labels) -> Sides:
    sides = np.zeros(len(labels), dtype=np.int64)
    for side in (2, 1):
        left = np.flatnonzero(sides == 0)
        size = round(SHARE * len(labels))
        splitter = MultilabelStratifiedShuffleSplit(n_splits=1, test_size=size, random_state=0)
        _, chosen = next(splitter.split(left, labels[left]))
        sides[left[chosen]] = side
    return sides


def by_stratification(labels: Labels) -> Sides:
    weights = np.ones(len(labels), dtype=np.int64)
    totals = np.append(labels.sum(axis=0, dtype=np.int64), len(labels))
    needs = np.outer(totals, [1 - 2 * SHARE, SHARE, SHARE])
    return stratify(csr_array(labels.astype(np.int64)), weights, needs, seed=0)


def by_all_of_it(labels: Labels) -> Sides:
    return carve_sides(np.arange(len(labels)), labels, missing=(2, 1), share=SHARE, seed=0)


WAYS = {"`carve_sides`": by_all_of_it, "`stratify`": by_stratification, "library": by_library}

if __name__ == "__main__":
    main()
