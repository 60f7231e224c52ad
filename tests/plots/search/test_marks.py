import pytest

from search.plots.search.marks import choose_ticks, format_number


@pytest.mark.parametrize(
    ("low", "high", "marks"),
    [
        pytest.param(2000, 19000, [2000, 3000, 5000, 7000, 10000, 15000], id="one decade"),
        pytest.param(3e-4, 1e-2, [5e-4, 1e-3, 2e-3, 5e-3, 1e-2], id="below 1"),
        pytest.param(1e-3, 1e3, None, id="six decades"),
        pytest.param(150, 310, [150, 200, 300], id="a factor of two"),
        pytest.param(7, 7, [7], id="one number"),
    ],
)
def test_two_to_six_round_numbers_are_marked(
    low: float, high: float, marks: list[float] | None
) -> None:
    found = [place for place, _ in choose_ticks(low, high, is_log=True)]
    assert len(found) <= 6
    assert all(low <= mark <= high * 1.0000001 for mark in found)
    if marks is not None:
        assert found == pytest.approx(marks)


def test_a_range_of_many_decades_has_a_few_powers() -> None:
    assert 2 <= len(choose_ticks(1e-12, 1e12, is_log=True)) <= 7


def test_large_numbers_have_commas_and_small_ones_no_zeros_behind() -> None:
    assert [format_number(value) for value in (2_000_000.0, 50.0, 0.0005)] == [
        "2,000,000",
        "50",
        "0.0005",
    ]


def test_a_linear_axis_has_round_numbers_between_its_ends() -> None:
    ticks = choose_ticks(0.12, 0.58, is_log=False)
    assert [text for _, text in ticks] == ["0.2", "0.3", "0.4", "0.5"]
