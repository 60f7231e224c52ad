import pytest

from search.plots.search.marks import log_marks, number


@pytest.mark.parametrize(
    ("low", "high", "marks"),
    [
        (2000, 19000, [2000, 3000, 5000, 7000, 10000, 15000]),
        (3e-4, 1e-2, [5e-4, 1e-3, 2e-3, 5e-3, 1e-2]),
        (1e-3, 1e3, None),
        (150, 310, [150, 200, 300]),
        (7, 7, [7]),
    ],
)
def test_two_to_six_round_numbers_are_marked(
    low: float, high: float, marks: list[float] | None
) -> None:
    found = log_marks(low, high)
    assert len(found) <= 6
    assert all(low <= mark <= high * 1.0000001 for mark in found)
    if marks is not None:
        assert found == pytest.approx(marks)


def test_a_range_of_many_decades_has_a_few_powers() -> None:
    found = log_marks(1e-12, 1e12)
    assert 2 <= len(found) <= 7


def test_large_numbers_have_commas_and_small_ones_no_zeros_behind() -> None:
    assert [number(value) for value in (2_000_000.0, 50.0, 0.0005)] == ["2,000,000", "50", "0.0005"]
