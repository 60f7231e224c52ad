import numpy as np
import pytest

from search.candidates.models import Model
from search.metrics.task import Task
from search.trial.candidate import Kind
from search.trial.objective import MACRO_F1, VAL_LOSS, Objective
from tests.candidates.making import draw_labels, draw_probabilities, make_model, make_models

LABELS = draw_labels(60, 3)
GOOD, FAIR, BASE = (
    draw_probabilities(LABELS, seed=seed, skill=skill)
    for seed, skill in ((1, 3.0), (2, 2.0), (3, 1.0))
)
OBJECTIVES = pytest.mark.parametrize("objective", [VAL_LOSS, MACRO_F1], ids=str)


def make_members(**of_best: object) -> list[Model]:
    return [make_model(GOOD, 0, **of_best), make_model(FAIR, 1), make_model(BASE, None)]  # type: ignore[arg-type]


@OBJECTIVES
def test_the_best_network_and_the_baseline_have_all_the_weight(objective: Objective) -> None:
    models = make_models(make_members(), LABELS, objective=objective)
    assert models.choose(Kind.NETWORK, models.all_texts).tolist() == [1.0, 0.0, 0.0]
    assert models.choose(Kind.BASELINE, models.all_texts).tolist() == [0.0, 0.0, 1.0]


@OBJECTIVES
def test_a_network_that_may_not_win_alone_may_join_the_ensemble(objective: Objective) -> None:
    models = make_models(make_members(can_be_best=False), LABELS, objective=objective)
    assert models.choose(Kind.NETWORK, models.all_texts).tolist() == [0.0, 1.0, 0.0]
    assert models.choose(Kind.ENSEMBLE, models.all_texts)[0] > 0.0


def test_a_network_of_another_loss_joins_no_ensemble_of_the_loss_but_can_win_alone() -> None:
    models = make_models(make_members(is_calibrated=False), LABELS)
    assert models.choose(Kind.ENSEMBLE, models.all_texts)[0] == 0.0
    assert models.choose(Kind.NETWORK, models.all_texts).tolist() == [1.0, 0.0, 0.0]


def test_a_network_of_another_loss_joins_an_ensemble_of_the_f1() -> None:
    models = make_models(make_members(is_calibrated=False), LABELS, objective=MACRO_F1)
    assert models.choose(Kind.ENSEMBLE, models.all_texts)[0] > 0.0


def test_what_there_is_not_has_no_weights() -> None:
    networks = make_models([make_model(GOOD)], LABELS)
    assert networks.choose(Kind.BASELINE, networks.all_texts).tolist() == [0.0]
    nobody = make_models([make_model(GOOD, is_calibrated=False, can_be_best=False)], LABELS)
    for kind in Kind:
        assert nobody.choose(kind, nobody.all_texts).tolist() == [0.0]


@OBJECTIVES
def test_no_models_at_all_choose_nothing(objective: Objective) -> None:
    models = make_models([], LABELS, objective=objective)
    for kind in Kind:
        assert models.choose(kind, models.all_texts).shape == (0,)


def test_the_choice_depends_on_the_texts() -> None:
    labels = np.ones(4, np.uint8)
    members = [make_model([0.9, 0.9, 0.1, 0.1], 0), make_model([0.1, 0.1, 0.9, 0.9], 1)]
    models = make_models(members, labels, Task.BINARY)
    assert models.choose(Kind.NETWORK, np.array([1, 1, 0, 0])).tolist() == [1.0, 0.0]
    assert models.choose(Kind.NETWORK, np.array([0, 0, 1, 1])).tolist() == [0.0, 1.0]
    # A text that counts twice outweighs another.
    assert models.choose(Kind.NETWORK, np.array([0, 1, 2, 0])).tolist() == [0.0, 1.0]
    # Both are right about the half of the texts: the average of both is best.
    assert models.choose(Kind.ENSEMBLE, models.all_texts).tolist() == [0.5, 0.5]


def test_the_expense_is_all_parameters_times_all_milliseconds() -> None:
    members = [
        make_model(GOOD, 0, n_parameters=1000, milliseconds_per_text=2.0),
        make_model(FAIR, 1, n_parameters=300, milliseconds_per_text=0.5),
        make_model(BASE, None, n_parameters=7, milliseconds_per_text=9.0),
    ]
    models = make_models(members, LABELS)
    assert models.measure_expense(np.array([0.9, 0.1, 0.0])) == 1300 * 2.5
    assert models.measure_expense(np.zeros(3)) == 0.0


def test_an_average_of_certain_models_stays_a_probability() -> None:
    certain = [make_model(np.ones(5), number) for number in range(10)]
    mixed = make_models(certain, np.ones(5)).mix(np.full(10, 0.1))
    assert sum([0.1] * 10) != 1.0
    assert mixed.dtype == np.float32
    assert mixed.max() <= 1.0
    more = make_models(certain[:3], np.ones(5)).mix(np.array([0.44, 0.32, 0.24000000000000007]))
    assert more.max() <= 1.0


def test_predictions_of_other_texts_are_refused() -> None:
    with pytest.raises(ValueError, match=r"expected predictions of \(60, 3\)"):
        make_models([make_model(GOOD), make_model(BASE[:-1], None)], LABELS)


def test_no_ensemble_exceeds_the_limit_of_parameters_but_a_single_model_may() -> None:
    members = [
        make_model(GOOD, 0, n_parameters=1000),
        make_model(FAIR, 1, n_parameters=90),
        make_model(BASE, None, n_parameters=10),
    ]
    models = make_models(members, LABELS, max_parameters=100)
    chosen = models.choose(Kind.ENSEMBLE, models.all_texts)
    assert chosen[0] == 0.0 and chosen.sum() == pytest.approx(1.0)
    assert models.choose(Kind.NETWORK, models.all_texts).tolist() == [1.0, 0.0, 0.0]
