"""Growing parts of train, for learning curves. Owns their sizes; knows no corpus."""

import numpy as np
import numpy.typing as npt

N_PARTS = 5
"""Each part is twice the size of the one before it; the last is the whole of train."""
MIN_TEXTS = 80
"""Below this the smallest part would have fewer than five texts."""

Indices = npt.NDArray[np.int64]


def growing_parts(n_train: int, *, seed: int) -> tuple[Indices, ...]:
    """Draw five nested parts of train: a sixteenth, an eighth, a quarter, a half, and all of it.

    Each part holds the one before it, so a curve over them shows more texts and not other texts.
    The draw does not stratify: a label that has few texts is missing from a small part, as it
    would be from a small corpus.

    Args:
        n_train: number of train texts, at least 80.
        seed: of the draw, 0 or more.

    Returns:
        Positions in train, ascending, int64; sizes are n / 16, n / 8 and so on, rounded.

    Raises:
        ValueError: `n_train` is below 80: too few to learn anything from a sixteenth of them.
    """
    if n_train < MIN_TEXTS:
        raise ValueError(f"a learning curve needs at least {MIN_TEXTS} train texts, got {n_train}")
    order = np.random.default_rng(seed).permutation(n_train)
    sizes = [round(n_train / 2**halvings) for halvings in reversed(range(N_PARTS))]
    return tuple(np.sort(order[:size]).astype(np.int64) for size in sizes)
