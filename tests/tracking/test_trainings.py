from dataclasses import replace
from typing import Any

import pytest

from search.metrics.comparison import Comparison
from search.tracking.record import RunStatus
from search.tracking.trainings import (
    RUN_STATUS,
    tag_training,
    tag_trial,
    write_epoch,
    write_proposal,
)
from search.trial.diagnosis import Verdict
from search.trial.proposal import Proposal
from search.trial.state import TrialState
from search.trial.trial import Trial
from tests.memory_tracker import MemoryTracker
from tests.trials import make_report, make_training

TRAINING = make_training(
    {"val_loss": 0.5, "parameters": 80.0}, Verdict.OVERFIT, gap=0.12345, onset=3
)
TAGS = {"stopped": "early stop", "verdict": "overfit", "onset": "3", "gap": "0.1235"}


def test_a_plain_proposal_has_its_hyperparameters_and_its_seed() -> None:
    run = MemoryTracker().study
    write_proposal(run, Proposal(0, {"cell": "gru"}, 0))
    assert run.kept_params == {"cell": "gru"}
    assert run.kept_tags == {"seed": 0}


def test_a_proposal_says_which_start_it_is_and_which_trial_it_goes_on_from() -> None:
    run = MemoryTracker().study
    write_proposal(run, Proposal(7, {}, 11, start="small", n_epochs=6, resumes=0))
    assert run.kept_tags == {"seed": 11, "start": "small", "up_to_epoch": 6, "resumes_trial": 0}


def test_the_metrics_of_an_epoch_are_in_a_group_of_their_own() -> None:
    run = MemoryTracker().study
    write_epoch(run, make_report(3))
    assert run.kept_metrics == {
        "epoch/train_loss": [(3, 0.8)],
        "epoch/val_loss": [(3, 0.7)],
        "epoch/fit_loss": [(3, 0.9)],
        "epoch/train_accuracy": [(3, 0.6)],
        "epoch/val_accuracy": [(3, 0.5)],
        "epoch/f1_micro": [(3, 0.4)],
        "epoch/f1_macro": [(3, 0.3)],
        "epoch/seconds": [(3, 2.0)],
    }


def test_a_training_without_an_onset_says_so() -> None:
    assert tag_training(make_training())["onset"] == "none"


@pytest.mark.parametrize(
    ("changes", "tags"),
    [
        pytest.param({}, {}, id="neither"),
        pytest.param(
            {"comparison": Comparison(-0.2, -0.3, -0.1, 0.95)},
            {"against_baseline": "beats"},
            id="ahead of the baseline",
        ),
        pytest.param(
            {"comparison": Comparison(0.0, -0.1, 0.1, 0.95)},
            {"against_baseline": "ties"},
            id="level with the baseline",
        ),
        pytest.param({"is_resumed": True}, {"resumed": "yes"}, id="resumed"),
        pytest.param({"is_resumed": False}, {"resumed": "no"}, id="without its checkpoint"),
    ],
)
def test_tags_say_how_a_training_compares_with_the_baseline_and_whether_it_was_resumed(
    changes: dict[str, Any], tags: dict[str, str]
) -> None:
    assert tag_training(replace(TRAINING, **changes)) == TAGS | tags


@pytest.mark.parametrize(
    ("trial", "tags"),
    [
        pytest.param(
            Trial(0, TrialState.COMPLETE, (0.5,), training=TRAINING),
            {"state": "COMPLETE"} | TAGS,
            id="complete",
        ),
        pytest.param(
            Trial(0, TrialState.FAIL, failure="ValueError: cause"),
            {"state": "FAIL", "failure": "ValueError: cause"},
            id="failed",
        ),
        pytest.param(
            Trial(0, TrialState.FAIL, failure="the loss became nan", has_diverged=True),
            {"state": "FAIL", "failure": "the loss became nan", "verdict": "diverged"},
            id="diverged",
        ),
        pytest.param(Trial(0, TrialState.PRUNED), {"state": "PRUNED"}, id="pruned, untrained"),
    ],
)
def test_tags_say_how_a_trial_ended(trial: Trial, tags: dict[str, str]) -> None:
    assert tag_trial(trial) == tags


def test_only_a_trial_that_runs_has_no_status_to_end_with() -> None:
    assert RUN_STATUS == {
        TrialState.COMPLETE: RunStatus.FINISHED,
        TrialState.PRUNED: RunStatus.KILLED,
        TrialState.FAIL: RunStatus.FAILED,
    }
