from itertools import pairwise

import numpy as np
import pytest

from search.data.split.parts import growing_parts


def test_five_parts_grow_by_doubling_to_all_of_train() -> None:
    parts = growing_parts(7046, seed=0)
    assert [part.size for part in parts] == [440, 881, 1762, 3523, 7046]
    assert parts[-1].tolist() == list(range(7046))


def test_each_part_holds_the_one_before_it() -> None:
    parts = growing_parts(1000, seed=1)
    for smaller, larger in pairwise(parts):
        assert np.isin(smaller, larger).all()


def test_positions_ascend_and_do_not_repeat() -> None:
    for part in growing_parts(300, seed=2):
        assert part.dtype == np.int64
        assert (np.diff(part) > 0).all()


def test_the_seed_decides_which_texts_come_first() -> None:
    first, again, other = (growing_parts(500, seed=seed)[0].tolist() for seed in (3, 3, 4))
    assert first == again != other


def test_the_smallest_train_side_still_has_five_texts_in_its_smallest_part() -> None:
    assert growing_parts(80, seed=0)[0].size == 5
    with pytest.raises(ValueError, match="at least 80 train texts, got 79"):
        growing_parts(79, seed=0)
