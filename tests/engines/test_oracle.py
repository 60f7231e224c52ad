from collections.abc import Mapping
from typing import Any

import pytest
from keras_tuner.engine.trial import Trial

from search.engines.oracle import Oracle
from search.engines.strategy import choose_strategy
from search.space.condition import Condition
from search.space.dimension import Dimension
from search.space.distribution import Categorical, Distribution, Fixed, Float, Int
from search.space.hyperparameters import Value
from search.space.space import Space


def make_space(**dimensions: Dimension | Distribution) -> Space:
    made = {n: d if isinstance(d, Dimension) else Dimension(d) for n, d in dimensions.items()}
    return Space("tiny", "", made)


def when(distribution: Distribution, **written: Any) -> Dimension:
    conditions = tuple(Condition.parse(parent, value) for parent, value in written.items())
    return Dimension(distribution, conditions)


SPACE = make_space(
    learning_rate=Float(1e-4, 1e-1, log=True),
    dropout=Float(0.1, 0.5, step=0.1),
    recurrent_layers=Int(1, 2),
    units_1=Int(4, 16, step=4),
    units_2=when(Int(2, 64, log=True), recurrent_layers=">= 2"),
    cell=Categorical(("lstm", "gru")),
    reset_after=when(Categorical((True, False)), cell="gru"),
    batch_size=Fixed(16),
)


def make_oracle(
    space: Space, tuner: str = "random", *, is_minimized: bool = True, **options: Any
) -> Oracle:
    strategy = choose_strategy(engine="keras-tuner", tuner=tuner, tuner_options=options)
    return Oracle(strategy, space, n_epochs=9, is_minimized=is_minimized)


def drawn(space: Space, n: int) -> list[dict[str, Any]]:
    # KerasTuner draws each hyperparameter with the seed after that of the one before.
    answers = [make_oracle(space).ask([], {}, seed=100 * i) for i in range(n)]
    return [answer[0] for answer in answers if answer is not None]


def tried(space: Space, *points: tuple[Mapping[str, Any], float | None]) -> list[Trial]:
    oracle = make_oracle(space)
    return [
        oracle.describe(str(i), point, "FAILED" if score is None else "COMPLETED", score)
        for i, (point, score) in enumerate(points)
    ]


def test_an_oracle_draws_a_point_with_its_active_hyperparameters() -> None:
    oracle = make_oracle(SPACE)
    for values in drawn(SPACE, 60):
        point = oracle.decode(values)
        assert SPACE.find_problems(point) == []
        # KerasTuner knows these conditions, so it draws nothing in vain.
        assert set(point) == set(values)
        assert oracle.encode(point) == pytest.approx(values)


def test_every_value_of_a_choice_and_of_steps_is_drawn() -> None:
    oracle = make_oracle(SPACE)
    points = [oracle.decode(values) for values in drawn(SPACE, 120)]
    assert {point["dropout"] for point in points} == {0.1, 0.2, 0.3, 0.4, 0.5}
    assert {point["units_1"] for point in points} == {4, 8, 12, 16}
    assert {point["cell"] for point in points} == {"lstm", "gru"}


def test_codes_are_places_and_steps() -> None:
    oracle = make_oracle(SPACE)
    point: dict[str, Value] = {
        "dropout": 0.30000000000000004,
        "cell": "gru",
        "reset_after": True,
        "units_1": 12,
    }
    codes = {"dropout": 2, "cell": 1, "reset_after": 0, "units_1": 12}
    assert oracle.encode(point) == codes
    values = {**codes, "learning_rate": 0.1000001, "recurrent_layers": 2, "units_2": 65}
    # Beyond its end, where the bayesian oracle may put it.
    assert oracle.decode(values) == {
        "learning_rate": 0.1,
        "dropout": 0.3,
        "recurrent_layers": 2,
        "units_1": 12,
        "units_2": 64,
        "cell": "gru",
        "reset_after": True,
    }


def test_a_child_of_a_real_number_is_drawn_always_and_left_out_where_inactive() -> None:
    space = make_space(dropout=Float(0.0, 0.5), units_1=when(Int(2, 4), dropout="> 0.25"))
    oracle = make_oracle(space)
    points = [oracle.decode(values) for values in drawn(space, 30)]
    assert all(set(values) == {"dropout", "units_1"} for values in drawn(space, 30))
    assert {"units_1" in point for point in points} == {True, False}
    assert all(space.find_problems(point) == [] for point in points)


def test_a_child_of_a_fixed_parent_has_the_parents_conditions() -> None:
    space = make_space(
        cell=Categorical(("lstm", "gru")),
        recurrent_layers=when(Fixed(2), cell="gru"),
        units_2=when(Int(2, 9), recurrent_layers=2),
    )
    for values in drawn(space, 20):
        assert ("units_2" in values) == (values["cell"] == 1)


def test_one_seed_draws_one_point() -> None:
    assert drawn(SPACE, 3) == drawn(SPACE, 3)
    assert len({values["learning_rate"] for values in drawn(SPACE, 20)}) == 20


def test_a_point_that_was_tried_is_not_drawn_again_whether_it_failed_or_not() -> None:
    space = make_space(cell=Categorical(("lstm", "gru")))
    for score in (0.5, None):
        known = tried(space, ({"cell": "gru"}, score))
        for seed in range(8):
            answer = make_oracle(space).ask(known, {}, seed=seed)
            assert answer is not None and answer[0] == {"cell": 0}


@pytest.mark.parametrize("tuner", ["random", "bayesian", "hyperband"])
def test_an_exhausted_space_has_no_next_point(tuner: Any) -> None:
    space = make_space(cell=Categorical(("lstm", "gru")))
    known = tried(space, ({"cell": "gru"}, 0.5), ({"cell": "lstm"}, None))
    assert make_oracle(space, tuner).ask(known, {}, seed=0) is None


@pytest.mark.parametrize(
    ("is_minimized", "best"), [(True, 0.0), (False, 0.5)], ids=["minimized", "maximized"]
)
def test_the_bayesian_oracle_learns_from_values(is_minimized: bool, best: float) -> None:
    space = make_space(dropout=Float(0.0, 0.5))
    known = tried(space, *(({"dropout": x / 10}, x / 10) for x in range(6)))
    # Without exploration.
    options = {"num_initial_points": 3, "beta": 0.0}
    oracle = make_oracle(space, "bayesian", is_minimized=is_minimized, **options)
    answer = oracle.ask(known, {}, seed=1)
    assert answer is not None
    assert oracle.decode(answer[0])["dropout"] == pytest.approx(best, abs=0.05)


def test_the_bayesian_oracle_turns_away_from_running_trials() -> None:
    space = make_space(dropout=Float(0.0, 0.5))
    known = tried(space, *(({"dropout": x / 10}, (x / 10 - 0.2) ** 2) for x in range(6)))
    oracle = make_oracle(space, "bayesian", num_initial_points=3)
    alone = oracle.ask(known, {}, seed=1)
    assert alone is not None
    running = oracle.describe("6", oracle.decode(alone[0]), "RUNNING", None)
    beside = oracle.ask([*known, running], {}, seed=1)
    assert beside is not None
    assert abs(beside[0]["dropout"] - alone[0]["dropout"]) > 1e-3


def test_hyperband_says_how_far_to_train() -> None:
    answer = make_oracle(SPACE, "hyperband", factor=3).ask([], {}, seed=0)
    assert answer is not None
    values, sweep = answer
    said = {key: value for key, value in values.items() if key.startswith("tuner/")}
    expected = {"epochs": 1, "initial_epoch": 0, "bracket": 2, "round": 0}
    assert said == {f"tuner/{key}": value for key, value in expected.items()}
    assert sweep == 0
