from dataclasses import asdict, replace

import pytest

from search.metrics.comparison import Comparison
from search.metrics.extrapolation import Extrapolation
from search.metrics.learning_curves import LearningCurves
from search.metrics.power_law import PowerLaw
from search.report.reach import TargetVerdict
from search.trial.baseline import LINEAR, Baseline
from search.trial.state import TrialState
from search.trial.trial import Origin, Trial
from tests.summaries import make_confirmations, make_summary
from tests.trials import make_training, make_trial


def test_a_study_without_a_trial_says_so() -> None:
    summary = make_summary([])
    assert summary.best is None
    assert summary.sentences() == ["Trials: none.", "No trial is complete yet."]


def test_trials_are_counted_by_how_they_ended() -> None:
    trials = [
        make_trial(0, 0.25),
        make_trial(1, 0.5, TrialState.PRUNED),
        make_trial(2, state=TrialState.FAIL),
        make_trial(3, state=TrialState.RUNNING),
        make_trial(4, state=TrialState.PRUNED, refusal="20 parameters > 10"),
        make_trial(5, state=TrialState.PRUNED, refusal="30 parameters > 10"),
        make_trial(6, 0.25, origin=Origin(0)),
        make_trial(7, 0.5, TrialState.PRUNED, origin=Origin(3, "other")),
        make_trial(8, state=TrialState.FAIL, is_interrupted=True),
    ]
    counted = (
        make_summary(trials).sentences()[0].removeprefix("Trials: ").removesuffix(".").split(", ")
    )
    assert counted[:5] == ["1 complete", "1 pruned", "1 failed", "1 running", "1 interrupted"]
    assert counted[5].startswith("2 refused") and counted[6].startswith("2 reused")
    assert len(counted) == 7


def test_the_best_is_named_and_held_against_target_and_priors() -> None:
    trials = [make_trial(0, 0.25), make_trial(1, 0.125)]
    best, target, why, priors = make_summary(trials).sentences()[1:]
    assert "#1 gru 8 with val_loss 0.1250" in best
    assert "target 0.05: cannot tell yet" in target
    assert "not been compared" in why
    assert "label priors" in priors and "0.5000" in priors


def test_a_value_equal_to_the_target_meets_it() -> None:
    assert "The target 0.05: reached." in make_summary([make_trial(0, 0.05)]).sentences()


def test_a_score_meets_a_target_from_above() -> None:
    trials = [make_trial(0, 0.75), make_trial(1, 0.5)]
    said = make_summary(trials, objective="macro_f1", target=0.7).sentences()
    assert "Best network: #0 gru 8 with macro_f1 0.7500." in said
    assert "The target 0.7 is met." in said


def test_a_reused_trial_does_not_win() -> None:
    trials = [make_trial(0, 0.1, origin=Origin(3, "other"))]
    assert make_summary(trials).best is None
    counted, nothing = make_summary(trials).sentences()
    assert "1 reused" in counted
    assert "No trial is complete" in nothing


# 1 and 0 are the front, 2 is dominated by both.
SEVERAL = [
    make_trial(0, (0.5, 1000.0)),
    make_trial(1, (0.25, 20000.0)),
    make_trial(2, (0.75, 30000.0)),
]


def test_with_several_objectives_the_front_is_named_with_its_values() -> None:
    summary = make_summary(SEVERAL, objective="val_loss,parameters", target=None)
    assert [trial.number for trial in summary.front] == [1, 0]
    best, front = summary.sentences()[1:3]
    assert "#1 gru 8 with val_loss 0.2500" in best
    assert "Pareto front of val_loss, parameters" in front
    assert "#1 gru 8 (0.2500, 20,000); #0 gru 8 (0.5000, 1,000)" in front
    assert [row.is_on_front for row in summary.rows()] == [True, True, False]
    assert "| front |" in summary.markdown()


def test_with_one_objective_there_is_no_front() -> None:
    summary = make_summary([make_trial(0, 0.25)])
    assert summary.front == []
    assert "front" not in " ".join(summary.sentences())
    assert summary.rows()[0].is_on_front is None


def test_without_a_target_none_is_mentioned() -> None:
    said = " ".join(make_summary([make_trial(0, 0.25)], target=None).sentences())
    assert "target" not in said


def test_a_known_floor_is_named() -> None:
    said = make_summary([make_trial(0, 0.25)], floor=0.0625).sentences()[-1]
    assert "below 0.0625" in said and "generated" in said


def test_a_pruned_trial_does_not_win() -> None:
    trials = [make_trial(0, 0.01, TrialState.PRUNED), make_trial(1, 0.25)]
    best = make_summary(trials).best
    assert best is not None
    assert best.number == 1
    assert make_summary(trials[:1]).best is None


def test_markdown_has_the_name_the_sentences_and_twenty_trials_at_most() -> None:
    trials = [make_trial(number, 0.25) for number in range(30)]
    lines = make_summary(trials).markdown().splitlines()
    assert lines[0] == "## films-smoke"
    assert lines[2].startswith("Trials: 30 complete. Best network: #0 gru 8")
    assert len([line for line in lines if line.startswith("| #")]) == 20


def _compared(value: float, difference: float, low: float, high: float) -> Trial:
    """Make a trial that was compared with the linear baseline."""
    training = make_training(comparison=Comparison(difference, low, high, 0.9))
    return make_trial(0, value, training=training)


LINEAR_BASELINE = Baseline(LINEAR, "run", {"val_loss": 0.15, "f1_macro": 0.5})


@pytest.mark.parametrize(
    ("interval", "said"),
    [
        pytest.param(
            (-0.02, -0.03, -0.01),
            "It beats TF-IDF + logistic regression: a difference of -0.0200 (-0.0300 to -0.0100",
            id="beats",
        ),
        pytest.param(
            (-0.01, -0.03, 0.01),
            "It ties with TF-IDF + logistic regression: a difference of -0.0100 (-0.0300 to +0.01",
            id="ties",
        ),
        pytest.param(
            (0.02, 0.01, 0.03),
            "It loses to TF-IDF + logistic regression: a difference of +0.0200 (+0.0100 to +0.03",
            id="loses",
        ),
    ],
)
def test_the_best_is_compared_with_the_linear_baseline(
    interval: tuple[float, float, float], said: str
) -> None:
    best = _compared(0.13, *interval)
    summary = make_summary([best], baselines=[LINEAR_BASELINE])
    assert said in " ".join(summary.sentences())


def test_a_difference_of_f1_has_the_sign_of_f1() -> None:
    best = _compared(0.55, -0.05, -0.08, -0.02)
    said = " ".join(make_summary([best], objective="macro_f1").sentences())
    assert "It beats TF-IDF + logistic regression: a difference of +0.0500 (+0.0200 to +0.0800" in (
        said
    )


def test_the_winner_is_the_one_that_fresh_seeds_pick_and_has_its_middle_network() -> None:
    trials = [make_trial(0, 0.10), make_trial(1, 0.11)]
    confirmations = make_confirmations(t0=[0.15, 0.151, 0.152], t1=[0.12, 0.122, 0.121])
    summary = make_summary(trials, confirmations=confirmations)
    best = summary.best
    assert best is not None
    assert (best.number, best.value, best.run_id) == (1, 0.121, "run 0.121")
    assert [row.number for row in summary.rows()] == [1, 0]
    said = " ".join(summary.sentences())
    assert "Best network: #1 gru 8 with val_loss 0.1210." in said
    assert "median of 3 trainings with fresh seeds (0.1210 ± 0.0010)" in said
    assert "Equally good" not in said


def test_trials_that_fresh_seeds_do_not_tell_apart_are_called_equally_good() -> None:
    trials = [make_trial(0, 0.10), make_trial(1, 0.11)]
    confirmations = make_confirmations(t0=[0.120, 0.122, 0.124], t1=[0.121, 0.122, 0.123])
    said = " ".join(make_summary(trials, confirmations=confirmations).sentences())
    assert "Best network: #1" in said
    assert "Equally good with fresh seeds: #0 gru 8 (0.1220 ± 0.0020)" in said


def test_incomplete_confirmations_are_not_used() -> None:
    trials = [make_trial(0, 0.10), make_trial(1, 0.11)]
    confirmations = make_confirmations(t0=[0.9, 0.8], t1=[0.1, 0.1, 0.1])
    summary = make_summary(trials, confirmations=confirmations)
    assert summary.best is trials[0]
    assert "fresh seeds" not in " ".join(summary.sentences())
    assert summary.rows()[0].confirmation is None


def test_a_seed_that_diverged_is_mentioned_and_a_middle_one_that_did_wins_nothing() -> None:
    trials = [make_trial(0, 0.10), make_trial(1, 0.11)]
    summary = make_summary(trials[:1], confirmations=make_confirmations(t0=[0.11, 0.12, 9]))
    assert "1 diverged" in " ".join(summary.sentences())
    both = make_confirmations(t0=[0.11, 9, 9], t1=[0.12, 0.12, 0.12])
    best = make_summary(trials, confirmations=both).best
    assert best is not None and best.number == 0 and best.value == 0.10


def test_a_better_trial_that_came_later_wins_unconfirmed() -> None:
    trials = [make_trial(0, 0.10), make_trial(1, 0.09)]
    summary = make_summary(trials, confirmations=make_confirmations(t0=[0.1, 0.1, 0.1]))
    assert summary.best is trials[1]


def test_fresh_seeds_decide_whether_the_target_is_reached() -> None:
    confirmations = make_confirmations(t0=[0.06, 0.06, 0.04])
    summary = make_summary([make_trial(0, 0.04)], confirmations=confirmations)
    assert summary.reach.verdict is not TargetVerdict.REACHED


def test_a_study_whose_trials_all_lie_beyond_the_gap_has_no_winner() -> None:
    trials = [make_trial(0, 0.1, violations={"gap": 0.01})]
    summary = make_summary(trials, max_gap=0.02)
    assert summary.best is None
    assert "No complete trial has a gap of at most 0.02" in summary.sentences()[-1]


def test_texts_that_name_their_labels_take_the_credit() -> None:
    summary = make_summary([make_trial(0, 0.03)], leaks=True)
    assert "The target 0.05: reached, but the texts name their labels." in summary.sentences()


def test_curves_of_another_trial_or_target_are_not_used() -> None:
    law = PowerLaw(0.1, 1.0, 0.3)
    curve = Extrapolation(law, 100, 10.0, 0.11, 0.1, 0.12, 0.9, 0.05, None, None, None)
    best = _compared(0.13, 0.0, -0.1, 0.1)
    curves = LearningCurves(0, curve, curve)
    of_best = make_summary([best], baselines=[LINEAR_BASELINE], curves=curves)
    assert of_best.reach.verdict is TargetVerdict.OUT_OF_REACH
    assert "(0.1000 to 0.1200, 90%)" in " ".join(of_best.sentences())
    for changes in (
        {"curves": LearningCurves(1, curve, curve)},
        {"curves": curves, "target": 0.06},
        {"curves": None},
    ):
        other = make_summary([best], baselines=[LINEAR_BASELINE], **changes)
        assert other.reach.verdict is TargetVerdict.CANNOT_TELL
    assert LearningCurves.from_dict(asdict(curves)) == curves


def test_winner_and_front_are_found_once() -> None:
    summary = make_summary(SEVERAL, objective="val_loss,parameters")
    assert summary.best is summary.best
    assert summary.front is summary.front
    changed = replace(summary, trials=SEVERAL[2:])
    assert changed.best is SEVERAL[2]
