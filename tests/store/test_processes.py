import signal
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from optuna.trial import FrozenTrial, TrialState, create_trial

from search.store.codec import OWNER, PROCESS
from search.store.processes import is_abandoned
from search.store.study_store import StudyStore
from search.trial.process import Process
from tests.store.settings import make_settings

ROOT = Path(__file__).parents[2]
HERE = Process.current()
FAR = replace(HERE, host="far")
DEAD = replace(HERE, born=0.0)
KILLED = """
import os, signal, sys
from search.store.study_store import StudyStore
with StudyStore(sys.argv[1]).process_noted("films"):
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def store(store: StudyStore) -> StudyStore:
    """Make a study that no process has open, and another beside it."""
    for name in ("films", "reviews"):
        store.create(name, make_settings(corpus=name), directions=["minimize"])
    return store


def _trial(state: TrialState, owner: Process | None) -> FrozenTrial:
    value = 0.5 if state == TrialState.COMPLETE else None
    attributes = {} if owner is None else {OWNER: owner.as_dict()}
    return create_trial(state=state, value=value, user_attrs=attributes)


def _note(store: StudyStore, word: str, process: Process) -> None:
    """Write the note of a process."""
    store.load("films").set_user_attr(f"{PROCESS}{word}", process.as_dict())


def _notes(store: StudyStore) -> list[Any]:
    attributes = store.load("films").user_attrs
    return [value for key, value in attributes.items() if key.startswith(PROCESS)]


def test_a_process_is_listed_while_it_has_the_study_open(store: StudyStore) -> None:
    assert store.processes("films") == []
    with store.process_noted("films"):
        assert StudyStore(store.url).processes("films") == [HERE]
        assert store.processes("reviews") == []
    assert store.processes("films") == []
    assert _notes(store) == []


def test_a_note_is_removed_after_an_error_too(store: StudyStore) -> None:
    with pytest.raises(KeyboardInterrupt), store.process_noted("films"):
        raise KeyboardInterrupt
    assert store.processes("films") == []


def test_a_process_removes_its_own_note_alone(store: StudyStore) -> None:
    other = StudyStore(store.url)
    with store.process_noted("films"):
        _note(store, "other", FAR)
        with other.process_noted("films"):
            assert len(_notes(store)) == 3
        assert set(store.processes("films")) == {HERE, FAR}
    assert store.processes("films") == [FAR]


def test_notes_and_settings_leave_each_other_as_they_are(store: StudyStore) -> None:
    before = store.find("films")
    with store.process_noted("films"):
        assert store.find("films") == before
        store.write_settings("films", make_settings(corpus="more"))
        assert store.processes("films") == [HERE]


def test_owners_of_running_trials_are_listed_too_each_once(store: StudyStore) -> None:
    study = store.load("films")
    for owner in (HERE, DEAD, FAR, FAR, None):
        study.add_trial(_trial(TrialState.RUNNING, owner))
    study.add_trial(_trial(TrialState.COMPLETE, HERE))
    assert store.processes("films") == [HERE, FAR]
    with store.process_noted("films"):
        assert store.processes("films") == [HERE, FAR]


def test_a_killed_process_is_not_listed_and_the_next_one_removes_its_note(
    store: StudyStore,
) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, store.url], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(_notes(store)) == 1
    assert store.processes("films") == []
    _note(store, "far", FAR)
    with store.process_noted("films"):
        assert sorted(note["host"] for note in _notes(store)) == sorted([FAR.host, HERE.host])


def test_a_study_may_be_deleted_while_it_is_open(store: StudyStore) -> None:
    with store.process_noted("films"):
        store.delete("films")
    assert store.names() == ["reviews"]
    store.create("films", make_settings(), directions=["minimize"])
    assert store.processes("films") == []


def test_an_error_is_raised_as_it_is_where_the_database_is_gone_too(
    store: StudyStore, tmp_path: Path
) -> None:
    with pytest.raises(KeyboardInterrupt), store.process_noted("films"):
        store._database.engine.dispose()
        for path in tmp_path.glob("studies.db*"):
            path.unlink()
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("seconds", "is_dead"),
    [
        pytest.param(0, False, id="just-begun"),
        pytest.param(45, False, id="within-a-minute"),
        pytest.param(61, True, id="after-a-minute"),
    ],
)
def test_a_trial_without_an_owner_is_abandoned_after_a_minute(seconds: int, is_dead: bool) -> None:
    started = datetime.now() - timedelta(seconds=seconds)
    assert is_abandoned(None, started) is is_dead


def test_a_trial_without_owner_and_start_is_not_abandoned() -> None:
    assert not is_abandoned(None, None)


@pytest.mark.parametrize(
    ("owner", "is_dead"),
    [
        pytest.param(HERE, False, id="living"),
        pytest.param(DEAD, True, id="dead"),
        pytest.param(FAR, False, id="elsewhere"),
    ],
)
def test_a_trial_with_an_owner_is_abandoned_when_that_is_dead(
    owner: Process, is_dead: bool
) -> None:
    long_ago = datetime.now() - timedelta(days=1)
    assert is_abandoned(owner.as_dict(), long_ago) is is_dead
