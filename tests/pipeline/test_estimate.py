from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from optuna.trial import TrialState as OptunaState
from optuna.trial import create_trial

from search.engines.store import StudyStore
from search.engines.strategy import choose_strategy
from search.engines.trials import REUSED, TrialRecord, TrialState
from search.errors import StudyError
from search.pipeline.estimate import estimate_trial
from search.pipeline.places import DataSource, Places
from search.pipeline.prepared import Prepared, prepare
from search.pipeline.request import SearchRequest
from search.study.objectives import Objectives
from search.study.settings import Budget
from tests.films import write_films

_BEGUN = datetime(2026, 1, 1)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    films = write_films(tmp_path_factory.mktemp("films") / "films.csv")
    request = SearchRequest(
        data=DataSource(str(films)),
        space="smoke",
        objectives=Objectives.parse("val_loss"),
        n_epochs=2,
        seed=0,
        budget=Budget(n_trials=3),
        strategy=choose_strategy(),
        study="films",
        experiment="search",
        places=Places(),
    )
    return prepare(request, lambda _sentence: None)


def _record(number: int, seconds: float, **facts: Any) -> TrialRecord:
    ended = _BEGUN + timedelta(seconds=seconds)
    state = TrialState.FAIL if "failure" in facts else TrialState.COMPLETE
    known = {"metrics": {"parameters": 1000 * (number + 1)}} | facts
    return TrialRecord(number, state, (0.5,), {}, known, _BEGUN, ended)


def test_trials_of_the_study_say_how_long_one_takes(prepared: Prepared) -> None:
    records = [
        _record(0, 10.0),
        _record(1, 30.0),
        _record(2, 500.0, failure="MemoryError"),
        _record(3, 0.1, **{REUSED: {"trial": 0}}),
        _record(4, 0.1, refused="9000 parameters > 10"),
    ]
    estimate = estimate_trial(prepared, None, records)
    assert (estimate.seconds, estimate.study) == ((10.0, 30.0), "films")
    assert estimate.n_parameters == 2000


def _plant(store: StudyStore, name: str, seconds: float, fingerprint: dict[str, Any]) -> None:
    study = store.create(name, {"fingerprint": fingerprint}, directions=["minimize"])
    trial = create_trial(
        state=OptunaState.COMPLETE,
        value=0.5,
        user_attrs={"hyperparameters": {}, "metrics": {"parameters": 7}},
    )
    trial.datetime_start, trial.datetime_complete = _BEGUN, _BEGUN + timedelta(seconds=seconds)
    study.add_trial(trial)


def test_trials_of_a_like_study_do_where_there_are_none(prepared: Prepared, tmp_path: Path) -> None:
    store = StudyStore(f"sqlite:///{tmp_path / 'studies.db'}")
    here = prepared.fingerprint.as_dict()
    _plant(store, "alike", 20.0, here | {"seed": 5, "split": "another"})
    for part in ("data", "space"):
        _plant(store, f"other-{part}", 60.0, here | {part: "another"})
    _plant(store, "longer", 90.0, here | {"epochs": 15})
    estimate = estimate_trial(prepared, store, [])
    assert (estimate.seconds, estimate.study, estimate.n_parameters) == ((20.0,), "alike", 7)


def test_without_any_trial_a_few_batches_are_timed(prepared: Prepared) -> None:
    estimate = estimate_trial(prepared, None, [])
    # The space has no starts, so it is the two draws alone.
    assert len(estimate.seconds) == 2
    assert estimate.study is None
    assert all(1.5 < seconds < 600 for seconds in estimate.seconds)
    # The embedding alone has 8 dimensions at least, and the words of the corpus.
    assert estimate.n_parameters > 8 * prepared.data.vocabulary.size


def test_a_limit_that_leaves_no_network_is_told(prepared: Prepared) -> None:
    budget = replace(prepared.request.budget, max_parameters=1)
    strict = replace(prepared, request=replace(prepared.request, budget=budget))
    with pytest.raises(StudyError, match="smoke: expected a network that can be timed") as told:
        estimate_trial(strict, None, [])
    assert "--max-parameters" in told.value.hint
