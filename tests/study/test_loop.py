from collections.abc import Callable

import pytest

from search.engines.trials import Proposal, TrialState
from search.errors import StudyError
from search.study.ending import Ending
from search.study.events import EpochEnded, TrialEnded, TrialRefused, TrialReused, TrialStarted
from search.study.loop import Loop
from search.study.objectives import Objectives
from search.study.result import TrialResult
from search.study.settings import Budget
from search.tracking.record import RunStatus
from search.training.history import StopReason

from .scripted import PRUNED_VALUE, Listener, ScriptedEngine, Study, report


def test_complete_and_pruned_trials_end_the_study() -> None:
    study = Study([0.5, StopReason.PRUNED, 0.4], ScriptedEngine(hopeless=[1]))
    assert study.run(3) is Ending.TRIALS
    assert study.states == ["COMPLETE", "PRUNED", "COMPLETE"]
    assert study.statuses == [RunStatus.FINISHED, RunStatus.KILLED, RunStatus.FINISHED]


def test_a_study_that_is_done_runs_none() -> None:
    study = Study([0.5, 0.4, 0.3])
    study.run(2)
    assert study.run(2) is Ending.TRIALS
    assert study.n_run == 2
    assert study.run(3) is Ending.TRIALS
    assert study.n_run == 3


def test_a_failure_is_recorded_with_its_traceback_and_does_not_count() -> None:
    study = Study([ValueError("no such cell\nat all"), 0.5])
    assert study.run(1) is Ending.TRIALS
    assert study.states == ["FAIL", "COMPLETE"]
    failed = study.tracker.trials[0]
    assert failed.status is RunStatus.FAILED
    assert failed.kept_tags["state"] == "FAIL"
    assert failed.kept_tags["failure"] == "ValueError: no such cell"
    traceback = failed.files["traceback.txt"].decode()
    assert traceback.startswith("Traceback (most recent call last)")
    assert traceback.endswith("ValueError: no such cell\nat all\n")
    assert study.engine.kept[0].facts["failure"] == "ValueError: no such cell"
    ended = study.events[1]
    assert isinstance(ended, TrialEnded)
    assert (ended.state, ended.reason) == (TrialState.FAIL, "ValueError: no such cell")


def test_a_failure_without_a_message_is_told_too() -> None:
    study = Study([MemoryError(), 0.5])
    study.run(1)
    assert study.tracker.trials[0].kept_tags["failure"] == "MemoryError: no message"


def test_five_failures_in_a_row_stop_the_study_with_their_cause() -> None:
    failures = [ValueError(f"cause {number}") for number in range(5)]
    study = Study(failures)
    with pytest.raises(StudyError, match=r"5 trials in a row failed, the last with.*cause 4"):
        study.run(1)
    assert study.states == ["FAIL"] * 5
    assert study.statuses == [RunStatus.FAILED] * 5


def test_a_trial_that_ends_well_forgives_the_failures_before_it() -> None:
    four = [ValueError("cause")] * 4
    study = Study([*four, 0.5, *four, 0.4])
    assert study.run(2) is Ending.TRIALS


def test_refused_proposals_are_not_recorded_and_do_not_count() -> None:
    study = Study([0.5, 0.4], ScriptedEngine(units=[9, 3, 6, 2]))
    assert study.run(2, max_parameters=50) is Ending.TRIALS
    assert study.states == ["PRUNED", "COMPLETE", "PRUNED", "COMPLETE"]
    assert study.engine.kept[0].values == ()
    assert study.engine.kept[0].facts["refused"] == "90 parameters > 50"
    assert [run.name for run in study.tracker.trials] == ["#1 gru 3", "#3 gru 2"]
    assert study.events[0] == TrialRefused(0, "#0 gru 9", 90)


def test_a_proposal_as_large_as_allowed_is_run() -> None:
    study = Study([0.5], ScriptedEngine(units=[5]))
    study.run(1, max_parameters=50)
    assert study.states == ["COMPLETE"]


def test_two_hundred_refusals_in_a_row_stop_the_study() -> None:
    study = Study([], ScriptedEngine(units=[9] * 300))
    with pytest.raises(StudyError, match=r"--max-parameters: expected .* at most 50 .* has 90\)"):
        study.run(1, max_parameters=50)
    assert study.states == ["PRUNED"] * 200


def test_a_trial_between_refusals_forgives_them() -> None:
    study = Study([0.5, 0.5], ScriptedEngine(units=[9] * 199 + [1] + [9] * 199 + [2]))
    assert study.run(2, max_parameters=50) is Ending.TRIALS


def test_the_study_ends_at_the_first_trial_that_meets_the_target() -> None:
    study = Study([0.5, 0.05, 0.01])
    assert study.run(10, target=0.05) is Ending.TARGET
    assert study.n_run == 2


def test_a_pruned_trial_meets_no_target_and_never_wins() -> None:
    # Its value is better than all others.
    study = Study([0.5, StopReason.PRUNED, 0.4], ScriptedEngine(hopeless=[1]))
    assert study.run(3, target=0.05) is Ending.TRIALS
    ended = [event for event in study.events if isinstance(event, TrialEnded)]
    assert [event.is_best for event in ended] == [True, False, True]
    assert study.with_networks == [0, 2]


def test_the_study_ends_when_patience_is_over_and_goes_on_when_it_is_raised() -> None:
    study = Study([0.5, 0.6, 0.4, 0.7, 0.4, 0.3, 0.8])
    assert study.run(10, patience=2) is Ending.PATIENCE
    assert study.n_run == 5
    assert study.run(10, patience=2) is Ending.PATIENCE
    assert study.n_run == 5
    assert study.run(7, patience=3) is Ending.TRIALS


def test_the_study_ends_where_nothing_is_left_to_propose() -> None:
    study = Study([0.5, 0.4], ScriptedEngine(n_points=2))
    assert study.run(10) is Ending.EXHAUSTED
    assert study.states == ["COMPLETE", "COMPLETE"]


def test_a_configuration_that_was_evaluated_is_not_trained_again() -> None:
    study = Study([0.5, 0.4], ScriptedEngine(units=[3, 3, 4]))
    assert study.run(2) is Ending.TRIALS
    assert study.n_run == 2
    _, reused, _ = study.engine.kept
    assert (reused.state, reused.values) == (TrialState.COMPLETE, (0.5,))
    assert reused.facts == {"reused_from": {"trial": 0}, "name": "#1 gru 3"}
    assert [run.name for run in study.tracker.trials] == ["#0 gru 3", "#2 gru 4"]
    (run,) = study.tracker.others
    assert (run.name, run.status) == ("#1 gru 3", RunStatus.FINISHED)
    assert run.kept_tags["kind"] == "reused"
    assert study.events[3] == TrialReused(1, "#1 gru 3", "#0 gru 3", 0.5)


def test_of_one_that_was_given_up_the_engine_is_told_what_it_had_and_when() -> None:
    engine = ScriptedEngine(units=[3, 3, 4], hopeless=[0])
    study = Study([StopReason.PRUNED, 0.4], engine)
    assert study.run(2) is Ending.TRIALS
    assert study.states == ["PRUNED", "PRUNED", "COMPLETE"]
    assert engine.reports[:2] == [(0, 1, PRUNED_VALUE), (1, 1, PRUNED_VALUE)]
    assert study.tracker.others[0].status is RunStatus.KILLED


def test_a_trial_is_told_to_lie_beyond_the_gap_where_the_one_did_that_it_repeats() -> None:
    study = Study([0.5, 0.4], ScriptedEngine(units=[3, 3, 4]), gaps=[0.03, 0.03, 0.0])
    study.run(2, max_gap=0.01, max_parameters=40)
    first, reused, last = study.engine.kept
    assert first.facts["excess"] == pytest.approx({"gap": 0.02, "parameters": -0.25})
    assert reused.facts["excess"] == first.facts["excess"]
    assert not reused.is_feasible and last.is_feasible


def test_a_failed_trial_is_trained_again() -> None:
    study = Study([ValueError("cause"), 0.4], ScriptedEngine(units=[3, 3]))
    assert study.run(1) is Ending.TRIALS
    assert study.states == ["FAIL", "COMPLETE"]


def test_fifty_proposals_in_a_row_that_were_evaluated_exhaust_the_space() -> None:
    study = Study([0.5], ScriptedEngine(units=[3] * 300))
    assert study.run(2) is Ending.EXHAUSTED
    assert len(study.engine.kept) == 51
    assert study.states[-1] == "COMPLETE"


def test_a_trial_between_proposals_that_were_evaluated_forgives_them() -> None:
    study = Study([0.5, 0.4, 0.3], ScriptedEngine(units=[3] * 50 + [4] + [3] * 49 + [5]))
    assert study.run(3) is Ending.TRIALS


def test_every_proposal_is_told_how_its_weights_stand_to_the_limit() -> None:
    study = Study([0.5], ScriptedEngine(units=[9, 5]))
    study.run(1, max_parameters=60)
    excess = [record.facts["excess"]["parameters"] for record in study.engine.kept]
    assert excess == pytest.approx([0.5, -1 / 6])
    assert [record.is_feasible for record in study.engine.kept] == [False, True]


def test_every_objective_is_told_and_the_first_one_shown() -> None:
    study = Study([0.5, 0.4], objectives=Objectives(("val_loss", "parameters")))
    study.run(2)
    assert [record.values for record in study.engine.kept] == [(0.5, 10.0), (0.4, 20.0)]
    ended = [event for event in study.events if isinstance(event, TrialEnded)]
    assert [(event.value, event.is_best) for event in ended] == [(0.5, True), (0.4, True)]


def test_an_interrupted_trial_is_abandoned_and_the_interrupt_goes_on() -> None:
    study = Study([0.5, KeyboardInterrupt(), 0.4])
    with pytest.raises(KeyboardInterrupt):
        study.run(2)
    assert study.states == ["COMPLETE", "FAIL"]
    assert study.statuses == [RunStatus.FINISHED, RunStatus.KILLED]
    assert study.tracker.trials[1].kept_tags["failure"] == "interrupted"
    assert study.run(2) is Ending.TRIALS
    assert study.engine.kept[2].hyperparameters == study.engine.kept[1].hyperparameters


def test_a_trial_that_cannot_be_recorded_stops_the_study_and_is_run_again() -> None:
    study = Study([0.5, 0.4], save_fails=True)
    with pytest.raises(OSError, match="no space left"):
        study.run(1)
    assert study.states == ["FAIL"]
    assert study.statuses == [RunStatus.KILLED]
    assert study.engine.kept[0].facts["failure"] == "OSError: no space left on device"
    study.save_fails = False
    assert study.run(1) is Ending.TRIALS
    assert study.engine.kept[1].hyperparameters == study.engine.kept[0].hyperparameters


def test_a_trial_leaves_its_record() -> None:
    study = Study([0.5])
    study.run(1)
    (run,) = study.tracker.trials
    assert run.name == "#0 gru 1"
    assert run.kept_params == {"cell": "gru", "units_1": 1}
    assert run.kept_tags == {
        "trial": 0,
        "state": "COMPLETE",
        "seed": 100,
        "start": "small",
        "stopped": "epochs",
        "verdict": "fit",
    }
    assert run.kept_metrics["epoch/val_loss"] == [(1, 0.5)]
    assert run.kept_metrics["epoch/train_loss"] == [(1, 0.8)]
    assert run.kept_metrics["val_loss"] == [(0, 0.5)]
    facts = study.engine.kept[0].facts
    assert facts["run_id"] == run.run_id
    assert facts["metrics"] == {"val_loss": 0.5}


def test_whoever_listens_hears_each_step_in_order() -> None:
    study = Study([0.5, 0.6])
    study.run(2)
    kinds = [type(event).__name__ for event in study.events]
    assert kinds == ["TrialStarted", "EpochEnded", "TrialEnded"] * 2
    started, epoch, ended = study.events[3:]
    assert started == TrialStarted(1, "#1 gru 2", 1, 20)
    assert isinstance(epoch, EpochEnded) and (epoch.value, epoch.best_value) == (0.6, 0.5)
    assert isinstance(ended, TrialEnded) and not ended.is_best


def test_the_engine_is_told_the_best_value_so_far() -> None:
    study = Study([])

    def three_epochs(
        proposal: Proposal, is_over: Callable[[], bool], on_epoch: Listener
    ) -> TrialResult | None:
        assert all(on_epoch(report(epoch, loss)) for epoch, loss in enumerate((0.5, 0.3, 0.4), 1))
        raise KeyboardInterrupt

    loop = Loop(
        engine=study.engine,
        tracker=study.tracker,
        run_trial=three_epochs,
        count_parameters=lambda values: 1,
        objectives=Objectives(("val_loss",)),
        budget=Budget(1),
        listen=study.events.append,
    )
    with pytest.raises(KeyboardInterrupt):
        loop.run()
    assert study.engine.reports == [(0, 1, 0.5), (0, 2, 0.3), (0, 3, 0.3)]
    values = study.tracker.trials[0].kept_metrics["epoch/val_loss"]
    assert values == [(1, 0.5), (2, 0.3), (3, 0.4)]


def test_who_interrupts_gets_a_trial_that_is_cut_off_and_run_again() -> None:
    study = Study([0.5, StopReason.TIMEOUT])
    with pytest.raises(KeyboardInterrupt):
        study.run(10, is_interrupted=lambda: study.n_run == 2)
    assert study.states == ["COMPLETE", "FAIL"]
    assert study.statuses == [RunStatus.FINISHED, RunStatus.KILLED]
    assert study.tracker.trials[1].kept_tags["failure"] == "interrupted"
    assert study.engine.again == [study.engine.kept[1].hyperparameters]


def test_a_trial_that_was_trained_whole_is_kept_when_interrupted() -> None:
    study = Study([0.5, 0.4])
    with pytest.raises(KeyboardInterrupt):
        study.run(10, is_interrupted=lambda: study.n_run == 1)
    assert study.states == ["COMPLETE"]


def test_the_study_ends_when_its_time_is_over() -> None:
    study = Study([0.5, StopReason.TIMEOUT])
    assert study.run(10, timeout_seconds=0.2) is Ending.TIMEOUT
    assert study.states == ["COMPLETE", "FAIL"]
    assert study.statuses == [RunStatus.FINISHED, RunStatus.KILLED]
    cause = "time over before its first epoch"
    assert study.tracker.trials[1].kept_tags["failure"] == cause
    assert study.engine.again == [study.engine.kept[1].hyperparameters]


def test_a_trial_beyond_the_gap_is_told_as_infeasible_and_neither_kept_nor_best() -> None:
    study = Study([0.1, 0.3, StopReason.PRUNED], ScriptedEngine(hopeless=[2]))
    study.gaps = [0.05, 0.02, 0.04]
    study.run(3, max_gap=0.02)
    excess = [record.facts["excess"]["gap"] for record in study.engine.kept]
    assert excess == pytest.approx([0.03, 0.0, 0.02])
    assert [record.is_feasible for record in study.engine.kept] == [False, True, False]
    assert [run.kept_tags["feasible"] for run in study.tracker.trials] == ["no", "yes", "no"]
    assert study.with_networks == [1]
    ends = [event.is_best for event in study.events if isinstance(event, TrialEnded)]
    assert ends == [False, True, False]


def test_a_trial_beyond_the_gap_meets_no_target() -> None:
    study = Study([0.01, 0.5])
    study.gaps = [0.05, 0.0]
    assert study.run(2, max_gap=0.02, target=0.05) is Ending.TRIALS


def test_without_a_limit_no_trial_is_called_feasible_or_not() -> None:
    study = Study([0.1])
    study.run(1)
    assert "feasible" not in study.tracker.trials[0].kept_tags
    assert "excess" not in study.engine.kept[0].facts


def test_a_loss_that_became_no_number_is_a_divergence() -> None:
    study = Study([FloatingPointError("the training loss became nan"), ValueError("other"), 0.5])
    study.run(1)
    verdicts = [run.kept_tags.get("verdict") for run in study.tracker.trials]
    assert verdicts == ["diverged", None, "fit"]
    assert study.engine.kept[0].facts["verdict"] == "diverged"


def test_a_trial_that_fresh_seeds_disproved_meets_no_target() -> None:
    study = Study([0.01, 0.02])
    assert study.run(2, target=0.05) is Ending.TARGET
    assert study.run(2, target=0.05, disproved=[0]) is Ending.TARGET
    assert study.n_run == 2
    assert study.run(2, target=0.05, disproved=[0, 1]) is Ending.TRIALS
