from pathlib import Path
from typing import Any

import pytest
from optuna.trial import TrialState, create_trial

from search.engines.store import StudyStore
from search.engines.trials import REUSED
from search.errors import StudyError
from search.pipeline.places import Places
from search.pipeline.studies import find_known, read_comparable, read_study, required_trial
from search.study.settings import Fingerprint

_FINGERPRINT = Fingerprint("d" * 64, "s" * 64, "a" * 64, "val_loss", 15, 0)


def _plant(folder: Path, name: str, **changed: Any) -> StudyStore:
    """Write a study: trial 0 is complete with 0.5, 1 pruned, 2 reused, 3 the best with 0.2."""
    store = StudyStore(f"sqlite:///{folder / 'studies.db'}")
    facts = {"fingerprint": _FINGERPRINT.as_dict() | changed, "target": None, "prior_loss": 0.9}
    study = store.create(
        name, facts | {"floor": None, "study_run_id": "0"}, directions=["minimize"]
    )
    trials: tuple[tuple[float, TrialState, dict[str, Any]], ...] = (
        (0.5, TrialState.COMPLETE, {}),
        (0.1, TrialState.PRUNED, {}),
        (0.5, TrialState.COMPLETE, {REUSED: {"trial": 0}}),
        (0.2, TrialState.COMPLETE, {}),
    )
    for value, state, noted in trials:
        study.add_trial(create_trial(state=state, value=value, user_attrs=noted))
    return store


def _places(folder: Path) -> Places:
    return Places(storage=f"sqlite:///{folder / 'studies.db'}")


def test_without_a_number_the_required_trial_is_the_winner(tmp_path: Path) -> None:
    _plant(tmp_path, "films")
    summary = read_study(_places(tmp_path), "films")
    assert required_trial(summary, None).number == 3
    assert required_trial(summary, 3) == required_trial(summary, None)
    assert required_trial(summary, 0).value == 0.5


@pytest.mark.parametrize(
    ("number", "found"),
    [(1, "one that is PRUNED"), (2, "one that was not trained"), (9, "none of that number")],
)
def test_a_trial_that_is_not_complete_is_no_required_trial(
    tmp_path: Path, number: int, found: str
) -> None:
    _plant(tmp_path, "films")
    summary = read_study(_places(tmp_path), "films")
    with pytest.raises(StudyError, match=f"expected a complete trial {number}, found {found}"):
        required_trial(summary, number)


def test_a_known_study_is_found_with_the_one_it_is_begun_from(tmp_path: Path) -> None:
    store = _plant(tmp_path, "films")
    known, begun_from = find_known(store, "films", _FINGERPRINT, origin=None)
    assert known is not None
    assert (known.name, begun_from) == ("films", None)
    known, begun_from = find_known(store, "new", _FINGERPRINT, origin="films")
    assert begun_from is not None
    assert (known, begun_from.name) == (None, "films")


def test_a_known_study_with_other_settings_is_refused(tmp_path: Path) -> None:
    store = _plant(tmp_path, "films", epochs=30)
    with pytest.raises(StudyError, match=r"study films: its trials cannot be compared .* epochs"):
        find_known(store, "films", _FINGERPRINT, origin=None)
    with pytest.raises(StudyError, match="expected another study than films itself"):
        find_known(store, "films", _FINGERPRINT, origin="films")


def test_studies_that_compare_are_read_each_once_in_their_order(tmp_path: Path) -> None:
    _plant(tmp_path, "films")
    _plant(tmp_path, "others", space="b" * 64, seed=5, engine="keras-tuner random", max_gap=0.1)
    read = read_comparable(_places(tmp_path), ["others", "films", "latest"])
    assert [summary.study for summary in read] == ["others", "films"]


def test_studies_that_do_not_compare_are_refused_with_what_differs(tmp_path: Path) -> None:
    _plant(tmp_path, "films")
    _plant(tmp_path, "others", data="e" * 64, space="b" * 64, epochs=30)
    with pytest.raises(StudyError) as told:
        read_comparable(_places(tmp_path), ["films", "others"])
    differences = told.value.message.split("differ in ")[1]
    assert differences == "data dddddddddddd and eeeeeeeeeeee; epochs 15 and 30"
