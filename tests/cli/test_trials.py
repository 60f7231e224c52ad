import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from search.trial.state import TrialState
from tests.cli.planted import write_study
from tests.stages import Stage
from tests.trials import make_trial
from tests.workspace import Finished, run_command


def test_the_table_has_a_line_a_trial_best_first(extended: Stage) -> None:
    finished = extended.workspace.run("trials")
    assert finished.code == 0
    lines = [line.split() for line in finished.out.splitlines() if line.strip().startswith("#")]
    order = sorted(extended.trials, key=lambda trial: float(trial["value"]))
    assert [line[0] for line in lines] == [f"#{trial['number']}" for trial in order]
    assert f"study {extended.study}, val_loss" in finished.err


def test_json_is_a_list_of_trials_and_baselines_alone_on_standard_output(extended: Stage) -> None:
    finished = extended.workspace.run("trials", "--study", extended.study, "--format", "json")
    trials = json.loads(finished.out)
    assert sorted(trial["state"] for trial in trials) == ["BASELINE"] * 2 + ["COMPLETE"] * 4
    losses = [trial["val_loss"] for trial in trials]
    assert losses == sorted(losses)
    assert {"number", "value", "val_loss", "hyperparameters", "run_id"} <= set(trials[0])
    assert finished.err == ""


def test_csv_has_the_same_trials(extended: Stage) -> None:
    finished = extended.workspace.run("trials", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(finished.out)))
    values = {row["number"]: float(row["value"]) for row in rows if row["number"]}
    assert values == {str(trial["number"]): trial["value"] for trial in extended.trials}
    assert all(row["hyperparameters.cell"] for row in rows if row["number"])


def test_an_unknown_study_is_refused_with_the_names_that_are_there(extended: Stage) -> None:
    finished = extended.workspace.run("trials", "--study", "nosuch")
    assert finished.code == 1
    assert "there is no study named nosuch" in finished.err
    assert extended.study in finished.err


def _rows(finished: Finished) -> list[tuple[str | None, int | None, Any]]:
    assert finished.code == 0, finished.err
    return [(row["study"], row["number"], row["value"]) for row in json.loads(finished.out)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two")
    failed = make_trial(1, state=TrialState.FAIL)
    write_study(folder, "tpe", [make_trial(0, 0.5), failed, make_trial(2, 0.2)])
    searches: dict[str, tuple[list[Any], dict[str, Any]]] = {
        "hyperband": ([0.3, 0.1, 0.2], {"engine": "keras-tuner hyperband"}),
        "longer": ([0.01], {"epochs": 30}),
        "front-1": ([(0.2, 50.0), (0.1, 90.0)], {"objective": "val_loss,parameters"}),
        "front-2": ([(0.2, 40.0), (0.3, 10.0)], {"objective": "val_loss,parameters"}),
    }
    for name, (values, changed) in searches.items():
        trials = (make_trial(number, value) for number, value in enumerate(values))
        write_study(folder, name, trials, **changed)
    return folder


def test_several_studies_have_one_leaderboard_best_first_with_the_baselines_once(
    folder: Path,
) -> None:
    arguments = ("trials", "--study", "tpe", "--study", "hyperband", "--format", "json")
    assert _rows(run_command(folder, *arguments)) == [
        ("hyperband", 1, 0.1),
        ("tpe", 2, 0.2),
        ("hyperband", 2, 0.2),
        ("hyperband", 0, 0.3),
        ("tpe", 0, 0.5),
        (None, None, 0.9),
        ("tpe", 1, None),
    ]


def test_the_table_of_several_has_a_column_for_the_study(folder: Path) -> None:
    finished = run_command(folder, "trials", "--study", "tpe", "--study", "hyperband")
    assert "studies tpe, hyperband, val_loss" in finished.err
    lines = [line.split() for line in finished.out.splitlines() if line.strip()]
    assert lines[0][:2] == ["study", "name"]
    assert lines[2][:2] == ["hyperband", "#1"]
    alone = run_command(folder, "trials", "--study", "tpe", "--study", "tpe")
    assert "study tpe, val_loss" in alone.err
    assert alone.out.split()[0] == "name"


def test_csv_of_several_names_the_study_of_each_trial(folder: Path) -> None:
    arguments = ("--study", "tpe", "--study", "hyperband", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(run_command(folder, "trials", *arguments).out)))
    studies = [row["study"] for row in rows]
    assert studies == ["hyperband", "tpe", "hyperband", "hyperband", "tpe", "", "tpe"]


def test_top_takes_the_best_of_each_study(folder: Path) -> None:
    arguments = ("trials", "--study", "tpe", "--study", "hyperband", "--top", "1")
    assert _rows(run_command(folder, *arguments, "--format", "json")) == [
        ("hyperband", 1, 0.1),
        ("tpe", 2, 0.2),
        (None, None, 0.9),
    ]
    alone = run_command(folder, "trials", "--study", "tpe", "--top", "2", "--format", "json")
    assert [row[:2] for row in _rows(alone)] == [("tpe", 2), ("tpe", 0), (None, None)]


def test_the_front_of_several_is_that_of_all_their_trials(folder: Path) -> None:
    arguments = ("--study", "front-1", "--study", "front-2", "--format", "json")
    rows = json.loads(run_command(folder, "trials", *arguments).out)
    on_front = [(row["study"], row["number"]) for row in rows if row["front"]]
    # The first trial of front-1 is as good as that of front-2, and larger.
    assert on_front == [("front-1", 1), ("front-2", 0), ("front-2", 1)]
    assert [(row["study"], row["number"]) for row in rows[3:4]] == [("front-1", 0)]


@pytest.mark.parametrize(
    ("other", "difference"),
    [("longer", "epochs 15 and 30"), ("front-1", "objective val_loss and val_loss,par")],
    ids=["epochs", "objective"],
)
def test_studies_whose_values_do_not_compare_are_refused(
    folder: Path, other: str, difference: str
) -> None:
    finished = run_command(folder, "trials", "--study", "tpe", "--study", other)
    assert finished.code == 1
    assert f"studies tpe and {other}: expected values that compare" in finished.err
    assert difference in finished.err
    assert "space" not in finished.err
    assert finished.out == ""
