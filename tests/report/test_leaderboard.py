import csv
import io
import json

import pytest

from search.engines.trials import TrialState
from search.report.baseline import BaselineRecord
from search.report.leaderboard import (
    Row,
    as_csv,
    as_json,
    as_markdown,
    cell,
    combine,
    leaderboard,
    shown_columns,
)
from search.study.confirmation import Confirmation, Retraining
from search.study.objectives import Objectives

from .records import make_record

LOSS, F1 = Objectives(("val_loss",)), Objectives(("macro_f1",))
RECORDS = [
    make_record(0, value=0.5),
    make_record(1, TrialState.FAIL, failure="MemoryError: no message"),
    make_record(2, TrialState.PRUNED, 0.1),
    make_record(3, value=0.2),
    make_record(4, TrialState.RUNNING),
    make_record(5, TrialState.PRUNED, refused="9000 parameters > 10"),
    make_record(6, value=0.2),
]


def test_complete_trials_come_first_best_first_then_pruned_then_the_others() -> None:
    rows = leaderboard(RECORDS, LOSS)
    assert [row["number"] for row in rows] == [3, 6, 0, 2, 1, 4]


def test_a_score_is_ordered_the_other_way_around() -> None:
    rows = leaderboard(RECORDS, F1)
    assert [row["number"] for row in rows] == [0, 3, 6, 2, 1, 4]
    assert "study" not in shown_columns(rows)


def test_a_refused_proposal_is_left_out() -> None:
    assert 5 not in [row["number"] for row in leaderboard(RECORDS, LOSS)]


def test_what_is_known_from_another_trial_is_left_out() -> None:
    reused = make_record(7, value=0.1, reused_from={"trial": 3})
    rows = leaderboard([*RECORDS, reused], LOSS)
    assert [row["number"] for row in rows] == [3, 6, 0, 2, 1, 4]


def test_a_generator_of_records_is_read_once() -> None:
    rows = leaderboard((record for record in RECORDS), LOSS)
    assert len(rows) == 6


def test_a_row_has_what_was_noted_of_its_trial() -> None:
    record = make_record(
        7,
        value=0.25,
        hyperparameters={"cell": "lstm", "units_1": 8},
        metrics={"val_loss": 0.25, "gap": 0.05, "parameters": 1000, "seconds": 3.5},
        verdict="overfit",
        onset="2",
        stopped="early stop",
        run_id="abc",
        start="bilstm-svd",
    )
    (row,) = leaderboard([record], LOSS)
    assert (row["name"], row["state"], row["value"]) == ("#7 gru 8", "COMPLETE", 0.25)
    assert (row["val_loss"], row["gap"], row["parameters"]) == (0.25, 0.05, 1000)
    assert (row["verdict"], row["onset"], row["stopped"]) == ("overfit", "2", "early stop")
    assert (row["run_id"], row["start"], row["seconds"]) == ("abc", "bilstm-svd", 3.5)
    assert row["hyperparameters"] == {"cell": "lstm", "units_1": 8}
    assert row["f1_micro"] is None


def test_without_a_measured_time_the_time_between_start_and_end_stands() -> None:
    (row,) = leaderboard([make_record(0, TrialState.FAIL, seconds=2.5)], LOSS)
    assert row["seconds"] == 2.5
    (row,) = leaderboard([make_record(0, TrialState.RUNNING)], LOSS)
    assert row["seconds"] is None


def test_json_is_a_list_with_words_as_they_are() -> None:
    rows = leaderboard([make_record(0, value=0.5, verdict="Ä")], LOSS)
    assert json.loads(as_json(rows)) == rows
    assert "Ä" in as_json(rows)
    assert json.loads(as_json([])) == []


def test_csv_has_a_column_for_every_hyperparameter_of_any_trial() -> None:
    records = [
        make_record(0, value=0.5, hyperparameters={"cell": "gru", "units_1": 8}),
        make_record(1, value=0.6, hyperparameters={"cell": "lstm", "units_2": 4}, onset='a "b", c'),
    ]
    rows = list(csv.DictReader(io.StringIO(as_csv(leaderboard(records, LOSS)))))
    assert [row["hyperparameters.cell"] for row in rows] == ["gru", "lstm"]
    assert [row["hyperparameters.units_1"] for row in rows] == ["8", ""]
    assert [row["hyperparameters.units_2"] for row in rows] == ["", "4"]
    assert [row["onset"] for row in rows] == ["", 'a "b", c']


def test_markdown_has_a_line_a_trial_below_its_header() -> None:
    record = make_record(0, value=0.5, metrics={"parameters": 12345, "gap": 0.05}, verdict="fit")
    header, rule, line = as_markdown(leaderboard([record], LOSS)).splitlines()
    assert header.startswith("| name | state | value |")
    assert rule.count("---") == header.count("|") - 1
    assert line == "| #0 gru 8 | COMPLETE | 0.5000 |  |  | 0.0500 | fit |  | 12,345 |  |"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (0.12345, "0.1235"),
        (-0.5, "-0.5000"),
        (1234567, "1,234,567"),
        (0, "0"),
        ("fit", "fit"),
    ],
)
def test_a_cell_is_written_for_people(value: object, written: str) -> None:
    assert cell(value) == written


def test_baselines_come_last_and_have_no_number() -> None:
    baseline = BaselineRecord("label priors", "run-1", {"val_loss": 0.01, "f1_macro": 0.25})
    rows = leaderboard([make_record(0, value=0.5)], LOSS, baselines=[baseline])
    assert [row["number"] for row in rows] == [0, None]
    assert (rows[1]["state"], rows[1]["value"], rows[1]["name"]) == (
        "BASELINE",
        0.01,
        "label priors",
    )
    assert rows[0].keys() == rows[1].keys()
    rows = leaderboard([], F1, baselines=[baseline])
    assert rows[0]["value"] == 0.25


def test_a_trial_beyond_a_limit_is_called_infeasible() -> None:
    record = make_record(0, value=0.5, excess={"gap": 0.1}, verdict="overfit")
    assert "| overfit, infeasible |" in as_markdown(leaderboard([record], LOSS))


def test_fresh_seeds_are_a_column_where_there_are_any() -> None:
    records = [make_record(0, value=0.5), make_record(1, value=0.6)]
    plain = as_markdown(leaderboard(records, LOSS))
    assert "confirmed" not in plain
    seeds = tuple(Retraining(value, {"run_id": "run"}) for value in (0.5, 0.6, 0.7))
    confirmations = {1: Confirmation(1, seeds)}
    rows = leaderboard(records, LOSS, confirmations=confirmations, winner=1)
    assert [row["number"] for row in rows] == [1, 0]
    assert "| 0.6000 ± 0.1000 |" in as_markdown(rows)


def test_with_one_label_accuracy_stands_where_its_f1_would_stand_twice() -> None:
    metrics = {"f1_micro": 0.8, "f1_macro": 0.8, "accuracy": 0.79}
    one = make_record(0, value=0.5, metrics=metrics)
    columns = shown_columns(leaderboard([one], LOSS))
    assert "accuracy" in columns and "f1_micro" not in columns
    two_labels = make_record(1, value=0.5, metrics=metrics | {"f1_macro": 0.7})
    assert "f1_micro" in shown_columns(leaderboard([one, two_labels], LOSS))


# Loss and weights: 3 and 1 are the front; 0 is dominated by both, 2 was given up.
SEVERAL = [
    make_record(0, value=(0.4, 30.0)),
    make_record(1, value=(0.3, 10.0)),
    make_record(2, TrialState.PRUNED, (0.1, 5.0)),
    make_record(3, value=(0.2, 20.0)),
    make_record(4, TrialState.FAIL, failure="MemoryError: no message"),
    make_record(5, value=(0.25, 25.0)),
    make_record(6, value=(0.0, 1.0), reused_from={"trial": 0}),
]
LOSS_AND_SIZE = Objectives(("val_loss", "parameters"))


def test_with_several_objectives_the_front_comes_first() -> None:
    rows = leaderboard(SEVERAL, LOSS_AND_SIZE)
    assert [row["number"] for row in rows] == [3, 1, 5, 0, 2, 4]
    assert [row["front"] for row in rows] == [True, True, False, False, False, False]
    assert [row["value"] for row in rows] == [0.2, 0.3, 0.25, 0.4, 0.1, None]


def test_a_winner_of_several_objectives_comes_before_the_front() -> None:
    rows = leaderboard(SEVERAL, LOSS_AND_SIZE, winner=1)
    assert [row["number"] for row in rows] == [1, 3, 5, 0, 2, 4]


def test_the_front_is_a_column_where_there_is_one() -> None:
    baseline = BaselineRecord("label priors", "run-1", {"val_loss": 0.5})
    rows = leaderboard(SEVERAL, LOSS_AND_SIZE, baselines=[baseline])
    assert rows[0].keys() == rows[-1].keys()
    assert shown_columns(rows)[:4] == ("name", "state", "value", "front")
    lines = as_markdown(rows).splitlines()
    assert lines[2].startswith("| #3 gru 8 | COMPLETE | 0.2000 | yes |")
    assert lines[4].startswith("| #5 gru 8 | COMPLETE | 0.2500 |  |")
    assert lines[-1].startswith("| label priors | BASELINE | 0.5000 |  |")


def test_with_one_objective_there_is_no_front() -> None:
    rows = leaderboard(RECORDS, LOSS)
    assert {row["front"] for row in rows} == {None}
    assert "front" not in shown_columns(rows)


PRIORS = BaselineRecord("label priors", "run-1", {"val_loss": 0.4})


def places(rows: list[Row]) -> list[tuple[str | None, int | None]]:
    return [(row["study"], row["number"]) for row in rows]


def test_trials_of_several_studies_go_by_value_and_baselines_stand_once() -> None:
    others = [make_record(0, value=0.3), make_record(1, value=0.1, excess={"gap": 0.1})]
    boards = {
        "one": leaderboard(RECORDS, LOSS, baselines=[PRIORS]),
        "two": leaderboard(others, LOSS, baselines=[PRIORS]),
    }
    rows = combine(boards, {"one": [], "two": []}, LOSS)
    complete = [("one", 3), ("one", 6), ("two", 0), ("one", 0)]
    # Then the one that was given up, the infeasible one, and those without a value.
    rest = [("one", 2), ("two", 1), ("one", 1), ("one", 4)]
    assert places(rows) == [*complete, *rest, (None, None)]
    assert next(iter(rows[0])) == "study"
    assert shown_columns(rows)[:2] == ("study", "name")
    assert as_markdown(rows).splitlines()[-1].startswith("|  | label priors |")


def test_of_one_study_the_order_stays() -> None:
    board = leaderboard(RECORDS, LOSS, winner=0)
    rows = combine({"one": board}, {}, LOSS)
    assert [row["number"] for row in rows] == [0, 3, 6, 2, 1, 4]
    assert "study" not in shown_columns(rows)


def test_of_each_study_so_many_trials_are_taken_as_shall_be_shown() -> None:
    boards = {"one": leaderboard(RECORDS, LOSS), "two": leaderboard(RECORDS[:1], LOSS)}
    rows = combine(boards, {}, LOSS, n_shown=2)
    assert places(rows) == [("one", 3), ("one", 6), ("two", 0)]


def test_the_front_of_several_studies_is_that_of_all_their_trials() -> None:
    # The better of the others beats 3, which is as large; 1 beats the other, which is as good.
    others = [make_record(0, value=(0.3, 15.0)), make_record(1, value=(0.1, 20.0))]
    boards = {"one": leaderboard(SEVERAL, LOSS_AND_SIZE), "two": leaderboard(others, LOSS_AND_SIZE)}
    fronts = {"one": [SEVERAL[3], SEVERAL[1]], "two": others[::-1]}
    rows = combine(boards, fronts, LOSS_AND_SIZE)
    front = [(row["study"], row["number"]) for row in rows if row["front"]]
    assert front == places(rows)[:2] == [("two", 1), ("one", 1)]
