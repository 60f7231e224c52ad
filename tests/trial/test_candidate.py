import pytest

from search.errors import StudyError
from search.metrics.comparison import Comparison
from search.trial.candidate import (
    AUTO,
    WINNERS,
    Candidate,
    Component,
    Contest,
    Kind,
    Pairing,
    find_cheapest,
)
from search.trial.objective import MACRO_F1, VAL_LOSS

NETWORK = Candidate(
    Kind.NETWORK,
    (Component("#3 gru 8", "a", number=3),),
    {"val_loss": 0.25, "parameters": 1000.0, "milliseconds_per_text": 0.5},
)
BASELINE = Candidate(Kind.BASELINE, (Component("linear", "b"),), {"val_loss": 0.5})
ENSEMBLE = Candidate(
    Kind.ENSEMBLE,
    (Component("#3 gru 8", "a", 0.6, 3), Component("linear", "b", 0.4)),
    {"val_loss": 0.125},
)
ALL = (NETWORK, BASELINE, ENSEMBLE)


@pytest.mark.parametrize("winner", [kind.value for kind in Kind])
def test_a_candidate_is_found_by_its_kind(winner: str) -> None:
    assert Contest(ALL, Kind.ENSEMBLE).find(winner).kind == winner


@pytest.mark.parametrize("kind", Kind)
def test_auto_finds_the_winner(kind: Kind) -> None:
    contest = Contest(ALL, kind)
    assert contest.find().kind is contest.find(AUTO).kind is kind


@pytest.mark.parametrize("missing", Kind)
def test_a_kind_that_is_not_there_is_named_with_those_that_are(missing: Kind) -> None:
    there = [candidate for candidate in ALL if candidate.kind is not missing]
    contest = Contest(tuple(there), there[0].kind, notes=("The run of #4 was deleted",))
    with pytest.raises(StudyError, match=f"of the kind {missing}, there is only") as refused:
        contest.find(missing)
    assert refused.value.parameter == "winner"
    assert f"{there[0].kind}, {there[1].kind}. The run of #4" in refused.value.message


def test_auto_is_the_first_of_the_winners_that_may_be_asked_for() -> None:
    assert WINNERS == ("auto", "network", "baseline", "ensemble")


def test_two_candidates_are_compared_both_ways_round() -> None:
    known = Comparison(-0.2, -0.3, 0.1, 0.9)
    contest = Contest(ALL, Kind.ENSEMBLE, (Pairing((Kind.NETWORK, Kind.BASELINE), known),))
    assert contest.compare(Kind.NETWORK, Kind.BASELINE) == known
    assert contest.compare(Kind.BASELINE, Kind.NETWORK) == Comparison(0.2, -0.1, 0.3, 0.9)
    assert contest.compare(Kind.NETWORK, Kind.ENSEMBLE) is None
    assert contest.compare(Kind.NETWORK, Kind.NETWORK) is None


def test_an_ensemble_is_named_by_its_number_of_models_and_others_by_their_name() -> None:
    assert [c.name for c in ALL] == ["#3 gru 8", "linear", "ensemble of 2 models"]
    assert str(NETWORK) == "network #3 gru 8: val_loss 0.2500"


def test_a_candidate_is_told_from_others_by_runs_and_weights() -> None:
    assert ENSEMBLE.key == "0.6 a + 0.4 b"
    assert len({candidate.key for candidate in ALL}) == 3


def test_the_expense_is_parameters_times_milliseconds() -> None:
    assert (NETWORK.n_parameters, NETWORK.expense) == (1000, 500.0)


@pytest.mark.parametrize(
    ("values", "expenses", "place"),
    [
        pytest.param([0.2, 0.3], [9, 1], 0, id="better"),
        pytest.param([0.2, 0.2009], [9, 1], 1, id="within half a percent"),
        pytest.param([0.2, 0.2011], [9, 1], 0, id="beyond half a percent"),
        pytest.param([0.2009, 0.2], [1, 9], 0, id="the other way round"),
        pytest.param([0.2, 0.2, 0.2], [5, 5, 5], 0, id="equal"),
        pytest.param([0.2, 0.2005, 0.201005], [9, 5, 1], 1, id="no chain"),
        pytest.param([0.0, 1e-9], [9, 1], 0, id="nothing to be within of"),
        pytest.param([0.5], [0], 0, id="one"),
    ],
)
def test_the_cheapest_of_the_lowest_losses_is_found(
    values: list[float], expenses: list[float], place: int
) -> None:
    assert find_cheapest(values, expenses, VAL_LOSS) == place


@pytest.mark.parametrize(
    ("values", "place"),
    [([0.2, 0.3], 1), ([0.4, 0.3981], 1), ([0.4, 0.3979], 0), ([0.0, 0.0], 1)],
)
def test_the_cheapest_of_the_highest_f1s_is_found(values: list[float], place: int) -> None:
    assert find_cheapest(values, [9, 1], MACRO_F1) == place


def test_nothing_is_found_among_nothing() -> None:
    with pytest.raises(ValueError):
        find_cheapest([], [], VAL_LOSS)
