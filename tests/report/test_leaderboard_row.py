from search.report.leaderboard import COLUMNS
from search.report.leaderboard_row import LeaderboardRow
from search.trial.baseline import Baseline
from search.trial.diagnosis import Verdict
from search.trial.objective import MACRO_F1, VAL_LOSS
from search.trial.state import TrialState
from tests.trials import make_training, make_trial


def test_a_row_has_what_is_known_of_its_trial() -> None:
    trial = make_trial(
        7,
        0.25,
        hyperparameters={"cell": "lstm", "units_1": 8},
        training=make_training(
            {"val_loss": 0.25, "gap": 0.05, "parameters": 1000, "seconds": 3.5},
            Verdict.OVERFIT,
            onset=2,
        ),
        run_id="abc",
        start="bilstm-svd",
    )
    row = LeaderboardRow(trial, VAL_LOSS, "films")
    assert row.as_dict() == dict.fromkeys(COLUMNS[1:]) | {
        "number": 7,
        "name": "#7 gru 8",
        "state": "COMPLETE",
        "value": 0.25,
        "feasible": True,
        "val_loss": 0.25,
        "gap": 0.05,
        "parameters": 1000,
        "seconds": 3.5,
        "verdict": "overfit",
        "onset": 2,
        "stopped": "early stop",
        "start": "bilstm-svd",
        "run_id": "abc",
        "hyperparameters": {"cell": "lstm", "units_1": 8},
    }
    assert next(iter(row.as_dict(has_study=True).items())) == ("study", "films")


def test_without_an_onset_there_is_none() -> None:
    row = LeaderboardRow(make_trial(0, 0.5, training=make_training()), VAL_LOSS).as_dict()
    assert (row["onset"], row["stopped"]) == (None, "early stop")


def test_without_a_measured_time_it_is_that_between_start_and_end() -> None:
    row = LeaderboardRow(make_trial(0, state=TrialState.FAIL, seconds=2.5), VAL_LOSS)
    assert row.seconds == 2.5
    row = LeaderboardRow(make_trial(0, state=TrialState.RUNNING), VAL_LOSS)
    assert row.seconds is None


def test_a_baseline_has_the_objective_for_a_value_and_no_diagnosis() -> None:
    row = LeaderboardRow(Baseline("priors", "run-1", {"val_loss": 0.4, "f1_macro": 0.25}), MACRO_F1)
    assert (row.name, row.state, row.value, row.number) == ("priors", "BASELINE", 0.25, None)
    assert (row.is_feasible, row.seconds) == (None, None)
    assert row.as_dict()["run_id"] == "run-1"
    unknown = ("verdict", "onset", "stopped", "failure", "start")
    assert [row.as_dict()[key] for key in unknown] == [None] * 5
