import importlib.util
import json
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import optuna
import pytest
from scipy.stats import qmc

from search.engines.methods import PRUNERS
from search.engines.pruners import make_pruner
from search.engines.samplers import make_sampler, next_on_grid
from search.engines.strategy import Strategy, choose_strategy
from search.space.condition import Condition
from search.space.dimension import Dimension
from search.space.distribution import Categorical, Fixed, Float, Int
from search.space.hyperparameters import Value
from search.space.space import Space
from search.store.codec import REFUSED
from search.store.distributions import suggest, to_optuna
from search.trial.proposal import SpaceExhausted, derive_seed
from tests.engines.test_grid import LAYERS

SPACE = Space(
    "conditional",
    "",
    {
        "learning_rate": Dimension(Float(1e-4, 1e-1, log=True)),
        "dropout": Dimension(Float(0.0, 0.5, step=0.1)),
        "cell": Dimension(Categorical(("lstm", "gru"))),
        "recurrent_layers": Dimension(Int(1, 2)),
        "units_1": Dimension(Int(2, 16)),
        "units_2": Dimension(Int(2, 16), (Condition.parse("recurrent_layers", 2),)),
        "batch_size": Dimension(Fixed(16)),
    },
)
SAMPLERS = {
    "tpe": Strategy(sampler="tpe"),
    "random": Strategy(sampler="random"),
    "sobol": Strategy(sampler="qmc"),
    "halton": Strategy(sampler="qmc", sampler_options={"qmc_type": "halton"}),
    "cmaes": Strategy(sampler="cmaes"),
    "cmaes-margin": Strategy(sampler="cmaes", sampler_options={"with_margin": True}),
    "cmaes-separable": Strategy(sampler="cmaes", sampler_options={"use_separable_cma": True}),
    "nsgaii": Strategy(sampler="nsgaii", sampler_options={"population_size": 4}),
}
STATES = optuna.trial.TrialState


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    yield
    optuna.logging.set_verbosity(before)


def ask(
    study: optuna.Study, strategy: Strategy, space: Space = SPACE, *, seed: int = 3
) -> tuple[optuna.Trial, dict[str, Value]]:
    """Ask as an engine does, with a sampler made for this trial."""
    study.sampler = make_sampler(strategy, space, study.trials, study_seed=seed)
    trial = study.ask()
    return trial, space.suggest(lambda name, searched: suggest(trial, name, searched))


def search(
    study: optuna.Study, strategy: Strategy, n_trials: int, *, seed: int = 3
) -> list[dict[str, Value]]:
    points = []
    for _ in range(n_trials):
        trial, point = ask(study, strategy, seed=seed)
        study.tell(trial, losses(point, len(study.directions)))
        points.append(point)
    return points


def losses(point: dict[str, Value], n_objectives: int) -> list[float]:
    first = abs(float(point["dropout"]) - 0.3) + abs(float(point["units_1"]) - 9) / 10
    return [first, float(point["units_1"])][:n_objectives]


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_sampler_draws_points_of_the_space(name: str) -> None:
    points = search(optuna.create_study(), SAMPLERS[name], 24)
    assert [SPACE.find_problems(point) for point in points] == [[]] * 24
    assert {len(point) for point in points} == {6, 7}


@pytest.mark.parametrize("name", SAMPLERS)
def test_ten_trials_and_ten_more_are_twenty(name: str) -> None:
    whole = search(optuna.create_study(study_name="films"), SAMPLERS[name], 20)
    halves = optuna.create_study(study_name="films")
    assert search(halves, SAMPLERS[name], 10) + search(halves, SAMPLERS[name], 10) == whole
    assert search(optuna.create_study(), SAMPLERS[name], 20, seed=4) != whole


@pytest.mark.parametrize(
    "strategy",
    [
        Strategy(sampler="cmaes", sampler_options={"popsize": 4}),
        Strategy(sampler="nsgaii", sampler_options={"population_size": 4}),
        Strategy(sampler="qmc"),
    ],
    ids=lambda strategy: strategy.sampler,
)
def test_a_sampler_keeps_in_a_database_what_it_learned(strategy: Strategy, tmp_path: Path) -> None:
    in_memory = search(optuna.create_study(), strategy, 8)
    url = f"sqlite:///{tmp_path / 'studies.db'}"
    points = []
    # The first move of CMA-ES comes with the sixth trial, after one at random and four of its own.
    for n_trials in (6, 2):
        study = optuna.create_study(storage=url, study_name="films", load_if_exists=True)
        points += search(study, strategy, n_trials)
    assert points == in_memory


@pytest.mark.parametrize("name", ["tpe", "random", "sobol", "nsgaii"])
def test_a_sampler_takes_two_objectives(name: str) -> None:
    study = optuna.create_study(directions=["minimize", "minimize"])
    points = search(study, SAMPLERS[name], 14)
    assert [SPACE.find_problems(point) for point in points] == [[]] * 14


@pytest.mark.parametrize("pruner", ["hyperband", "successive-halving", "median"])
@pytest.mark.parametrize("name", SAMPLERS)
def test_a_sampler_goes_on_beside_pruned_trials(name: str, pruner: str) -> None:
    made = make_pruner(pruner, PRUNERS[pruner].defaults, n_epochs=9)
    study = optuna.create_study(study_name="films", pruner=made)
    n_pruned = 0
    for _ in range(20):
        trial, point = ask(study, SAMPLERS[name])
        (loss,) = losses(point, 1)
        is_pruned = any(reported(trial, loss + 1 / epoch, epoch) for epoch in range(1, 10))
        n_pruned += is_pruned
        study.tell(trial, None if is_pruned else loss, state=ended(is_pruned))
    assert n_pruned > 0


def reported(trial: optuna.Trial, value: float, epoch: int) -> bool:
    trial.report(value, epoch)
    return trial.should_prune()


def ended(is_pruned: bool) -> optuna.trial.TrialState:
    return STATES.PRUNED if is_pruned else STATES.COMPLETE


def list_jointly_drawn(study: optuna.Study, strategy: Strategy) -> set[str]:
    """Name what is drawn jointly in the next trial."""
    trial, _ = ask(study, strategy)
    return set(trial.relative_params)


@pytest.mark.parametrize(
    ("name", "joint"),
    [
        ("tpe", {"learning_rate", "dropout", "cell", "recurrent_layers", "units_1"}),
        ("nsgaii", {"learning_rate", "dropout", "cell", "recurrent_layers", "units_1"}),
        ("cmaes", {"learning_rate", "dropout", "recurrent_layers", "units_1"}),
        (
            "sobol",
            {"learning_rate", "dropout", "cell", "recurrent_layers", "units_1", "units_2"},
        ),
    ],
    ids=["tpe", "nsgaii", "cmaes", "sobol"],
)
def test_a_preset_outside_of_the_space_takes_nothing_from_the_model(
    name: str, joint: set[str]
) -> None:
    study = optuna.create_study()
    study.enqueue_trial({}, user_attrs={"given": {"cell": "simple_rnn"}})
    study.tell(study.ask(), 0.5)
    strategy = SAMPLERS[name]
    if name == "nsgaii":
        # None is mutated, which would be drawn by itself.
        strategy = Strategy(
            sampler="nsgaii", sampler_options={"population_size": 4, "mutation_prob": 0.0}
        )
    search(study, strategy, 8)
    drawn = list_jointly_drawn(study, strategy)
    assert joint <= drawn <= joint | {"units_2"}


@pytest.mark.parametrize("name", ["tpe", "nsgaii"])
def test_a_sampler_that_learns_limits_turns_away_from_what_is_beyond(name: str) -> None:
    def n_better_cells(*, is_limited: bool) -> int:
        """Count the better of two cells, which may be beyond a limit, among the last trials."""
        study = optuna.create_study()
        cells = []
        for _ in range(40):
            trial, point = ask(study, SAMPLERS[name])
            cells.append(point["cell"])
            if is_limited:
                trial.set_constraint("max_gap", 0.1 if cells[-1] == "gru" else -0.1)
            study.tell(trial, 0.5 if cells[-1] == "gru" else 1.0)
        return cells[20:].count("gru")

    assert SAMPLERS[name].method.learns_gap
    assert n_better_cells(is_limited=False) > 15
    assert n_better_cells(is_limited=True) < 5


def test_refused_trials_do_not_shorten_the_start_of_tpe() -> None:
    study = optuna.create_study()
    for _ in range(8):
        trial, _ = ask(study, SAMPLERS["tpe"])
        trial.set_constraint("max_parameters", 5.0)
        trial.set_user_attr(REFUSED, "too large")
        study.tell(trial, state=STATES.PRUNED)
    search(study, SAMPLERS["tpe"], 6)
    assert not any("tpe:relative_params:0" in trial.system_attrs for trial in study.trials)
    ask(study, SAMPLERS["tpe"])
    together = json.loads(study.trials[-1].system_attrs["tpe:relative_params:0"])
    assert "learning_rate" in together


def test_cmaes_does_not_warn_of_each_trial_with_a_limit() -> None:
    study = optuna.create_study()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        trial, _ = ask(study, SAMPLERS["cmaes"])
        trial.set_constraint("max_gap", 0.1)
        study.tell(trial, 0.5)


CUBE = Space(
    "cube",
    "",
    {
        "dropout": Dimension(Float(0.0, 0.8)),
        "word_dropout": Dimension(Float(0.0, 0.5)),
        "spatial_dropout": Dimension(Float(0.0, 0.4)),
    },
)
SIDES = {"dropout": 0.8, "spatial_dropout": 0.4, "word_dropout": 0.5}


def cube_points(strategy: Strategy, n_trials: int) -> list[list[float]]:
    """Draw points of the cube, each coordinate scaled to [0, 1], in the order of names."""
    study = optuna.create_study()
    points = []
    for _ in range(n_trials):
        trial, point = ask(study, strategy, CUBE)
        study.tell(trial, 1.0)
        points.append([float(point[name]) / side for name, side in SIDES.items()])
    return points


@pytest.mark.parametrize(
    ("qmc_type", "engine"), [("sobol", qmc.Sobol), ("halton", qmc.Halton)], ids=["sobol", "halton"]
)
@pytest.mark.parametrize("scramble", [True, False], ids=["scrambled", "plain"])
def test_qmc_draws_the_sequence_from_its_first_point(
    qmc_type: str, engine: Any, scramble: bool
) -> None:
    options: dict[str, Value] = {"qmc_type": qmc_type, "scramble": scramble}
    points = cube_points(Strategy(sampler="qmc", sampler_options=options), 16)
    sequence = engine(3, seed=derive_seed(3), scramble=scramble).random(16)
    assert points == [pytest.approx(point, abs=1e-9) for point in sequence.tolist()]


def test_starts_use_up_no_point_of_the_sequence() -> None:
    study = optuna.create_study()
    for units in (3, 4):
        start = {"learning_rate": 0.01, "dropout": 0.1, "cell": "gru", "recurrent_layers": 1}
        study.enqueue_trial(start | {"units_1": units})
    points = search(study, SAMPLERS["sobol"], 6)
    assert points[2:] == search(optuna.create_study(), SAMPLERS["sobol"], 4)


def failed(trial: optuna.Trial) -> dict[str, Any]:
    LAYERS.suggest(lambda name, searched: suggest(trial, name, searched))
    trial.study.tell(trial, state=STATES.FAIL)
    return trial.params


def grid_points(n_points: int, *, trials: Sequence[dict[str, Value]] = ()) -> list[Any]:
    study = optuna.create_study()
    for point in trials:
        study.enqueue_trial(point)
    points = []
    for _ in range(n_points):
        if not study.get_trials(states=(STATES.WAITING,)):
            study.enqueue_trial(next_on_grid(LAYERS, study.trials, study_seed=5))
        points.append(failed(study.ask()))
    with pytest.raises(SpaceExhausted, match="28 points"):
        next_on_grid(LAYERS, study.trials, study_seed=5)
    return points


def test_a_grid_is_tried_once_at_each_point_and_then_exhausted() -> None:
    points = grid_points(28)
    assert len({str(sorted(point.items())) for point in points}) == 28
    # In a random order: the first points are not all of one cell.
    assert len({point["cell"] for point in points[:10]}) == 2


def test_a_start_is_a_point_of_the_grid_that_was_tried() -> None:
    starts: list[dict[str, Value]] = [
        {"cell": "gru", "recurrent_layers": 1, "units_1": 16},
        {"cell": "lstm", "recurrent_layers": 2, "units_1": 8, "units_2": 16},
    ]
    points = grid_points(28, trials=starts)
    assert points[:2] == starts
    assert len({str(sorted(point.items())) for point in points}) == 28


def test_steps_of_a_grid_are_counted_and_not_compared() -> None:
    space = Space("steps", "", {"dropout": Dimension(Float(0.0, 0.4, step=0.1))})
    trial = optuna.trial.create_trial(
        value=1.0,
        params={"dropout": 0.1 + 0.2},
        distributions=to_optuna(space, ["dropout"]),
    )
    study = optuna.create_study()
    study.add_trial(trial)
    for dropout in (0.0, 0.1, 0.2, 0.4):
        study.enqueue_trial({"dropout": dropout})
        study.ask().suggest_float("dropout", 0.0, 0.4, step=0.1)
    with pytest.raises(SpaceExhausted):
        next_on_grid(space, study.trials, study_seed=1)


def test_a_seed_gives_the_order_of_a_grid() -> None:
    firsts = {str(next_on_grid(LAYERS, [], study_seed=seed)) for seed in range(10)}
    assert len(firsts) > 5


def test_a_sampler_that_optuna_does_not_have_is_a_programmers_mistake() -> None:
    for strategy in (Strategy(sampler="grid"), choose_strategy(engine="keras-tuner")):
        with pytest.raises(ValueError, match="no sampler of Optuna"):
            make_sampler(strategy, SPACE, [], study_seed=1)


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="needs torch")
def test_the_gaussian_process_draws_points_of_the_space() -> None:
    strategy = Strategy(sampler="gp", sampler_options={"n_startup_trials": 3})
    points = search(optuna.create_study(), strategy, 6)
    assert [SPACE.find_problems(point) for point in points] == [[]] * 6
