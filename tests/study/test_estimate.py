from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from optuna.trial import TrialState as OptunaState
from optuna.trial import create_trial

from search.errors import StudyError
from search.store.codec import encode_trial
from search.store.study_store import StudyStore
from search.study.estimate import estimate_trial
from search.study.setup import Setup
from search.trial.fingerprint import Fingerprint
from search.trial.limits import Limits
from search.trial.state import TrialState
from search.trial.trial import Origin, Trial
from tests.films import write_films
from tests.studies import make_settings, make_training
from tests.study.opened import make_setup
from tests.workspace import Workspace

_BEGUN = datetime(2026, 1, 1)


@pytest.fixture(scope="module")
def setup(tmp_path_factory: pytest.TempPathFactory) -> Setup:
    folder = tmp_path_factory.mktemp("films")
    write_films(folder / "films.csv")
    made = make_setup(Workspace(folder), "films")
    return replace(made, plan=replace(made.plan, n_epochs=2))


def _trial(number: int, seconds: float, n_parameters: int = 7, **changed: Any) -> Trial:
    training = make_training(0.5)
    metrics = {**training.metrics, "parameters": n_parameters}
    trial = Trial(
        number,
        TrialState.COMPLETE,
        (0.5,),
        training=replace(training, metrics=metrics),
        started=_BEGUN,
        ended=_BEGUN + timedelta(seconds=seconds),
    )
    return replace(trial, **changed)


def test_trials_of_the_study_say_how_long_one_takes(setup: Setup) -> None:
    trials = [
        _trial(0, 10.0, 1000),
        _trial(1, 30.0, 2000),
        _trial(2, 500.0, 3000, state=TrialState.FAIL, failure="MemoryError"),
        _trial(3, 0.1, 4000, origin=Origin(0)),
        _trial(4, 0.1, 5000, refusal="9000 parameters > 10"),
    ]
    estimate = estimate_trial(setup, None, trials)
    assert (estimate.seconds, estimate.study) == ((10.0, 30.0), "films")
    assert estimate.n_parameters == 2000


def _plant(store: StudyStore, name: str, seconds: float, fingerprint: Fingerprint) -> None:
    settings = replace(make_settings("0" * 32), fingerprint=fingerprint)
    study = store.create(name, settings, directions=["minimize"])
    trial = _trial(0, seconds)
    stored = create_trial(state=OptunaState.COMPLETE, value=0.5, user_attrs=encode_trial(trial))
    stored.datetime_start, stored.datetime_complete = trial.started, trial.ended
    study.add_trial(stored)


def test_trials_of_a_similar_study_do_where_there_are_none(setup: Setup, tmp_path: Path) -> None:
    store = StudyStore(f"sqlite:///{tmp_path / 'studies.db'}")
    here = setup.fingerprint
    _plant(store, "alike", 20.0, replace(here, seed=5, split="another"))
    _plant(store, "other-data", 60.0, replace(here, data="another"))
    _plant(store, "other-space", 60.0, replace(here, space="another"))
    _plant(store, "longer", 90.0, replace(here, epochs=15))
    estimate = estimate_trial(setup, store, [])
    assert (estimate.seconds, estimate.study, estimate.n_parameters) == ((20.0,), "alike", 7)


def test_without_any_trial_a_few_batches_are_timed(setup: Setup) -> None:
    estimate = estimate_trial(setup, None, [])
    # The space has no starts, so it is the two draws alone.
    assert len(estimate.seconds) == 2
    assert estimate.study is None
    assert all(1.5 < seconds < 600 for seconds in estimate.seconds)
    # The embedding alone has 8 dimensions at least, and the words of the corpus.
    assert estimate.n_parameters > 8 * setup.data.vocabulary.size


def test_a_limit_that_leaves_no_network_is_an_error(setup: Setup) -> None:
    strict = replace(setup, plan=replace(setup.plan, limits=Limits(max_parameters=1)))
    with pytest.raises(StudyError, match="smoke: expected a network that can be timed") as raised:
        estimate_trial(strict, None, [])
    assert "`max_parameters`" in raised.value.hint
