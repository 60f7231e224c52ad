import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from optuna.distributions import BaseDistribution, FloatDistribution
from optuna.trial import FrozenTrial, TrialState, create_trial

from search.store.study_store import StudyStore
from search.trial.objective import Direction
from tests.store.settings import make_settings

MINIMIZE: tuple[Direction, ...] = ("minimize",)


def _trial(state: TrialState, value: float | None = None, **attributes: Any) -> FrozenTrial:
    x = {} if state == TrialState.WAITING else {"x": 0.5}
    dimensions: dict[str, BaseDistribution]
    dimensions = {} if state == TrialState.WAITING else {"x": FloatDistribution(0, 1)}
    return create_trial(
        state=state, value=value, params=x, distributions=dimensions, user_attrs=attributes,
        intermediate_values={1: 0.5} if x else {},
    )  # fmt: skip


@pytest.fixture
def searched(store: StudyStore) -> StudyStore:
    """A study with a trial of every kind, and another beside it."""
    study = store.create("films", make_settings(), directions=MINIMIZE)
    study.add_trials(
        [
            _trial(TrialState.COMPLETE, 0.25, run_id="a", has_model=True, excess={"gap": 0.5}),
            _trial(TrialState.COMPLETE, float("inf"), run_id="b"),
            _trial(TrialState.PRUNED, 0.5, run_id="c", has_checkpoint=True),
            _trial(TrialState.COMPLETE, 0.125, reused_from={"study": "reviews", "trial": 3}),
            _trial(TrialState.FAIL, failure="out of memory"),
            _trial(TrialState.FAIL, refused="9 parameters > 8"),
            _trial(TrialState.FAIL, cut_off=True),
            _trial(TrialState.RUNNING),
            _trial(TrialState.WAITING),
        ]
    )
    store.create("reviews", make_settings(), directions=MINIMIZE).add_trial(
        _trial(TrialState.COMPLETE, 0.75)
    )
    return store


def test_every_trial_is_counted_once_by_how_it_ended(searched: StudyStore) -> None:
    assert searched.count_trials("films") == {
        "COMPLETE": 2,
        "PRUNED": 1,
        "REUSED": 1,
        "FAIL": 1,
        "REFUSED": 1,
        "CUT_OFF": 1,
        "RUNNING": 1,
        "WAITING": 1,
    }
    assert searched.count_trials("reviews") == {"COMPLETE": 1}


def test_an_interrupted_trial_counts_as_that_also_where_it_was_refused_or_reused(
    store: StudyStore,
) -> None:
    study = store.create("films", make_settings(), directions=MINIMIZE)
    origin = {"study": "reviews", "trial": 3}
    study.add_trials(
        [
            _trial(TrialState.FAIL, refused="9 parameters > 8", cut_off=True),
            _trial(TrialState.FAIL, reused_from=origin, cut_off=True),
            _trial(TrialState.FAIL, refused="9 parameters > 8"),
        ]
    )
    assert store.count_trials("films") == {"CUT_OFF": 2, "REFUSED": 1}


def test_outcomes_have_states_values_and_what_decides_who_can_win(searched: StudyStore) -> None:
    outcomes = searched.outcomes("films")
    states = [trial.state.value for trial in outcomes]
    assert states == ["COMPLETE", "COMPLETE", "PRUNED", "COMPLETE", *["FAIL"] * 3, "RUNNING"]
    assert [trial.number for trial in outcomes] == list(range(8))
    assert [trial.values for trial in outcomes[:5]] == [
        (0.25,), (float("inf"),), (0.5,), (0.125,), (),
    ]  # fmt: skip
    assert [trial.is_feasible for trial in outcomes[:2]] == [False, True]
    assert [trial.number for trial in outcomes if trial.counts] == [0, 1, 2]


def test_outcomes_have_every_objective_in_order(store: StudyStore) -> None:
    study = store.create("films", make_settings(), directions=["minimize", "maximize"])
    study.add_trial(create_trial(values=[0.5, 3.0]))
    assert [trial.values for trial in store.outcomes("films")] == [(0.5, 3.0)]


def test_runs_with_networks_are_those_that_kept_weights(searched: StudyStore) -> None:
    assert searched.runs_with_networks("films") == ["a", "c"]
    assert searched.runs_with_networks("reviews") == []


def test_one_trial_is_read_by_its_number(searched: StudyStore) -> None:
    trial = searched.trial("films", 2)
    assert (trial.number, trial.run_id, trial.has_checkpoint) == (2, "c", True)
    assert trial == searched.trials("films")[2]


def test_a_deleted_study_leaves_nothing_and_the_others_whole(
    searched: StudyStore, tmp_path: Path
) -> None:
    other = StudyStore(searched.url)
    assert len(other.load("films").trials) == 9
    searched.delete("films")
    assert searched.names() == other.names() == ["reviews"]
    assert searched.count_trials("reviews") == {"COMPLETE": 1}
    assert len(searched.load("reviews").trials) == 1
    with closing(sqlite3.connect(tmp_path / "studies.db")) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema")]
        tables = [name for name in names if name.startswith(("trial_", "study_"))]
        hanging = [t for t in tables if connection.execute(f"SELECT * FROM {t}").fetchall()]
    # What the study that is left has.
    assert sorted(hanging) == [
        "study_directions", "study_user_attributes", "trial_intermediate_values", "trial_params",
        "trial_values",
    ]  # fmt: skip


def test_a_name_can_be_used_again_after_a_deletion(searched: StudyStore) -> None:
    searched.delete("films")
    searched.create("films", make_settings(), directions=MINIMIZE)
    assert searched.count_trials("films") == {}
    assert searched.load("films").trials == []
