from collections.abc import Sequence

from search.engines.trials import TrialRecord, TrialState
from search.report.summary import Summary
from search.training.history import Objective

from .records import make_record


def _summary(
    records: Sequence[TrialRecord],
    *,
    objective: Objective = Objective.VAL_LOSS,
    target: float | None = 0.05,
    floor: float | None = None,
) -> Summary:
    return Summary("films-smoke", objective, target, 0.5, floor, records)


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
        make_record(4, TrialState.FAIL, refused="20 parameters > 10"),
        make_record(5, TrialState.FAIL, refused="30 parameters > 10"),
    ]
    counted = "Trials: 1 complete, 1 pruned, 1 failed, 1 running, 2 refused as too large."
    assert _summary(records).sentences()[0] == counted


def test_the_best_is_named_and_held_against_target_and_priors() -> None:
    records = [make_record(0, value=0.25), make_record(1, value=0.125)]
    assert _summary(records).sentences()[1:] == [
        "Best: #1 gru 8 with val_loss 0.1250.",
        "The target 0.05 is not met.",
        "The label priors alone give a validation loss of 0.5000.",
    ]


def test_a_value_equal_to_the_target_meets_it() -> None:
    assert "The target 0.05 is met." in _summary([make_record(0, value=0.05)]).sentences()


def test_a_score_meets_a_target_from_above() -> None:
    records = [make_record(0, value=0.75), make_record(1, value=0.5)]
    said = _summary(records, objective=Objective.MACRO_F1, target=0.7).sentences()
    assert "Best: #0 gru 8 with macro_f1 0.7500." in said
    assert "The target 0.7 is met." in said


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
