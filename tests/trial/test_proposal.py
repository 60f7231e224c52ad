import numpy as np
import pytest

from search.trial.proposal import derive_seed


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param((7,), id="study"),
        pytest.param((7, 3), id="trial"),
        pytest.param((7, 3, 1), id="fresh seed"),
        pytest.param((2**31, 3), id="large seed"),
    ],
)
def test_a_seed_is_half_of_what_numpys_seed_sequence_gives(parts: tuple[int, ...]) -> None:
    (state,) = np.random.SeedSequence(list(parts)).generate_state(1)
    assert derive_seed(*parts) == int(state) // 2
    assert 0 <= derive_seed(*parts) < 2**31


def test_trials_and_their_fresh_seeds_have_seeds_of_their_own() -> None:
    parts = [(study, trial, n) for study in range(4) for trial in range(20) for n in range(4)]
    assert len({derive_seed(*part) for part in parts}) == len(parts)


def test_the_order_of_the_parts_counts() -> None:
    assert derive_seed(3, 7) != derive_seed(7, 3)


def test_zeros_at_the_end_count_as_none() -> None:
    assert derive_seed(7, 0, 0) == derive_seed(7, 0) == derive_seed(7)
    assert derive_seed(0, 7) != derive_seed(7)


def test_a_part_below_zero_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="negative"):
        derive_seed(7, -1)
