import math
from collections.abc import Callable

import pytest

from search.errors import StudyError, TrackingError
from search.study.budget import Budget
from search.study.ending import Ending
from search.study.loop import Loop
from search.study.plan import StudyPlan
from search.tracking.record import RunStatus
from search.training.result import TrainingResult
from search.trial.control import Control
from search.trial.epoch import EpochReport
from search.trial.events import EpochEnded, TrialEnded, TrialRefused, TrialReused, TrialStarted
from search.trial.limits import Limits
from search.trial.objective import Objectives
from search.trial.proposal import Proposal
from search.trial.state import StopReason, TrialState
from search.trial.trial import Origin
from tests.trials import make_report

from .scripted import PRUNED_VALUE, SPACE, ScriptedProposer, ScriptedSearch, make_roster


def ends(search: ScriptedSearch) -> list[TrialEnded]:
    return [event for event in search.events if isinstance(event, TrialEnded)]


def test_complete_and_pruned_trials_end_the_search() -> None:
    search = ScriptedSearch([0.5, StopReason.PRUNED, 0.4], ScriptedProposer(hopeless=[1]))
    assert search.run(3) is Ending.TRIALS
    assert search.states == ["COMPLETE", "PRUNED", "COMPLETE"]
    assert search.statuses == [RunStatus.FINISHED, RunStatus.KILLED, RunStatus.FINISHED]


def test_a_study_that_is_done_runs_no_trial() -> None:
    search = ScriptedSearch([0.5, 0.4, 0.3])
    search.run(2)
    assert search.run(2) is Ending.TRIALS
    assert search.n_run == 2
    assert search.run(3) is Ending.TRIALS
    assert search.n_run == 3


def test_a_failure_is_recorded_with_its_traceback_and_does_not_count() -> None:
    search = ScriptedSearch([ValueError("no such cell\nat all"), 0.5])
    assert search.run(1) is Ending.TRIALS
    assert search.states == ["FAIL", "COMPLETE"]
    run = search.tracker.trials[0]
    assert run.status is RunStatus.FAILED
    assert run.kept_tags["state"] == "FAIL"
    assert run.kept_tags["failure"] == "ValueError: no such cell"
    traceback = run.files["traceback.txt"].decode()
    assert traceback.startswith("Traceback (most recent call last)")
    assert traceback.endswith("ValueError: no such cell\nat all\n")
    failed = search.trials[0]
    assert failed.failure == "ValueError: no such cell"
    assert not failed.is_interrupted
    (ended, _) = ends(search)
    assert (ended.state, ended.reason) == (TrialState.FAIL, "ValueError: no such cell")


def test_a_failure_without_a_message_is_named_after_its_error() -> None:
    search = ScriptedSearch([MemoryError(), 0.5])
    search.run(1)
    assert search.tracker.trials[0].kept_tags["failure"] == "MemoryError: no message"


def test_a_failed_trial_is_not_repeated() -> None:
    search = ScriptedSearch([ValueError("cause"), 0.5])
    search.run(1)
    first, second = search.trials
    assert first.hyperparameters != second.hyperparameters


def test_five_failures_in_a_row_stop_the_search_with_their_cause() -> None:
    search = ScriptedSearch([ValueError(f"cause {number}") for number in range(5)])
    with pytest.raises(StudyError, match=r"5 trials.*cause 4"):
        search.run(1)
    assert search.states == ["FAIL"] * 5
    assert search.statuses == [RunStatus.FAILED] * 5


def test_a_trial_that_ends_well_resets_the_count_of_failures() -> None:
    four = [ValueError("cause")] * 4
    search = ScriptedSearch([*four, 0.5, *four, 0.4])
    assert search.run(2) is Ending.TRIALS


def test_an_error_of_a_store_ends_the_search_and_the_trial_is_repeated() -> None:
    search = ScriptedSearch([TrackingError("MLflow: could not write metrics"), 0.5])
    with pytest.raises(TrackingError, match="could not write metrics"):
        search.run(1)
    assert search.states == ["FAIL"]
    assert search.statuses == [RunStatus.KILLED]
    cut_off = search.trials[0]
    assert cut_off.is_interrupted
    assert "could not write metrics" in cut_off.failure
    assert ends(search) == []
    assert search.run(1) is Ending.TRIALS
    assert search.trials[1].hyperparameters == cut_off.hyperparameters


def test_proposals_that_are_too_large_have_no_run_and_do_not_count() -> None:
    search = ScriptedSearch([0.5, 0.4], ScriptedProposer(units=[9, 3, 6, 2]))
    assert search.run(2, limits=Limits(max_parameters=50)) is Ending.TRIALS
    assert search.states == ["PRUNED", "COMPLETE", "PRUNED", "COMPLETE"]
    refused = search.trials[0]
    assert refused.values == ()
    assert "90" in refused.refusal and "50" in refused.refusal
    assert [run.name for run in search.tracker.trials] == ["#1 gru 3", "#3 gru 2"]
    assert search.events[0] == TrialRefused(0, "#0 gru 9", 90)


def test_of_several_refusals_in_a_row_only_the_first_is_an_event() -> None:
    search = ScriptedSearch([0.5, 0.4], ScriptedProposer(units=[9, 8, 3, 7, 6, 2]))
    search.run(2, limits=Limits(max_parameters=50))
    refused = [event.number for event in search.events if isinstance(event, TrialRefused)]
    assert refused == [0, 3]


def test_a_proposal_as_large_as_allowed_is_trained() -> None:
    search = ScriptedSearch([0.5], ScriptedProposer(units=[5]))
    search.run(1, limits=Limits(max_parameters=50))
    assert search.states == ["COMPLETE"]


def test_two_hundred_refusals_in_a_row_stop_the_search() -> None:
    search = ScriptedSearch([], ScriptedProposer(units=[9] * 300))
    with pytest.raises(StudyError, match=r"at most 50 .*200.* 90") as error:
        search.run(1, limits=Limits(max_parameters=50))
    assert error.value.parameter == "max_parameters"
    assert search.states == ["PRUNED"] * 200


def test_a_trial_between_refusals_resets_their_count() -> None:
    search = ScriptedSearch([0.5, 0.5], ScriptedProposer(units=[9] * 199 + [1] + [9] * 199 + [2]))
    assert search.run(2, limits=Limits(max_parameters=50)) is Ending.TRIALS


def test_the_search_ends_at_the_first_trial_that_meets_the_target() -> None:
    search = ScriptedSearch([0.5, 0.05, 0.01])
    assert search.run(10, target=0.05) is Ending.TARGET
    assert search.n_run == 2


def test_a_pruned_trial_meets_no_target_and_never_wins() -> None:
    # Its value is better than all others.
    search = ScriptedSearch([0.5, StopReason.PRUNED, 0.4], ScriptedProposer(hopeless=[1]))
    assert search.run(3, target=0.05) is Ending.TRIALS
    assert [event.is_best for event in ends(search)] == [True, False, True]
    assert search.with_networks == [0, 2]


def test_the_search_ends_when_patience_is_over_and_goes_on_when_it_is_raised() -> None:
    search = ScriptedSearch([0.5, 0.6, 0.4, 0.7, 0.4, 0.3, 0.8])
    assert search.run(10, patience=2) is Ending.PATIENCE
    assert search.n_run == 5
    assert search.run(10, patience=2) is Ending.PATIENCE
    assert search.n_run == 5
    assert search.run(7, patience=3) is Ending.TRIALS


def test_the_search_ends_where_nothing_is_left_to_propose() -> None:
    search = ScriptedSearch([0.5, 0.4], ScriptedProposer(n_points=2))
    assert search.run(10) is Ending.EXHAUSTED
    assert search.states == ["COMPLETE", "COMPLETE"]


def test_a_configuration_that_was_evaluated_is_not_trained_again() -> None:
    search = ScriptedSearch([0.5, 0.4], ScriptedProposer(units=[3, 3, 4]))
    assert search.run(2) is Ending.TRIALS
    assert search.n_run == 2
    _, reused, _ = search.trials
    assert (reused.state, reused.values) == (TrialState.COMPLETE, (0.5,))
    assert (reused.origin, reused.name, reused.training) == (Origin(0), "#1 gru 3", None)
    assert [run.name for run in search.tracker.trials] == ["#0 gru 3", "#2 gru 4"]
    (run,) = search.tracker.others
    assert (run.name, run.status) == ("#1 gru 3", RunStatus.FINISHED)
    assert run.kept_tags["kind"] == "reused"
    assert search.events[3] == TrialReused(1, "#1 gru 3", "#0 gru 3", 0.5)


def test_a_repetition_of_a_pruned_trial_has_its_value_from_the_same_epoch() -> None:
    proposer = ScriptedProposer(units=[3, 3, 4], hopeless=[0])
    search = ScriptedSearch([StopReason.PRUNED, 0.4], proposer)
    assert search.run(2) is Ending.TRIALS
    assert search.states == ["PRUNED", "PRUNED", "COMPLETE"]
    assert proposer.reports(0) == proposer.reports(1) == {1: PRUNED_VALUE}
    assert search.trials[1].values == (PRUNED_VALUE,)
    assert search.tracker.others[0].status is RunStatus.KILLED


def test_a_repetition_of_a_trial_beyond_the_gap_lies_beyond_it_too() -> None:
    search = ScriptedSearch(
        [0.5, 0.4], ScriptedProposer(units=[3, 3, 4]), gaps=[0.03, math.nan, 0.0]
    )
    search.run(2, limits=Limits(max_gap=0.01, max_parameters=40))
    first, reused, last = search.trials
    assert first.violations == pytest.approx({"gap": 0.02, "parameters": -0.25})
    assert reused.violations == first.violations
    assert not reused.is_feasible and last.is_feasible


def test_a_configuration_that_failed_is_trained_again() -> None:
    search = ScriptedSearch([ValueError("cause"), 0.4], ScriptedProposer(units=[3, 3]))
    assert search.run(1) is Ending.TRIALS
    assert search.states == ["FAIL", "COMPLETE"]


def test_fifty_proposals_in_a_row_that_were_evaluated_exhaust_the_space() -> None:
    search = ScriptedSearch([0.5], ScriptedProposer(units=[3] * 300))
    assert search.run(2) is Ending.EXHAUSTED
    assert len(search.trials) == 51
    assert search.states[-1] == "COMPLETE"


def test_a_trial_between_proposals_that_were_evaluated_resets_their_count() -> None:
    search = ScriptedSearch(
        [0.5, 0.4, 0.3], ScriptedProposer(units=[3] * 50 + [4] + [3] * 49 + [5])
    )
    assert search.run(3) is Ending.TRIALS


def test_of_every_proposal_it_is_known_how_its_size_compares_with_the_limit() -> None:
    search = ScriptedSearch([0.5], ScriptedProposer(units=[9, 5]))
    search.run(1, limits=Limits(max_parameters=60))
    violations = [trial.violations["parameters"] for trial in search.trials]
    assert violations == pytest.approx([0.5, -1 / 6])
    assert [trial.is_feasible for trial in search.trials] == [False, True]


def test_a_trial_has_a_value_for_every_objective_and_its_event_the_first() -> None:
    search = ScriptedSearch([0.5, 0.4], objectives=Objectives.parse("val_loss,parameters"))
    search.run(2)
    assert [trial.values for trial in search.trials] == [(0.5, 10.0), (0.4, 20.0)]
    assert [(event.value, event.is_best) for event in ends(search)] == [(0.5, True), (0.4, True)]


def test_an_interrupted_trial_is_cut_off_and_the_interrupt_goes_on() -> None:
    search = ScriptedSearch([0.5, KeyboardInterrupt(), 0.4])
    with pytest.raises(KeyboardInterrupt):
        search.run(2)
    assert search.states == ["COMPLETE", "FAIL"]
    assert search.statuses == [RunStatus.FINISHED, RunStatus.KILLED]
    assert search.tracker.trials[1].kept_tags["failure"] == "interrupted"
    assert search.run(2) is Ending.TRIALS
    assert search.trials[2].hyperparameters == search.trials[1].hyperparameters


def test_whoever_listens_gets_each_event_in_order() -> None:
    search = ScriptedSearch([0.5, 0.6])
    search.run(2)
    kinds = [type(event).__name__ for event in search.events]
    assert kinds == ["TrialStarted", "EpochEnded", "TrialEnded"] * 2
    started, epoch, ended = search.events[3:]
    assert started == TrialStarted(1, "#1 gru 2", 1, 20)
    assert isinstance(epoch, EpochEnded) and (epoch.value, epoch.best_value) == (0.6, 0.5)
    assert isinstance(ended, TrialEnded) and not ended.is_best


def test_the_database_gets_the_best_value_so_far_and_the_record_each_epochs() -> None:
    search = ScriptedSearch([])

    def three_epochs(
        proposal: Proposal, control: Control, on_epoch: Callable[[EpochReport], bool]
    ) -> TrainingResult | None:
        losses = enumerate((0.5, 0.3, 0.4), 1)
        assert all(on_epoch(make_report(epoch, val_loss=loss)) for epoch, loss in losses)
        raise KeyboardInterrupt

    loop = Loop(
        trial_store=search.trial_store,
        tracker=search.tracker,
        train=three_epochs,
        count_parameters=lambda hyperparameters: 1,
        plan=StudyPlan(SPACE),
        budget=Budget(1),
        control=Control(),
        roster=make_roster(),
    )
    with pytest.raises(KeyboardInterrupt):
        loop.run()
    assert search.proposer.reports(0) == {1: 0.5, 2: 0.3, 3: 0.3}
    values = search.tracker.trials[0].kept_metrics["epoch/val_loss"]
    assert values == [(1, 0.5), (2, 0.3), (3, 0.4)]


def test_an_interrupt_before_the_first_epoch_cuts_the_trial_off_to_be_repeated() -> None:
    search = ScriptedSearch([0.5, StopReason.TIMEOUT])
    with pytest.raises(KeyboardInterrupt):
        search.run(10, is_interrupted=lambda: search.n_run == 2)
    assert search.states == ["COMPLETE", "FAIL"]
    assert search.statuses == [RunStatus.FINISHED, RunStatus.KILLED]
    assert search.tracker.trials[1].kept_tags["failure"] == "interrupted"
    assert search.n_waiting == 1


def test_an_interrupt_with_a_result_that_ran_out_of_time_repeats_the_trial() -> None:
    search = ScriptedSearch([0.5, 0.4], stop_reason=StopReason.TIMEOUT)
    with pytest.raises(KeyboardInterrupt):
        search.run(10, is_interrupted=lambda: search.n_run == 1)
    assert search.states == ["FAIL"]
    assert search.statuses == [RunStatus.KILLED]
    (cut_off,) = search.trials
    assert (cut_off.is_interrupted, cut_off.failure) == (True, "interrupted")
    assert search.n_waiting == 1
    search.stop_reason = StopReason.EPOCHS
    assert search.run(1) is Ending.TRIALS
    assert search.trials[1].hyperparameters == cut_off.hyperparameters


def test_a_result_that_ran_out_of_time_without_an_interrupt_completes_the_trial() -> None:
    search = ScriptedSearch([0.5], stop_reason=StopReason.TIMEOUT)
    assert search.run(1) is Ending.TRIALS
    assert search.states == ["COMPLETE"]
    assert search.trials[0].ran_out_of_time


def test_a_trial_that_was_trained_to_its_end_is_kept_when_interrupted() -> None:
    search = ScriptedSearch([0.5, 0.4])
    with pytest.raises(KeyboardInterrupt):
        search.run(10, is_interrupted=lambda: search.n_run == 1)
    assert search.states == ["COMPLETE"]


def test_the_search_ends_when_its_time_is_over() -> None:
    search = ScriptedSearch([0.5, StopReason.TIMEOUT])
    assert search.run(10) is Ending.TIMEOUT
    assert search.states == ["COMPLETE", "FAIL"]
    assert search.statuses == [RunStatus.FINISHED, RunStatus.KILLED]
    assert "time over" in search.tracker.trials[1].kept_tags["failure"]
    assert search.n_waiting == 1


def test_a_trial_beyond_the_gap_is_infeasible_and_neither_kept_nor_best() -> None:
    search = ScriptedSearch(
        [0.1, 0.3, StopReason.PRUNED], ScriptedProposer(hopeless=[2]), gaps=[0.05, 0.02, 0.04]
    )
    search.run(3, limits=Limits(max_gap=0.02))
    violations = [trial.violations["gap"] for trial in search.trials]
    assert violations == pytest.approx([0.03, 0.0, 0.02])
    assert [trial.is_feasible for trial in search.trials] == [False, True, False]
    assert [run.kept_tags["feasible"] for run in search.tracker.trials] == ["no", "yes", "no"]
    assert search.with_networks == [1]
    assert [event.is_best for event in ends(search)] == [False, True, False]


def test_a_trial_beyond_the_gap_meets_no_target() -> None:
    search = ScriptedSearch([0.01, 0.5], gaps=[0.05, 0.0])
    assert search.run(2, limits=Limits(max_gap=0.02), target=0.05) is Ending.TRIALS


def test_a_trial_that_fresh_seeds_disproved_meets_no_target() -> None:
    search = ScriptedSearch([0.01, 0.02])
    assert search.run(2, target=0.05) is Ending.TARGET
    assert search.run(2, target=0.05, disproved=[0]) is Ending.TARGET
    assert search.n_run == 2
    assert search.run(2, target=0.05, disproved=[0, 1]) is Ending.TRIALS
