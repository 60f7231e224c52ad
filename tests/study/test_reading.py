from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from optuna.trial import TrialState as OptunaState
from optuna.trial import create_trial

from search.errors import StudyError
from search.store.codec import encode_trial
from search.store.study_store import StudyStore
from search.study.places import Places
from search.study.reading import find_known, find_trial, read_comparable, read_summary
from search.trial.fingerprint import Fingerprint
from search.trial.state import TrialState
from search.trial.trial import Origin, Trial
from tests.studies import make_settings, make_training

_FINGERPRINT = Fingerprint("d" * 64, "s" * 64, "a" * 64, "val_loss", 15, 0)


def _plant(folder: Path, name: str, **changed: Any) -> StudyStore:
    """Write a study: trial 0 is complete with 0.5, 1 pruned, 2 reused, 3 the best with 0.2."""
    store = StudyStore(f"sqlite:///{folder / 'studies.db'}")
    settings = replace(make_settings("0"), fingerprint=replace(_FINGERPRINT, **changed))
    study = store.create(name, settings, directions=["minimize"])
    trials = (
        Trial(0, TrialState.COMPLETE, (0.5,), training=make_training(0.5)),
        Trial(1, TrialState.PRUNED, (0.1,), training=make_training(0.1)),
        Trial(2, TrialState.COMPLETE, (0.5,), origin=Origin(0)),
        Trial(3, TrialState.COMPLETE, (0.2,), training=make_training(0.2)),
    )
    for trial in trials:
        state = OptunaState[trial.state.value]
        written = encode_trial(trial)
        study.add_trial(create_trial(state=state, value=trial.value, user_attrs=written))
    return store


def _places(folder: Path) -> Places:
    return Places(storage=f"sqlite:///{folder / 'studies.db'}")


def test_without_a_number_the_winner_is_found(tmp_path: Path) -> None:
    _plant(tmp_path, "films")
    summary = read_summary(_places(tmp_path), "films")
    assert find_trial(summary, None).number == 3
    assert find_trial(summary, 3) == find_trial(summary, None)
    assert find_trial(summary, 0).value == 0.5


@pytest.mark.parametrize(
    ("number", "found"),
    [
        pytest.param(1, "one that is PRUNED", id="pruned"),
        pytest.param(2, "one that was not trained", id="reused"),
        pytest.param(9, "none of that number", id="missing"),
    ],
)
def test_a_trial_that_was_not_trained_to_its_end_is_refused(
    tmp_path: Path, number: int, found: str
) -> None:
    _plant(tmp_path, "films")
    summary = read_summary(_places(tmp_path), "films")
    with pytest.raises(StudyError, match=f"expected a complete trial {number}, found {found}"):
        find_trial(summary, number)


def test_a_study_that_is_there_is_found_and_a_new_one_is_not(tmp_path: Path) -> None:
    store = _plant(tmp_path, "films")
    known = find_known(store, "films", _FINGERPRINT, start_from=None)
    assert known is not None and known.name == "films"
    assert find_known(store, "new", _FINGERPRINT, start_from="films") is None


def test_a_known_study_with_other_settings_is_refused(tmp_path: Path) -> None:
    store = _plant(tmp_path, "films", epochs=30)
    with pytest.raises(
        StudyError, match=r"study films: its trials cannot be compared .*epochs was 30, is 15"
    ):
        find_known(store, "films", _FINGERPRINT, start_from=None)


def test_a_study_to_start_from_is_another_one_that_is_there(tmp_path: Path) -> None:
    store = _plant(tmp_path, "films")
    with pytest.raises(StudyError, match="expected another study than films itself") as raised:
        find_known(store, "films", _FINGERPRINT, start_from="films")
    assert raised.value.parameter == "start_from"
    with pytest.raises(StudyError, match="there is no study named nowhere"):
        find_known(store, "new", _FINGERPRINT, start_from="nowhere")


def test_studies_that_compare_are_read_each_once_in_their_order(tmp_path: Path) -> None:
    _plant(tmp_path, "films")
    _plant(tmp_path, "others", space="b" * 64, seed=5, engine="keras-tuner random", max_gap=0.1)
    read = read_comparable(_places(tmp_path), ["others", "films", "latest"])
    assert [summary.study for summary in read] == ["others", "films"]


def test_studies_that_do_not_compare_are_refused_with_what_differs(tmp_path: Path) -> None:
    _plant(tmp_path, "films")
    _plant(tmp_path, "others", data="e" * 64, space="b" * 64, epochs=30)
    with pytest.raises(StudyError) as raised:
        read_comparable(_places(tmp_path), ["films", "others"])
    differences = raised.value.message.split("differ in ")[1]
    data, epochs = differences.split("; ")
    assert data == "data dddddddddddd and eeeeeeeeeeee"
    assert epochs.endswith("epochs 15 and 30")
