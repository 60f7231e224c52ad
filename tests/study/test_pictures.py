import pytest

from search.report.summary import Summary
from search.study.pictures import draw_best_trials, draw_search
from search.trial.baseline import PRIORS, Baseline
from search.trial.diagnosis import Diagnosis, Verdict
from search.trial.epoch import Curves
from search.trial.objective import Objectives
from search.trial.state import StopReason, TrialState
from search.trial.training import Training
from search.trial.trial import Origin, Trial
from tests.plots.search.searches import make_space

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def trained(number: int, loss: float, state: TrialState = TrialState.COMPLETE) -> Trial:
    return Trial(
        number,
        state,
        (loss,),
        {"learning_rate": 10.0 ** -(number + 1)},
        name=f"#{number} bilstm 64",
        training=Training(
            {"val_loss": loss, "best_epoch": 2},
            Curves([0.2, 0.1], [0.2, loss]),
            Diagnosis(0.0, None, 0.0, Verdict.FIT),
            StopReason.EPOCHS,
        ),
    )


def drawn_best(*trials: Trial) -> bytes | None:
    return draw_best_trials(Summary("films", Objectives(), 0.05, 0.171, None, trials))


def page(*trials: Trial) -> str:
    baselines = [Baseline(PRIORS, "1f", {"val_loss": 0.1712})]
    summary = Summary("films", Objectives(), None, 0.171, None, trials, baselines=baselines)
    files = draw_search(summary, make_space(), None)
    return files.get("search/search.html", b"").decode()


def test_trials_with_curves_are_drawn_beside_one_that_failed() -> None:
    content = drawn_best(trained(0, 0.15), Trial(1, TrialState.FAIL))
    assert content is not None
    assert content.startswith(SIGNATURE)


@pytest.mark.parametrize(
    "trials",
    [
        pytest.param([], id="no trial"),
        pytest.param([Trial(0, TrialState.RUNNING)], id="running"),
        pytest.param([Trial(0, TrialState.FAIL)], id="failed"),
    ],
)
def test_before_a_trial_has_ended_there_is_no_picture(trials: list[Trial]) -> None:
    assert drawn_best(*trials) is None
    assert page(*trials) == ""


def test_the_search_shows_trials_and_the_levels_of_the_baselines() -> None:
    shown = page(trained(0, 0.15), trained(1, 0.16, TrialState.PRUNED))
    assert "#0 bilstm 64" in shown and "#1 bilstm 64" in shown
    assert "label priors 0.1712" in shown


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(
            Trial(1, TrialState.COMPLETE, (0.1,), name="#1 gru 9", origin=Origin(0)), id="reused"
        ),
        pytest.param(
            Trial(1, TrialState.PRUNED, name="#1 gru 9", refusal="too large"), id="refused"
        ),
        pytest.param(Trial(1, TrialState.RUNNING, name="#1 gru 9"), id="running"),
    ],
)
def test_a_trial_that_was_not_trained_or_still_runs_is_left_out(other: Trial) -> None:
    assert "#1 gru 9" not in page(trained(0, 0.15), other)


def test_a_failed_trial_is_shown() -> None:
    assert "#1 gru 9" in page(trained(0, 0.15), Trial(1, TrialState.FAIL, name="#1 gru 9"))
