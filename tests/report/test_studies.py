import csv
import io
import json
from datetime import datetime

import pytest

from search.report.studies import (
    COLUMNS,
    Runs,
    StudyRow,
    describe_counts,
    format_cell,
    format_csv,
    format_json,
)

ROW = StudyRow(
    name="films-genre-1a2b3c4d",
    corpus="films",
    space="genre",
    objective="val_loss,parameters",
    engine="keras-tuner",
    trials={"COMPLETE": 1200, "FAIL": 1, "CUT_OFF": 2},
    best=0.123456,
    best_trial=7,
    last_searched=datetime(2026, 11, 22, 7, 5, 9, 123),
    runs=Runs.GONE,
)
ALONE = StudyRow("lost")


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        pytest.param({}, "none", id="none"),
        pytest.param({"COMPLETE": 0}, "none", id="zero"),
        pytest.param(
            {"FAIL": 1, "COMPLETE": 1200, "CUT_OFF": 2},
            "1,200 complete, 1 failed, 2 interrupted",
            id="some",
        ),
        pytest.param(
            {"WAITING": 1, "RUNNING": 2, "PRUNED": 3, "REUSED": 4, "REFUSED": 5},
            "3 pruned, 2 running, 1 waiting, 4 reused, 5 refused",
            id="the others",
        ),
    ],
)
def test_trials_are_counted_in_words(counts: dict[str, int], words: str) -> None:
    assert describe_counts(counts) == words


def test_the_table_has_a_cell_for_each_column() -> None:
    assert [format_cell(ROW, column) for column in COLUMNS] == [
        "films-genre-1a2b3c4d",
        "films",
        "genre",
        "val_loss,parameters",
        "keras-tuner",
        "1,200 complete, 1 failed, 2 interrupted",
        "0.1235",
        "2026-11-22 07:05",
        "gone",
    ]


def test_a_study_that_mlflow_alone_knows_has_a_name_only() -> None:
    cells = [format_cell(ALONE, column) for column in COLUMNS]
    assert cells == ["lost", *[""] * 7, "there, but no study"]


def test_json_has_every_kind_of_trial_and_the_whole_value() -> None:
    (first, second) = json.loads(format_json([ROW, ALONE]))
    assert first["trials"] == {
        "complete": 1200, "pruned": 0, "running": 0, "waiting": 0, "reused": 0, "failed": 1,
        "interrupted": 2, "refused": 0,
    }  # fmt: skip
    assert (first["best"], first["best_trial"]) == (0.123456, 7)
    assert first["last_searched"] == "2026-11-22T07:05:09"
    assert (second["corpus"], second["last_searched"]) == (None, None)
    assert format_json([]) == "[]"


def test_csv_has_a_column_for_each_kind_of_trial() -> None:
    rows = list(csv.DictReader(io.StringIO(format_csv([ROW, ALONE]))))
    assert [row["name"] for row in rows] == ["films-genre-1a2b3c4d", "lost"]
    assert (rows[0]["trials.complete"], rows[0]["trials.interrupted"]) == ("1200", "2")
    assert rows[1]["corpus"] == ""
    assert format_csv([]).splitlines() == ["name"]
