from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import f1_score, log_loss

from search.candidates.contest import (
    Entrant,
    compare_candidates,
    enter_candidates,
    list_halves,
)
from search.candidates.models import Models
from search.metrics.comparison import ComparisonResult
from search.metrics.task import Task
from search.metrics.thresholds import crossed_predictions
from search.trial.candidate import Contest, Kind
from search.trial.objective import MACRO_F1, VAL_LOSS, Objective
from tests.candidates.making import (
    draw_choices,
    draw_labels,
    draw_probabilities,
    make_model,
    make_models,
)

LABELS = draw_labels(120, 4)
OBJECTIVES = pytest.mark.parametrize("objective", [VAL_LOSS, MACRO_F1], ids=str)


def draw_models(
    labels: Any = LABELS,
    task: Task = Task.MULTILABEL,
    objective: Objective = VAL_LOSS,
    **fields: Any,
) -> Models:
    """Draw two networks and a linear baseline of about the same skill."""
    drawn = [draw_probabilities(labels, seed=seed, skill=2.0) for seed in (1, 2, 3)]
    if task.is_multiclass:
        drawn = [rows / rows.sum(axis=1, keepdims=True) for rows in drawn]
    members = [
        make_model(rows, number, n_parameters=size)
        for rows, number, size in zip(drawn, (0, 1, None), (500, 300, 100), strict=True)
    ]
    return make_models(members, labels, task, objective, **fields)


def find(entrants: list[Entrant], kind: Kind) -> Entrant:
    return next(entrant for entrant in entrants if entrant.candidate.kind is kind)


def hold(models: Models) -> Contest:
    return compare_candidates(enter_candidates(models), models, seed=0)


TASKS = pytest.mark.parametrize(
    ("labels", "task"),
    [
        pytest.param(LABELS, Task.MULTILABEL, id="labels"),
        pytest.param(draw_labels(120, 1), Task.BINARY, id="binary"),
        pytest.param(draw_choices(120, 4), Task.MULTICLASS, id="choice"),
    ],
)


@OBJECTIVES
@TASKS
def test_a_half_is_scored_without_a_look_at_its_labels(
    labels: Any, task: Task, objective: Objective
) -> None:
    models = draw_models(labels, task, objective)
    entrants = enter_candidates(models)
    for _, scored in list_halves(len(labels)):
        changed = labels.copy()
        # One choice stays one choice.
        changed[scored] = (
            np.roll(labels[scored], 1, 1) if task.is_multiclass else 1 - labels[scored]
        )
        again = enter_candidates(replace(models, labels=changed))
        for kind in (Kind.NETWORK, Kind.BASELINE):
            one, other = find(entrants, kind), find(again, kind)
            assert np.array_equal(one.probabilities[scored], other.probabilities[scored])
            assert np.array_equal(one.predictions[scored], other.predictions[scored])


@OBJECTIVES
@TASKS
def test_a_half_is_scored_by_an_ensemble_that_did_not_see_its_labels(
    labels: Any, task: Task, objective: Objective
) -> None:
    models = draw_models(labels, task, objective)
    before = find(enter_candidates(models), Kind.ENSEMBLE)
    for _, scored in list_halves(len(labels)):
        changed = labels.copy()
        # A few labels alone, so that there is an ensemble of two models all the same.
        places = np.flatnonzero(scored)[::5]
        changed[places] = (
            np.roll(labels[places], 1, 1) if task.is_multiclass else 1 - labels[places]
        )
        again = find(enter_candidates(replace(models, labels=changed)), Kind.ENSEMBLE)
        assert np.array_equal(before.probabilities[scored], again.probabilities[scored])
        assert np.array_equal(before.predictions[scored], again.predictions[scored])


def test_the_two_halves_are_scored_by_different_choices() -> None:
    # The first network is right about one half, the second about the other.
    (first, second), _ = list_halves(40)
    labels = draw_labels(40, 2)
    right, wrong = np.where(labels == 1, 0.9, 0.1), np.where(labels == 1, 0.1, 0.9)
    one = make_model(np.where(first[:, None], right, wrong), 0)
    other = make_model(np.where(second[:, None], right, wrong), 1)
    models = make_models([one, other], labels)
    network = find(enter_candidates(models), Kind.NETWORK)
    # What is best on a half is completely wrong on the other.
    assert network.candidate.metrics["val_loss"] == pytest.approx(-np.log(0.1), rel=1e-5)


def test_the_baseline_alone_is_scored_as_ever() -> None:
    models = draw_models()
    baseline = find(enter_candidates(models), Kind.BASELINE)
    probabilities = models.members[2].probabilities
    assert np.array_equal(baseline.probabilities, probabilities)
    assert np.array_equal(baseline.predictions, crossed_predictions(probabilities, LABELS))
    metrics = baseline.candidate.metrics
    expected = np.mean([log_loss(LABELS[:, i], probabilities[:, i]) for i in range(4)])
    assert metrics["val_loss"] == pytest.approx(expected, rel=1e-6)
    f1 = f1_score(LABELS, baseline.predictions, average="macro")
    assert metrics["f1_macro"] == pytest.approx(f1)


def test_a_candidate_costs_what_all_its_models_cost() -> None:
    ensemble = find(enter_candidates(draw_models()), Kind.ENSEMBLE).candidate
    shares = {c.name: c.weight for c in ensemble.components}
    sizes = {"#0": 500, "#1": 300, "linear": 100}
    assert sum(shares.values()) == pytest.approx(1.0)
    assert ensemble.n_parameters == sum(sizes[name] for name in shares)
    assert ensemble.metrics["milliseconds_per_text"] == len(shares)
    assert list(shares.values()) == sorted(shares.values(), reverse=True)


def test_an_ensemble_of_independent_errors_wins_by_its_loss() -> None:
    generator = np.random.default_rng(0)
    wrong = [generator.random(LABELS.shape) < 0.15 for _ in range(3)]
    drawn = [np.where((LABELS == 1) ^ of_one, 0.95, 0.05) for of_one in wrong]
    contest = hold(make_models([make_model(p, i) for i, p in enumerate(drawn)], LABELS))
    losses = {c.kind: c.metrics["val_loss"] for c in contest.candidates}
    # All of one: 0.15 * 3.0 + 0.85 * 0.05 = 0.49. Of two wrong at once there are 0.02 or so.
    assert losses[Kind.NETWORK] == pytest.approx(0.49, abs=0.1)
    assert losses[Kind.ENSEMBLE] < 0.35
    assert contest.winner is Kind.ENSEMBLE


def test_an_ensemble_of_a_single_model_is_none() -> None:
    one = make_model(draw_probabilities(LABELS), 0)
    assert [e.candidate.kind for e in enter_candidates(make_models([one], LABELS))] == [
        Kind.NETWORK
    ]


def test_a_search_without_a_network_that_can_win_has_the_baseline_alone() -> None:
    members = [
        make_model(draw_probabilities(LABELS, skill=0.0), 0, can_be_best=False),
        make_model(np.where(LABELS == 1, 0.99, 0.01), None),
    ]
    assert hold(make_models(members, LABELS)).winner is Kind.BASELINE


def test_nothing_enters_where_there_are_no_models() -> None:
    assert enter_candidates(make_models([], LABELS)) == []


def level_out(**of_network: Any) -> list[Any]:
    """Make a network of loss 0.2 with so many parameters, and a baseline beside it."""
    labels = draw_labels(40, 2)
    p = float(np.exp(-0.2))
    network = make_model(np.where(labels == 1, p, 1.0 - p), 0, **of_network)
    return [labels, network]


@pytest.mark.parametrize(
    ("share", "winner"), [(1.004, Kind.BASELINE), (1.006, Kind.NETWORK), (0.9, Kind.BASELINE)]
)
def test_within_half_a_percent_the_cheaper_one_wins(share: float, winner: Kind) -> None:
    labels, network = level_out(n_parameters=100, can_be_best=True)
    q = float(np.exp(-0.2 * share))
    baseline = make_model(np.where(labels == 1, q, 1.0 - q), None, n_parameters=99)
    assert hold(make_models([network, baseline], labels)).winner is winner


def test_within_half_a_percent_a_better_one_wins_that_is_as_cheap() -> None:
    labels, network = level_out(n_parameters=100)
    q = float(np.exp(-0.2 * 0.999))
    baseline = make_model(np.where(labels == 1, q, 1.0 - q), None, n_parameters=101)
    assert hold(make_models([network, baseline], labels)).winner is Kind.NETWORK


def test_the_cost_is_parameters_times_milliseconds() -> None:
    labels, network = level_out(n_parameters=100, milliseconds_per_text=1.0)
    baseline = replace(network, component=replace(network.component, number=None))
    slow = replace(baseline, n_parameters=20, milliseconds_per_text=10.0)
    quick = replace(baseline, n_parameters=200, milliseconds_per_text=0.1)
    assert hold(make_models([network, slow], labels)).winner is Kind.NETWORK
    assert hold(make_models([network, quick], labels)).winner is Kind.BASELINE


@pytest.mark.parametrize(
    ("most", "winner"),
    [(None, Kind.NETWORK), (100, Kind.NETWORK), (99, Kind.BASELINE), (10, Kind.NETWORK)],
)
def test_beyond_the_limit_of_parameters_a_candidate_wins_only_where_all_are(
    most: int | None, winner: Kind
) -> None:
    labels, network = level_out(n_parameters=100)
    baseline = make_model(np.where(labels == 1, 0.6, 0.4), None, n_parameters=50)
    models = make_models([network, baseline], labels, max_parameters=most)
    assert hold(models).winner is winner


def test_the_highest_f1_wins() -> None:
    labels = draw_labels(60, 2)
    # The network has the better loss, the baseline the better order of texts.
    network = make_model(np.where(labels == 1, 0.5, 0.3) * (np.arange(60) % 7 > 0)[:, None], 0)
    baseline = make_model(np.where(labels == 1, 0.9999, 0.999), None)
    loss = hold(make_models([network, baseline], labels))
    f1 = hold(make_models([network, baseline], labels, objective=MACRO_F1))
    assert (f1.winner, f1.find("baseline").metrics["f1_macro"]) == (Kind.BASELINE, 1.0)
    assert loss.find("baseline").metrics["val_loss"] > 4.0


@OBJECTIVES
def test_each_two_candidates_are_compared_as_a_loss(objective: Objective) -> None:
    contest = hold(draw_models(objective=objective))
    assert len(contest.pairings) == 3
    for pairing in contest.pairings:
        one, other = (contest.find(kind).metrics[objective.metric] for kind in pairing.kinds)
        expected = objective.cost(one) - objective.cost(other)
        assert pairing.comparison.difference == pytest.approx(expected, abs=1e-6)


def test_a_clear_winner_beats_the_other() -> None:
    labels, network = level_out(n_parameters=100)
    baseline = make_model(np.where(labels == 1, 0.6, 0.4), None)
    comparison = hold(make_models([network, baseline], labels)).compare(Kind.BASELINE, Kind.NETWORK)
    assert comparison is not None
    assert comparison.result is ComparisonResult.LOSES
    assert comparison.difference == pytest.approx(-np.log(0.6) - 0.2, rel=1e-4)


def test_the_same_seed_gives_the_same_contest() -> None:
    assert hold(draw_models()) == hold(draw_models())


@OBJECTIVES
@pytest.mark.parametrize("n_texts", [1, 2, 3])
@pytest.mark.parametrize("task", [Task.MULTILABEL, Task.MULTICLASS], ids=str)
def test_a_few_validation_texts_are_enough(n_texts: int, task: Task, objective: Objective) -> None:
    draw = draw_choices if task.is_multiclass else draw_labels
    contest = hold(draw_models(draw(n_texts, 3), task, objective))
    assert contest.find().metrics["val_loss"] >= 0.0


@OBJECTIVES
def test_labels_that_no_text_has_leave_scores_finite(objective: Objective) -> None:
    contest = hold(draw_models(np.zeros((30, 3), np.uint8), objective=objective))
    assert np.isfinite(contest.find().metrics["val_loss"])
    assert contest.find().metrics["f1_macro"] == 0.0


@OBJECTIVES
def test_probabilities_of_0_and_1_leave_scores_finite(objective: Objective) -> None:
    wrong = np.where(LABELS == 1, 0.0, 1.0)
    members = [make_model(wrong, 0), make_model(1.0 - wrong, 1), make_model(wrong, None)]
    contest = hold(make_models(members, LABELS, objective=objective))
    assert contest.winner is Kind.NETWORK
    assert contest.find("baseline").metrics["val_loss"] == pytest.approx(16.118, abs=1e-3)
    assert contest.find("network").metrics["val_loss"] == pytest.approx(0.0, abs=1e-6)


@OBJECTIVES
def test_two_thousand_labels_are_no_obstacle(objective: Objective) -> None:
    labels = draw_labels(6, 2000, share=0.02)
    models = draw_models(labels, objective=objective, max_members=2)
    assert len(hold(models).find().components) <= 2
