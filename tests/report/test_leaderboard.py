import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from search.report.leaderboard import (
    COLUMNS,
    choose_columns,
    combine,
    format_cell,
    format_csv,
    format_json,
    format_markdown,
    make_frame,
    take_best,
)
from search.report.leaderboard_row import LeaderboardRow
from search.trial.baseline import Baseline
from search.trial.candidate import Candidate, Component, Contest, Kind
from search.trial.diagnosis import Verdict
from search.trial.objective import MACRO_F1, VAL_LOSS, Objectives
from search.trial.state import TrialState
from search.trial.trial import Origin, Trial
from tests.summaries import make_confirmations, make_summary
from tests.trials import make_training, make_trial

LOSS = Objectives((VAL_LOSS,))
TRIALS = [
    make_trial(0, 0.5),
    make_trial(1, state=TrialState.FAIL, failure="MemoryError: no message"),
    make_trial(2, 0.1, TrialState.PRUNED),
    make_trial(3, 0.2),
    make_trial(4, state=TrialState.RUNNING),
    make_trial(5, state=TrialState.PRUNED, refusal="9000 parameters > 10"),
    make_trial(6, 0.2),
]
PRIORS = Baseline("label priors", "run-1", {"val_loss": 0.4, "f1_macro": 0.25})


def rows_of(trials: Sequence[Trial], **known: Any) -> list[LeaderboardRow]:
    """Build the leaderboard of a study; `known` are its settings and results."""
    return make_summary(trials, **known).rows()


def numbers(rows: Iterable[LeaderboardRow]) -> list[int | None]:
    return [row.number for row in rows]


def places(rows: Iterable[LeaderboardRow]) -> list[tuple[str | None, int | None]]:
    return [(row.study, row.number) for row in rows]


def test_complete_trials_come_first_best_first_then_pruned_then_the_others() -> None:
    assert numbers(rows_of(TRIALS)) == [3, 6, 0, 2, 1, 4]


def test_a_score_is_ordered_the_other_way_around() -> None:
    rows = rows_of(TRIALS, objective="macro_f1")
    assert numbers(rows) == [0, 3, 6, 2, 1, 4]
    assert "study" not in choose_columns(rows)


@pytest.mark.parametrize(
    "untrained",
    [
        pytest.param(
            make_trial(7, state=TrialState.PRUNED, refusal="9000 parameters > 10"), id="refused"
        ),
        pytest.param(make_trial(7, 0.1, origin=Origin(3)), id="reused"),
    ],
)
def test_a_trial_that_was_never_trained_is_left_out(untrained: Trial) -> None:
    assert numbers(rows_of([*TRIALS, untrained])) == [3, 6, 0, 2, 1, 4]


def test_a_failed_trial_has_its_cause_for_a_verdict_and_a_diverged_one_its_verdict() -> None:
    cause = "MemoryError: of more than twenty-four characters"
    failed = make_trial(0, state=TrialState.FAIL, failure=cause)
    diverged = make_trial(1, state=TrialState.FAIL, failure="loss is nan", has_diverged=True)
    rows = rows_of([failed, diverged])
    assert [format_cell(row, "verdict") for row in rows] == [cause[:24], "diverged"]
    assert rows[0].as_dict()["failure"] == cause


def test_json_is_a_list_with_words_as_they_are() -> None:
    rows = rows_of([make_trial(0, 0.5, failure="Ä")])
    assert json.loads(format_json(rows)) == [row.as_dict() for row in rows]
    assert "Ä" in format_json(rows)
    assert json.loads(format_json([])) == []


def test_csv_has_a_column_for_every_hyperparameter_of_any_trial() -> None:
    trials = [
        make_trial(0, 0.5, hyperparameters={"cell": "gru", "units_1": 8}),
        make_trial(1, 0.6, hyperparameters={"cell": "lstm", "units_2": 4}),
    ]
    rows = list(csv.DictReader(io.StringIO(format_csv(rows_of(trials)))))
    assert [row["hyperparameters.cell"] for row in rows] == ["gru", "lstm"]
    assert [row["hyperparameters.units_1"] for row in rows] == ["8", ""]
    assert [row["hyperparameters.units_2"] for row in rows] == ["", "4"]


def test_a_frame_has_the_rows_and_columns_of_the_csv() -> None:
    trials = [make_trial(0, 0.5, training=make_training({"epochs": 3})), *TRIALS[1:5]]
    rows = rows_of(trials, study="films", baselines=[PRIORS])
    frame = make_frame(rows)
    written = pd.read_csv(io.StringIO(format_csv(rows, has_study=True)))
    assert list(frame.columns) == list(written.columns)
    assert frame["name"].tolist()[:3] == ["#3 gru 8", "label priors", "#0 gru 8"]
    assert frame["number"].dropna().tolist() == [3, 0, 2, 1, 4]
    assert frame["value"].dropna().tolist() == [0.2, 0.4, 0.5, 0.1]
    assert frame["epochs"].sum() == 3
    assert frame["feasible"].sum() == 5
    assert frame["f1_macro_at_half"].dtype == "float64"


def test_a_frame_without_rows_has_its_columns() -> None:
    frame = make_frame([])
    assert tuple(frame.columns) == COLUMNS
    assert frame["value"].empty


def test_markdown_has_a_line_a_trial_below_its_header() -> None:
    training = make_training({"parameters": 12345, "gap": 0.05})
    trial = make_trial(0, 0.5, training=training)
    header, rule, line = format_markdown(rows_of([trial])).splitlines()
    assert header.startswith("| name | state | value |")
    assert rule.count("---") == header.count("|") - 1
    assert line == "| #0 gru 8 | COMPLETE | 0.5000 |  |  | 0.0500 | fit |  | 12,345 |  |"


def test_a_baseline_has_no_number_and_the_columns_of_a_trial() -> None:
    rows = rows_of([make_trial(0, 0.3)], baselines=[PRIORS])
    assert numbers(rows) == [0, None]
    assert (rows[1].state, rows[1].value, rows[1].name) == ("BASELINE", 0.4, "label priors")
    assert rows[0].as_dict().keys() == rows[1].as_dict().keys()
    (row,) = rows_of([], objective="macro_f1", baselines=[PRIORS])
    assert row.value == 0.25


ENSEMBLE = Candidate(
    Kind.ENSEMBLE,
    (Component("#0 gru 8", "run-0", 0.6, 0), Component("#1 gru 8", "run-1", 0.4, 1)),
    {"val_loss": 0.3, "f1_macro": 0.4, "parameters": 24.0},
)


def with_ensemble(trials: Sequence[Trial], **known: Any) -> list[LeaderboardRow]:
    """Build a leaderboard that has the ensemble."""
    summary = make_summary(trials, **known)
    contest = Contest((ENSEMBLE,), Kind.ENSEMBLE, basis=summary.basis)
    return replace(summary, stored=replace(summary.stored, contest=contest)).rows()


def names(rows: Iterable[LeaderboardRow]) -> list[str]:
    return [row.name.split()[0] for row in rows]


def test_baselines_and_the_ensemble_stand_where_their_loss_ranks() -> None:
    trials = [make_trial(0, 0.5), make_trial(1, 0.2), make_trial(2, 0.35)]
    rows = with_ensemble(trials, study="films", baselines=[PRIORS])
    assert names(rows) == ["#1", "ensemble", "#2", "label", "#0"]
    row = rows[1]
    assert (row.state, row.value, row.number, row.study) == ("ENSEMBLE", 0.3, None, "films")
    assert row.name == "ensemble of 2 models"
    assert row.as_dict().keys() == rows[0].as_dict().keys()
    assert (row.as_dict()["parameters"], row.as_dict()["feasible"]) == (24.0, None)


def test_baselines_and_the_ensemble_stand_where_their_f1_ranks() -> None:
    trials = [make_trial(0, 0.5), make_trial(1, 0.2), make_trial(2, 0.35)]
    rows = with_ensemble(trials, objective="macro_f1", baselines=[PRIORS])
    assert names(rows) == ["#0", "ensemble", "#2", "label", "#1"]


def test_a_baseline_or_an_ensemble_can_be_first() -> None:
    better = replace(PRIORS, metrics={"val_loss": 0.1})
    assert names(with_ensemble([make_trial(0, 0.5)], baselines=[better])) == [
        "label", "ensemble", "#0"
    ]  # fmt: skip


def test_of_equally_good_ones_the_trial_comes_before_the_ensemble() -> None:
    assert names(with_ensemble([make_trial(0, 0.3)])) == ["#0", "ensemble"]


def test_the_ensemble_comes_before_trials_that_cannot_win_however_good_they_look() -> None:
    trials = [
        make_trial(0, 0.1, TrialState.PRUNED),
        make_trial(1, 0.1, violations={"gap": 0.1}),
        make_trial(2, state=TrialState.FAIL, failure="no"),
        make_trial(3, 0.2),
    ]
    assert names(with_ensemble(trials)) == ["#3", "ensemble", "#0", "#1", "#2"]


def test_the_ensemble_comes_after_the_front_however_good_it_is() -> None:
    trials = [make_trial(0, (0.5, 1.0)), make_trial(1, (0.4, 2.0)), make_trial(2, (0.6, 3.0))]
    rows = with_ensemble(trials, objective="val_loss,parameters")
    assert names(rows) == ["#1", "#0", "ensemble", "#2"]


def test_an_ensemble_chosen_from_other_trials_is_not_shown() -> None:
    summary = make_summary([make_trial(0, 0.5), make_trial(1, 0.2)])
    outdated = Contest((ENSEMBLE,), Kind.ENSEMBLE, basis="1 trial")
    rows = replace(summary, stored=replace(summary.stored, contest=outdated)).rows()
    assert names(rows) == ["#1", "#0"]


def test_the_best_trials_are_taken_with_the_ensemble() -> None:
    rows = with_ensemble([make_trial(0, 0.5), make_trial(1, 0.2)], baselines=[PRIORS])
    assert names(take_best(rows, 1)) == ["#1", "ensemble", "label"]


def test_the_ensembles_of_several_studies_are_all_listed() -> None:
    boards = [with_ensemble([make_trial(0, 0.2)], study=study) for study in ("one", "two")]
    rows = combine(boards, LOSS)
    assert [row.study for row in rows] == ["one", "two", "one", "two"]
    assert names(rows) == ["#0", "#0", "ensemble", "ensemble"]


def test_a_trial_beyond_a_limit_is_called_infeasible() -> None:
    training = make_training(verdict=Verdict.OVERFIT)
    trial = make_trial(0, 0.5, violations={"gap": 0.1}, training=training)
    assert "| overfit, infeasible |" in format_markdown(rows_of([trial]))


def test_fresh_seeds_are_a_column_where_there_are_any() -> None:
    trials = [make_trial(0, 0.5), make_trial(1, 0.6)]
    assert "confirmed" not in format_markdown(rows_of(trials))
    confirmations = make_confirmations(t0=[0.8, 0.8, 0.8], t1=[0.5, 0.6, 0.7])
    rows = rows_of(trials, confirmations=confirmations)
    assert numbers(rows) == [1, 0]
    assert "| 0.6000 ± 0.1000 |" in format_markdown(rows)
    values = rows[0].as_dict()
    assert values["confirmed_mean"] == pytest.approx(0.6)
    assert values["confirmed_spread"] == pytest.approx(0.1)


def test_with_one_label_accuracy_replaces_the_f1_that_would_stand_twice() -> None:
    metrics = {"f1_micro": 0.8, "f1_macro": 0.8, "accuracy": 0.79}
    one = make_trial(0, 0.5, training=make_training(metrics))
    columns = choose_columns(rows_of([one]))
    assert "accuracy" in columns and "f1_micro" not in columns
    two_labels = make_trial(1, 0.5, training=make_training(metrics | {"f1_macro": 0.7}))
    assert "f1_micro" in choose_columns(rows_of([one, two_labels]))


# Loss and weights: 3 and 1 are the front; 0 is dominated by both, 2 was pruned.
SEVERAL = [
    make_trial(0, (0.4, 30.0)),
    make_trial(1, (0.3, 10.0)),
    make_trial(2, (0.1, 5.0), TrialState.PRUNED),
    make_trial(3, (0.2, 20.0)),
    make_trial(4, state=TrialState.FAIL, failure="MemoryError: no message"),
    make_trial(5, (0.25, 25.0)),
    make_trial(6, (0.0, 1.0), origin=Origin(0)),
]
LOSS_AND_SIZE = Objectives.parse("val_loss,parameters")


def board(
    trials: list[Trial], study: str = "", baselines: Iterable[Baseline] = ()
) -> list[LeaderboardRow]:
    """Build the leaderboard of a study with two objectives."""
    return rows_of(trials, objective=str(LOSS_AND_SIZE), study=study, baselines=baselines)


def test_with_several_objectives_the_front_comes_first() -> None:
    rows = board(SEVERAL)
    assert numbers(rows) == [3, 1, 5, 0, 2, 4]
    assert [row.is_on_front for row in rows] == [True, True, False, False, False, False]
    assert [row.value for row in rows] == [0.2, 0.3, 0.25, 0.4, 0.1, None]


def test_a_winner_of_several_objectives_comes_before_the_front() -> None:
    confirmations = make_confirmations(t3=[0.3, 0.3, 0.3], t1=[0.2, 0.2, 0.2])
    rows = rows_of(SEVERAL, objective=str(LOSS_AND_SIZE), confirmations=confirmations)
    assert numbers(rows) == [1, 3, 5, 0, 2, 4]


def test_the_front_is_a_column_where_there_is_one() -> None:
    rows = board(SEVERAL, baselines=[PRIORS])
    assert choose_columns(rows)[:4] == ("name", "state", "value", "front")
    lines = format_markdown(rows).splitlines()
    assert lines[2].startswith("| #3 gru 8 | COMPLETE | 0.2000 | yes |")
    assert lines[4].startswith("| #5 gru 8 | COMPLETE | 0.2500 |  |")
    # Of equally good ones the trial stands first.
    assert lines[5].startswith("| #0 gru 8 | COMPLETE | 0.4000 |  |")
    assert lines[6].startswith("| label priors | BASELINE | 0.4000 |  |")


def test_with_one_objective_there_is_no_front() -> None:
    rows = rows_of(TRIALS)
    assert {row.is_on_front for row in rows} == {None}
    assert "front" not in choose_columns(rows)


def test_the_best_trials_are_taken_with_all_baselines() -> None:
    rows = rows_of(TRIALS, baselines=[PRIORS])
    assert numbers(take_best(rows, 2)) == [3, 6, None]
    assert take_best(rows, None) == rows


def test_trials_of_several_studies_are_ordered_by_value_and_baselines_listed_once() -> None:
    others = [make_trial(0, 0.3), make_trial(1, 0.1, violations={"gap": 0.1})]
    rows = combine(
        [
            rows_of(TRIALS, study="one", baselines=[PRIORS]),
            rows_of(others, study="two", baselines=[PRIORS]),
        ],
        LOSS,
    )
    complete = [("one", 3), ("one", 6), ("two", 0), (None, None), ("one", 0)]
    # Then the pruned one, the infeasible one, and those without a value.
    rest = [("one", 2), ("two", 1), ("one", 1), ("one", 4)]
    assert places(rows) == [*complete, *rest]
    assert choose_columns(rows)[:2] == ("study", "name")
    assert format_markdown(rows).splitlines()[5].startswith("|  | label priors |")


def test_a_score_of_several_studies_is_ordered_the_other_way_around() -> None:
    boards = [
        rows_of([make_trial(0, value)], objective="macro_f1", study=str(value))
        for value in (0.3, 0.5, 0.4)
    ]
    rows = combine(boards, Objectives((MACRO_F1,)))
    assert [row.study for row in rows] == ["0.5", "0.4", "0.3"]


def test_the_order_of_a_single_study_stays() -> None:
    confirmations = make_confirmations(t3=[0.3, 0.3, 0.3], t0=[0.2, 0.2, 0.2])
    rows = combine([rows_of(TRIALS, study="one", confirmations=confirmations)], LOSS)
    assert numbers(rows) == [0, 3, 6, 2, 1, 4]
    assert "study" not in choose_columns(rows)


def test_as_many_trials_of_each_study_are_taken_as_asked_for() -> None:
    boards = [
        rows_of(TRIALS, study="one"),
        rows_of(TRIALS[:1], study="two"),
    ]
    assert places(combine(boards, LOSS, n_trials=2)) == [("one", 3), ("one", 6), ("two", 0)]


def test_the_front_of_several_studies_is_that_of_all_their_trials() -> None:
    # The better of the others beats 3, which is as large; 1 beats the other, which is as good.
    others = [make_trial(0, (0.3, 15.0)), make_trial(1, (0.1, 20.0))]
    rows = combine([board(SEVERAL, "one"), board(others, "two")], LOSS_AND_SIZE)
    on_front = [(row.study, row.number) for row in rows if row.is_on_front]
    assert on_front == places(rows)[:2] == [("two", 1), ("one", 1)]


def test_a_trial_that_is_not_shown_still_dominates_those_that_are() -> None:
    # 1 is left out of its own study's part, but beats the one of the other study.
    others = [make_trial(0, (0.3, 15.0))]
    rows = combine([board(SEVERAL, "one"), board(others, "two")], LOSS_AND_SIZE, n_trials=1)
    assert [(row.study, row.is_on_front) for row in rows] == [("one", True), ("two", False)]
