"""The first read of a study in bulk."""

import gc
import math
from collections.abc import Iterator
from pathlib import Path

import optuna
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.storages import RDBStorage
from optuna.trial import TrialState

from search.store.bulk import BulkStorage


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    url = f"sqlite:///{tmp_path / 'studies.db'}"
    storage = RDBStorage(url)
    yield url
    storage.remove_session()
    storage.engine.dispose()


def read(url: str, name: str) -> list[optuna.trial.FrozenTrial]:
    return optuna.load_study(study_name=name, storage=BulkStorage(url)).get_trials(deepcopy=False)


def fill(url: str) -> optuna.Study:
    """Make a study with a trial in every state, and another one beside it."""
    optuna.create_study(study_name="beside", storage=url).enqueue_trial({"x": 1.0})
    study = optuna.create_study(study_name="s", storage=url)
    study.enqueue_trial({"x": 0.25}, user_attrs={"start": "known"})
    for state in (TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL, TrialState.RUNNING):
        trial = study.ask()
        trial.suggest_float("x", 0.0, 1.0)
        trial.suggest_int("n", 1, 64, log=True)
        trial.suggest_categorical("cell", ["lstm", "gru"])
        trial.set_user_attr("metrics", {"gap": 0.1, "name": "Zoë, [x]", "none": None})
        trial.set_user_attr("nothing", [])
        trial.set_constraint("gap", -0.5)
        for step, value in enumerate((0.5, math.inf, -math.inf, 0.25)):
            trial.report(value, step)
        if state != TrialState.RUNNING:
            study.tell(trial, 0.25 if state == TrialState.COMPLETE else None, state=state)
    study.enqueue_trial({"x": 0.75})
    return study


def test_the_trials_are_those_that_optuna_reads(url: str) -> None:
    theirs = fill(url).get_trials()
    ours = read(url, "s")
    assert len(ours) == 5
    assert ours == theirs
    assert [list(trial.params) for trial in ours] == [list(trial.params) for trial in theirs]
    assert {trial.state for trial in ours} == set(TrialState)


def test_all_objectives_are_read_in_order_also_infinite_ones(url: str) -> None:
    study = optuna.create_study(study_name="s", storage=url, directions=["minimize"] * 3)
    study.tell(study.ask(), [math.inf, 1.0, -math.inf])
    assert [trial.values for trial in read(url, "s")] == [[math.inf, 1.0, -math.inf]]


def test_a_report_that_is_no_number_is_kept(url: str) -> None:
    study = optuna.create_study(study_name="s", storage=url)
    study.ask().report(math.nan, 3)
    (trial,) = read(url, "s")
    assert list(trial.intermediate_values) == [3]
    assert math.isnan(trial.intermediate_values[3])


def test_an_empty_study_has_no_trials(url: str) -> None:
    optuna.create_study(study_name="s", storage=url)
    assert read(url, "s") == []


def test_changes_after_the_first_read_are_seen(url: str) -> None:
    theirs = fill(url)
    ours = optuna.load_study(study_name="s", storage=BulkStorage(url))
    ours.get_trials(deepcopy=False)
    theirs.tell(3, 0.125)
    theirs.tell(theirs.ask(), 2.0)
    assert ours.get_trials() == theirs.get_trials()
    assert [trial.value for trial in ours.get_trials()][3:] == [0.125, 2.0]


def test_distributions_are_the_study_s(url: str) -> None:
    fill(url)
    assert read(url, "s")[0].distributions == {
        "x": FloatDistribution(0.0, 1.0),
        "n": IntDistribution(1, 64, log=True),
        "cell": CategoricalDistribution(("lstm", "gru")),
    }


def test_the_garbage_collector_is_left_as_it_was(url: str) -> None:
    fill(url)
    read(url, "s")
    assert gc.isenabled()
