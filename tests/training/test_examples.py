import numpy as np

from search.text.vocabulary import EncodedTexts
from search.training.examples import Examples


def examples() -> Examples:
    """Text i is i + 1 times the id i + 2, and its label is whether i is odd."""
    ids = np.concatenate([np.full(i + 1, i + 2, np.int32) for i in range(10)])
    offsets = np.concatenate(([0], np.cumsum(np.arange(1, 11)))).astype(np.int64)
    labels = (np.arange(10) % 2)[:, None].astype(np.uint8)
    return Examples(EncodedTexts(ids, offsets), labels)


def test_a_sample_keeps_texts_with_their_labels_and_in_their_order() -> None:
    sample = examples().sample(6, seed=3)
    lengths = sample.texts.lengths
    assert len(sample.texts) == 6
    assert lengths.tolist() == sorted(set(lengths.tolist()))
    assert sample.labels[:, 0].tolist() == ((lengths - 1) % 2).tolist()
    starts = sample.texts.ids[sample.texts.offsets[:-1]]
    assert starts.tolist() == (lengths + 1).tolist()
    assert sample.texts.ids.dtype == np.int32 and sample.texts.offsets.dtype == np.int64


def test_one_seed_draws_the_same_and_another_something_else() -> None:
    def drawn(seed: int) -> list[int]:
        return [int(length) for length in examples().sample(5, seed=seed).texts.lengths]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_where_there_are_fewer_all_are_taken() -> None:
    whole = examples()
    assert whole.sample(10, seed=0) is whole
    assert whole.sample(99, seed=0) is whole
