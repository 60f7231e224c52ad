import csv
import io
import json

from tests.stages import Stage


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
    assert [trial["state"] for trial in trials] == ["COMPLETE"] * 4 + ["BASELINE"] * 2
    assert {"number", "value", "val_loss", "hyperparameters", "run_id"} <= set(trials[0])
    assert finished.err == ""


def test_csv_has_the_same_trials(extended: Stage) -> None:
    finished = extended.workspace.run("trials", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(finished.out)))
    values = {row["number"]: float(row["value"]) for row in rows if row["number"]}
    assert values == {str(trial["number"]): trial["value"] for trial in extended.trials}
    assert all(row["hyperparameters.cell"] for row in rows if row["number"])


def test_an_unknown_study_is_told_with_those_that_are_there(extended: Stage) -> None:
    finished = extended.workspace.run("trials", "--study", "nosuch")
    assert finished.code == 1
    assert "there is no study named nosuch" in finished.err
    assert extended.study in finished.err
