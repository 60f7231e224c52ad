"""Find pairs of texts that share most of their shingles, without comparing each with each.

Owns the sketches, the bands and the exact check of what they propose. Knows no groups and no
corpus. MinHash, resemblance and containment: Broder, On the resemblance and containment of
documents, 1997. Bands: Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, chapter 3.

The package datasketch does not replace this: with the same bands it needed 8 s for 8,807 Netflix
titles and 24 s for 34,266 leads of Wikipedia, without the exact check; this module takes 0.3 s and
2.8 s with it (benchmarks/LOG.md, "Near repeats by a library").
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ...text.tokens import TokenSequences
from .shingles import Hashes, Positions, hash_shingles, mix

N_BANDS = 40
BAND_ROWS = 3
"""Minima a band: texts of resemblance j agree in a band with probability j^3."""
LEAST_BANDS = 2
"""Texts that agree in so many bands are compared: 99.4 % of those of resemblance 0.55, 52 % of
those of 0.35, 4 % of those of 0.2 (binomial)."""
SPAN = 2
"""A text is paired with so many of the next ones that agree with it in a band, which bounds the
work where thousands agree."""

_CHUNK_WORDS = 1 << 18

Pairs = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]


def compare_alike(texts: TokenSequences) -> tuple[Pairs, Shares, Shares]:
    """Compare the texts whose sketches agree.

    The hash functions are fixed: the same texts give the same pairs. A text without words is in no
    pair.

    Returns:
        Positions of two texts, the lower first, int64, (n_pairs, 2); the resemblance of each pair,
        which is the Jaccard index of its sets of shingles, 0 to 1, (n_pairs,); and its containment,
        which is the share of the smaller set that the other set has, 0 to 1, (n_pairs,).
    """
    worded = np.flatnonzero(texts.offsets[1:] > texts.offsets[:-1])
    sketch = np.empty((worded.size, N_BANDS), dtype=np.uint64)
    for start, stop in _chunks(texts, worded[:, None]):
        sketch[start:stop] = _sketch(*hash_shingles(texts, worded[start:stop]))
    pairs = worded[_agreeing(sketch)]
    resemblance, containment = shares = np.empty((2, len(pairs)))
    for start, stop in _chunks(texts, pairs):
        shares[:, start:stop] = _compare(*hash_shingles(texts, pairs[start:stop].ravel()))
    return pairs, resemblance, containment


def _chunks(texts: TokenSequences, rows: Pairs) -> Iterator[tuple[int, int]]:
    """Cut rows of texts into runs of about _CHUNK_WORDS words: first and one past last."""
    n_words = (texts.offsets[rows + 1] - texts.offsets[rows]).sum(axis=1)
    cuts = np.flatnonzero(np.diff(np.cumsum(n_words) // _CHUNK_WORDS)) + 1
    return pairwise([0, *cuts.tolist(), len(rows)])


def _sketch(hashes: Hashes, counts: Positions) -> Hashes:
    """Sketch texts of one shingle or more by a hash a band, (n_texts, N_BANDS)."""
    starts = np.cumsum(counts) - counts
    sketch = np.zeros((counts.size, N_BANDS), dtype=np.uint64)
    for number in range(N_BANDS * BAND_ROWS):
        # An odd multiplier permutes the numbers of 64 bits.
        multiplier = mix(np.array([number], dtype=np.uint64)) | np.uint64(1)
        minima = np.minimum.reduceat(hashes * multiplier, starts)
        band = number // BAND_ROWS
        sketch[:, band] = mix(sketch[:, band] ^ minima)
    return sketch


def _agreeing(sketch: Hashes) -> Pairs:
    """Pair the rows that agree in LEAST_BANDS bands or more: int64, (n_pairs, 2)."""
    n_texts = len(sketch)
    codes = [np.empty(0, dtype=np.int64)]
    for band in sketch.T:
        order = np.argsort(band, kind="stable")
        ranked = band[order]
        for span in range(1, min(SPAN, n_texts - 1) + 1):
            agree = np.flatnonzero(ranked[span:] == ranked[:-span])
            codes.append(order[agree] * n_texts + order[agree + span])
    unique, counts = np.unique(np.concatenate(codes), return_counts=True)
    return np.column_stack(np.divmod(unique[counts >= LEAST_BANDS], max(n_texts, 1)))


def _compare(hashes: Hashes, counts: Positions) -> Shares:
    """Answer resemblance and containment, (2, n_pairs); texts 2i and 2i + 1 are pair i."""
    owners = np.repeat(np.arange(counts.size, dtype=np.uint64), counts)
    # One sort of a number finds a pair's equal shingles side by side: pair in 20 bits (a chunk has
    # fewer pairs than words), shingle in 43 (two of a text's thousand meet once in 10^7 texts),
    # text in one.
    pair, side = owners >> np.uint64(1), owners & np.uint64(1)
    keys = np.unique(pair << np.uint64(44) | hashes >> np.uint64(21) << np.uint64(1) | side)
    sizes = np.bincount(
        (keys >> np.uint64(44) << np.uint64(1) | keys & np.uint64(1)).astype(np.int64),
        minlength=counts.size,
    ).reshape(-1, 2)
    both = keys[1:][keys[1:] >> np.uint64(1) == keys[:-1] >> np.uint64(1)]
    shared = np.bincount((both >> np.uint64(44)).astype(np.int64), minlength=len(sizes))
    return np.stack([shared / (sizes.sum(axis=1) - shared), shared / sizes.min(axis=1)])
