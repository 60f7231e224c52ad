from collections.abc import Sequence
from dataclasses import replace

import pytest

from search.engines.trials import TrialRecord, TrialState
from search.metrics.extrapolation import Extrapolation
from search.metrics.power_law import PowerLaw
from search.report.baseline import LINEAR, BaselineRecord
from search.report.learning_curves import LearningCurves
from search.report.reach import Verdict
from search.report.summary import Summary
from search.study.confirmation import Confirmation, Retraining
from search.study.objectives import Objectives
from search.study.standing import disproved_by
from search.training.history import Objective

from .records import make_record

LOSS, F1 = Objectives(("val_loss",)), Objectives(("macro_f1",))


def _summary(
    records: Sequence[TrialRecord],
    *,
    objectives: Objectives = LOSS,
    target: float | None = 0.05,
    floor: float | None = None,
) -> Summary:
    return Summary("films-smoke", objectives, target, 0.5, floor, records)


def test_a_study_without_a_trial_says_so() -> None:
    summary = _summary([])
    assert summary.best is None
    assert summary.sentences() == ["Trials: none.", "No trial is complete yet."]


def test_trials_are_counted_by_how_they_ended() -> None:
    records = [
        make_record(0, value=0.25),
        make_record(1, TrialState.PRUNED, 0.5),
        make_record(2, TrialState.FAIL),
        make_record(3, TrialState.RUNNING),
        make_record(4, TrialState.PRUNED, refused="20 parameters > 10"),
        make_record(5, TrialState.PRUNED, refused="30 parameters > 10"),
        make_record(6, value=0.25, reused_from={"trial": 0}),
        make_record(7, TrialState.PRUNED, 0.5, reused_from={"study": "other", "trial": 3}),
        make_record(8, TrialState.FAIL, cut_off=True),
    ]
    counted = (
        "Trials: 1 complete, 1 pruned, 1 failed, 1 running, 1 cut off, "
        "2 refused as too large, 2 known from before."
    )
    assert _summary(records).sentences()[0] == counted


def test_the_best_is_named_and_held_against_target_and_priors() -> None:
    records = [make_record(0, value=0.25), make_record(1, value=0.125)]
    assert _summary(records).sentences()[1:] == [
        "Best: #1 gru 8 with val_loss 0.1250.",
        "The target 0.05: cannot tell yet.",
        "The best network has not been compared with the linear baseline.",
        "The label priors alone give a validation loss of 0.5000.",
    ]


def test_a_value_equal_to_the_target_meets_it() -> None:
    assert "The target 0.05: reached." in _summary([make_record(0, value=0.05)]).sentences()


def test_a_score_meets_a_target_from_above() -> None:
    records = [make_record(0, value=0.75), make_record(1, value=0.5)]
    said = _summary(records, objectives=F1, target=0.7).sentences()
    assert "Best: #0 gru 8 with macro_f1 0.7500." in said
    assert "The target 0.7 is met." in said


def test_what_is_known_from_before_does_not_win() -> None:
    records = [make_record(0, value=0.1, reused_from={"study": "other", "trial": 3})]
    assert _summary(records).best is None
    assert _summary(records).sentences() == [
        "Trials: 1 known from before.",
        "No trial is complete yet.",
    ]


# 1 and 0 are the front, 2 is dominated by both.
SEVERAL = [
    make_record(0, value=(0.5, 1000.0)),
    make_record(1, value=(0.25, 20000.0)),
    make_record(2, value=(0.75, 30000.0)),
]


def test_with_several_objectives_the_front_is_named_with_its_values() -> None:
    summary = _summary(SEVERAL, objectives=Objectives(("val_loss", "parameters")), target=None)
    assert [record.number for record in summary.front] == [1, 0]
    assert summary.sentences()[1:3] == [
        "Best: #1 gru 8 with val_loss 0.2500.",
        "No trial is better in one of val_loss, parameters and no worse in the others than these: "
        "#1 gru 8 (0.2500, 20,000); #0 gru 8 (0.5000, 1,000).",
    ]
    assert [row["front"] for row in summary.rows()] == [True, True, False]
    assert "| front |" in summary.markdown()


def test_with_one_objective_no_front_is_spoken_of() -> None:
    summary = _summary([make_record(0, value=0.25)])
    assert summary.front == []
    assert not [sentence for sentence in summary.sentences() if "no worse" in sentence]


def test_without_a_target_none_is_spoken_of() -> None:
    said = " ".join(_summary([make_record(0, value=0.25)], target=None).sentences())
    assert "target" not in said


def test_a_known_floor_is_told() -> None:
    said = _summary([make_record(0, value=0.25)], floor=0.0625).sentences()
    assert said[-1] == "No model can get below 0.0625: these data are generated."


def test_a_pruned_trial_does_not_win() -> None:
    records = [make_record(0, TrialState.PRUNED, 0.01), make_record(1, value=0.25)]
    best = _summary(records).best
    assert best is not None
    assert best.number == 1
    assert _summary(records[:1]).best is None


def test_markdown_has_the_name_the_sentences_and_twenty_trials_at_most() -> None:
    records = [make_record(number, value=0.25) for number in range(30)]
    lines = _summary(records).markdown().splitlines()
    assert lines[0] == "## films-smoke"
    assert lines[2].startswith("Trials: 30 complete. Best: #0 gru 8")
    assert len([line for line in lines if line.startswith("| #")]) == 20


def _compared(difference: float, low: float, high: float) -> dict[str, float]:
    return {"difference": difference, "low": low, "high": high, "level": 0.9}


LINEAR_BASELINE = BaselineRecord(LINEAR, "run", {"val_loss": 0.15, "f1_macro": 0.5})


@pytest.mark.parametrize(
    ("interval", "said"),
    [
        ((-0.02, -0.03, -0.01), "It beats TF-IDF + logistic regression: a difference of -0.0200"),
        ((-0.01, -0.03, 0.01), "It ties with TF-IDF + logistic regression: a difference of -0.01"),
        ((0.02, 0.01, 0.03), "It loses to TF-IDF + logistic regression: a difference of +0.0200"),
    ],
)
def test_the_best_is_held_against_the_linear_baseline(
    interval: tuple[float, float, float], said: str
) -> None:
    best = make_record(0, value=0.13, against_baseline=_compared(*interval))
    summary = replace(_summary([best]), baselines=[LINEAR_BASELINE])
    assert said in " ".join(summary.sentences())


def test_a_difference_of_f1_is_told_the_right_way_round() -> None:
    best = make_record(0, value=0.55, against_baseline=_compared(-0.05, -0.08, -0.02))
    said = " ".join(_summary([best], objectives=F1).sentences())
    assert "It beats TF-IDF + logistic regression: a difference of +0.0500 (+0.0200 to +0.0800" in (
        said
    )


def _confirmed(**values: Sequence[float]) -> dict[int, Confirmation]:
    """Make confirmations by the trial's number: t0=[0.1, 0.2, 0.3]; 9 stands for a divergence."""
    return {
        int(name[1:]): Confirmation(
            int(name[1:]),
            tuple(
                Retraining(v, {} if v == 9 else {"run_id": f"run {v}", "has_model": True})
                for v in found
            ),
        )
        for name, found in values.items()
    }


def test_the_winner_is_the_one_that_fresh_seeds_pick_and_has_its_middle_network() -> None:
    records = [make_record(0, value=0.10), make_record(1, value=0.11)]
    confirmations = _confirmed(t0=[0.15, 0.151, 0.152], t1=[0.12, 0.122, 0.121])
    summary = replace(_summary(records), confirmations=confirmations)
    best = summary.best
    assert best is not None
    assert (best.number, best.value, best.facts["run_id"]) == (1, 0.121, "run 0.121")
    assert [row["number"] for row in summary.rows()] == [1, 0]
    said = " ".join(summary.sentences())
    assert "Best: #1 gru 8 with val_loss 0.1210." in said
    assert "the middle one of 3 fresh seeds, which have 0.1210 ± 0.0010" in said
    assert "Equally good" not in said


def test_trials_that_fresh_seeds_do_not_tell_apart_are_called_equally_good() -> None:
    records = [make_record(0, value=0.10), make_record(1, value=0.11)]
    confirmations = _confirmed(t0=[0.120, 0.122, 0.124], t1=[0.121, 0.122, 0.123])
    said = " ".join(replace(_summary(records), confirmations=confirmations).sentences())
    assert "Best: #1" in said
    assert "Equally good, by these seeds: #0 gru 8 (0.1220 ± 0.0020)." in said


def test_seeds_that_were_cut_off_say_nothing_yet() -> None:
    records = [make_record(0, value=0.10), make_record(1, value=0.11)]
    confirmations = _confirmed(t0=[0.9, 0.8], t1=[0.1, 0.1, 0.1])
    summary = replace(_summary(records), confirmations=confirmations)
    assert summary.best is records[0]
    assert "fresh seeds" not in " ".join(summary.sentences())
    assert summary.rows()[0]["confirmed_mean"] is None


def test_a_seed_that_diverged_is_told_and_a_middle_one_that_did_wins_nothing() -> None:
    records = [make_record(0, value=0.10), make_record(1, value=0.11)]
    summary = replace(_summary(records[:1]), confirmations=_confirmed(t0=[0.11, 0.12, 9]))
    assert "1 diverged" in " ".join(summary.sentences())
    both = _confirmed(t0=[0.11, 9, 9], t1=[0.12, 0.12, 0.12])
    best = replace(_summary(records), confirmations=both).best
    assert best is not None and best.number == 0 and best.value == 0.10


def test_a_better_trial_that_came_later_wins_unconfirmed() -> None:
    records = [make_record(0, value=0.10), make_record(1, value=0.09)]
    summary = replace(_summary(records), confirmations=_confirmed(t0=[0.1, 0.1, 0.1]))
    assert summary.best is records[1]


def test_fresh_seeds_decide_whether_the_target_is_reached() -> None:
    confirmations = _confirmed(t0=[0.06, 0.06, 0.04])
    summary = replace(_summary([make_record(0, value=0.04)]), confirmations=confirmations)
    assert summary.reach.verdict is not Verdict.REACHED
    assert disproved_by(confirmations, Objective.VAL_LOSS, 0.05) == {0}
    assert disproved_by(confirmations, Objective.VAL_LOSS, 0.07) == frozenset()
    assert disproved_by(confirmations, Objective.VAL_LOSS, None) == frozenset()


def test_a_study_whose_trials_all_lie_beyond_the_gap_has_no_winner() -> None:
    records = [make_record(0, value=0.1, excess={"gap": 0.01})]
    summary = replace(_summary(records), max_gap=0.02)
    assert summary.best is None
    assert summary.sentences()[-1] == ("No complete trial has a gap of at most 0.02: none can win.")


def test_texts_that_name_their_labels_take_the_credit() -> None:
    summary = replace(_summary([make_record(0, value=0.03)]), leaks=True)
    assert "The target 0.05: reached, but the texts name their labels." in summary.sentences()


def test_curves_of_another_trial_or_target_are_not_used() -> None:
    law = PowerLaw(0.1, 1.0, 0.3)
    curve = Extrapolation(law, 100, 10.0, 0.11, 0.1, 0.12, 0.9, 0.05, None, None, None)
    best = make_record(0, value=0.13, against_baseline=_compared(0.0, -0.1, 0.1))
    summary = replace(_summary([best]), baselines=[LINEAR_BASELINE])
    of_best = replace(summary, curves=LearningCurves(0, curve, curve))
    assert of_best.reach.verdict is Verdict.OUT_OF_REACH
    assert "(0.1000 to 0.1200, 90%)" in " ".join(of_best.sentences())
    for other in (
        replace(of_best, curves=LearningCurves(1, curve, curve)),
        replace(of_best, target=0.06),
        summary,
    ):
        assert other.reach.verdict is Verdict.CANNOT_TELL
    assert LearningCurves.from_dict(LearningCurves(0, curve, curve).as_dict()) == of_best.curves
