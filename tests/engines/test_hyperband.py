import keras_tuner
import pytest

from search.engines.hyperband import (
    Position,
    count_sweep_trials,
    describe_brackets,
    list_promotable_ids,
    plan_sweep,
)

# Nine epochs, a third of the trials going on: nine trials, then three, then one.
LAST_BRACKET = (9, 3, 1)


def test_a_sweep_by_hand() -> None:
    # ceil(1 + log3 9) = 3 trials of all epochs in bracket 0; 3/2 and 3/3 are left in the others.
    assert plan_sweep(9, 3) == ((3,), (5, 2), LAST_BRACKET)
    assert count_sweep_trials(9, 3) == 3 + 5 + 2 + 9 + 3 + 1


def test_one_epoch_leaves_nothing_to_halve() -> None:
    assert plan_sweep(1, 3) == ((1,),)


@pytest.mark.parametrize(
    ("n_epochs", "factor"), [(1, 3), (2, 2), (10, 3), (30, 4), (100, 3)], ids=str
)
def test_a_sweep_has_the_sizes_that_keras_tuner_gives_it(n_epochs: int, factor: int) -> None:
    oracle = keras_tuner.oracles.HyperbandOracle(
        objective=keras_tuner.Objective("score", "min"), max_epochs=n_epochs, factor=factor
    )
    sweep = plan_sweep(n_epochs, factor)
    assert len(sweep) == oracle._get_num_brackets()
    for bracket, rounds in enumerate(sweep):
        for number, size in enumerate(rounds):
            assert size == oracle._get_size(bracket, number)


def test_the_oracle_gets_its_brackets_in_their_order() -> None:
    positions = {
        "0": Position(0, 1, 0, None),
        "1": Position(0, 0, 0, None),
        # Promoted when the next bracket had been started.
        "2": Position(0, 1, 1, "0"),
    }
    assert describe_brackets(positions) == {
        "brackets": [
            {
                "bracket_num": 1,
                "rounds": [[{"past_id": None, "id": "0"}], [{"past_id": "0", "id": "2"}]],
            },
            {"bracket_num": 0, "rounds": [[{"past_id": None, "id": "1"}]]},
        ],
        "current_bracket": 0,
        "current_iteration": 0,
    }


def make_bracket(n_first: int, *promoted: str) -> dict[str, Position]:
    """Give a first round of nine at most, and who of it was promoted as "p" and its id."""
    first = {str(i): Position(0, 2, 0, None) for i in range(n_first)}
    return first | {f"p{i}": Position(0, 2, 1, i) for i in promoted}


def promotable(positions: dict[str, Position], running: str = "", failed: str = "") -> set[str]:
    return list_promotable_ids(positions, running.split(), failed.split(), plan_sweep(9, 3))


def test_while_a_round_fills_all_that_finished_may_be_promoted() -> None:
    assert promotable(make_bracket(3), running="2") == {"0", "1"}


def test_who_was_promoted_is_kept_only_until_the_promotion_has_ended() -> None:
    assert promotable(make_bracket(9, "4"), running="p4") == set("012345678")
    assert promotable(make_bracket(9, "4")) == set("01235678") | {"p4"}


def test_a_round_that_has_promoted_enough_promotes_no_more() -> None:
    assert promotable(make_bracket(9, "4", "5", "6")) == {"p4", "p5", "p6"}
    # The last is still being trained, and would need the weights again.
    assert promotable(make_bracket(9, "4", "5", "6"), running="p6") == {"p4", "p5", "6"}


def test_failures_take_places_in_the_next_round() -> None:
    # The oracle waits for more than 9 - 3 candidates: with 7 of 9 there is one promotion.
    assert promotable(make_bracket(9), failed="0 1") == set("2345678")
    assert promotable(make_bracket(9), failed="0 1 2") == set()
    # Two of three positions stay empty, so no one of that round has enough rivals to win.
    assert promotable(make_bracket(9, "4"), failed="0 1") == set()


def test_the_last_round_and_a_bracket_without_rounds_promote_nobody() -> None:
    last = make_bracket(9, "4", "5", "6") | {"q": Position(0, 2, 2, "p4")}
    assert promotable(last) == set()
    assert promotable({"0": Position(0, 0, 0, None)}) == set()


def test_brackets_of_two_sweeps_are_two() -> None:
    positions = make_bracket(9, "4", "5", "6") | {"q": Position(0, 2, 2, "p4")}
    assert promotable(positions | {"r": Position(1, 2, 0, None)}) == {"r"}
