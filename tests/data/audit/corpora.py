"""Small corpora to audit."""

from collections.abc import Sequence

import numpy as np

from search.data.corpus import Corpus, Task

NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def different_texts(count: int) -> list[str]:
    """Answer texts that share no two words in a row, their numbers below 1,000."""
    return [f"{' '.join(NUMBERS[int(digit)] + digit * 3 for digit in f'{i:03}')} w{i} x{i}"
            for i in range(count)]  # fmt: skip


def make(
    texts: Sequence[str],
    labels: Sequence[Sequence[int]] | None = None,
    names: Sequence[str] = ("Drama", "War"),
    **fields: object,
) -> Corpus:
    """Make a corpus; without labels each text has the first of them."""
    rows = [[1] + [0] * (len(names) - 1)] * len(texts) if labels is None else labels
    parts: dict[str, object] = {"task": Task.MULTILABEL, **fields}
    return Corpus(
        name="tiny",
        texts=tuple(texts),
        labels=np.array(rows, dtype=np.uint8).reshape(len(texts), len(names)),
        label_names=tuple(names),
        **parts,  # type: ignore[arg-type]
    )
