import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from optuna.trial import FrozenTrial, TrialState, create_trial

from search.engines.holders import HELD
from search.engines.ownership import this_process
from search.engines.store import StudyStore
from tests.workspace import ROOT

HERE: dict[str, Any] = dict(this_process())
FAR = HERE | {"host": "far"}
DEAD = HERE | {"born": 0.0}
KILLED = """
import os, signal, sys
from search.engines.store import StudyStore
with StudyStore(sys.argv[1]).held("films"):
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def store(tmp_path: Path) -> StudyStore:
    """A store with a study that nobody has open, and another beside it."""
    store = StudyStore(f"sqlite:///{tmp_path / 'studies.db'}")
    for name in ("films", "reviews"):
        store.create(name, {"corpus": name}, directions=["minimize"])
    return store


def _trial(state: TrialState, **facts: Any) -> FrozenTrial:
    value = 0.5 if state == TrialState.COMPLETE else None
    return create_trial(state=state, value=value, user_attrs=facts)


def _note(store: StudyStore, word: str, process: dict[str, Any]) -> None:
    """Write what a process of any kind would have."""
    store.load("films").set_user_attr(f"{HELD}{word}", process)


def _notes(store: StudyStore) -> list[Any]:
    attributes = store.load("films").user_attrs
    return [value for key, value in attributes.items() if key.startswith(HELD)]


def _hosts(processes: list[Any]) -> list[str]:
    """Name their machines; in which order they come is not promised."""
    return sorted(process["host"] for process in processes)


def test_a_study_has_an_owner_while_it_is_held_and_none_before_and_after(store: StudyStore) -> None:
    assert store.owners("films") == []
    with store.held("films"):
        assert StudyStore(store.url).owners("films") == [HERE]
        assert store.owners("reviews") == []
    assert store.owners("films") == []
    assert _notes(store) == []


def test_a_study_is_let_go_after_an_error_too(store: StudyStore) -> None:
    with pytest.raises(KeyboardInterrupt), store.held("films"):
        raise KeyboardInterrupt
    assert store.owners("films") == []


def test_one_that_lets_go_leaves_the_others(store: StudyStore) -> None:
    other = StudyStore(store.url)
    with store.held("films"):
        _note(store, "other", FAR)
        with other.held("films"):
            assert len(_notes(store)) == 3
        assert _hosts(store.owners("films")) == _hosts([HERE, FAR])
    assert store.owners("films") == [FAR]


def test_neither_facts_nor_results_of_a_study_change(store: StudyStore) -> None:
    before = store.find("films")
    with store.held("films"):
        assert store.find("films") == before
        store.stamp("films", {"corpus": "more"})
        assert store.owners("films") == [HERE]


def test_owners_are_those_of_running_trials_too_each_once(store: StudyStore) -> None:
    study = store.load("films")
    study.add_trials([_trial(TrialState.RUNNING, owner=owner) for owner in (HERE, DEAD, FAR, FAR)])
    study.add_trials([_trial(TrialState.RUNNING), _trial(TrialState.COMPLETE, owner=HERE)])
    assert store.owners("films") == [HERE, FAR]
    with store.held("films"):
        assert store.owners("films") == [HERE, FAR]


def test_a_killed_process_is_no_owner_and_the_next_one_clears_its_note(store: StudyStore) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, store.url], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(_notes(store)) == 1
    assert store.owners("films") == []
    _note(store, "far", FAR)
    with store.held("films"):
        assert _hosts(_notes(store)) == _hosts([FAR, HERE])


def test_a_study_that_is_deleted_while_it_is_held_is_let_go_in_silence(store: StudyStore) -> None:
    with store.held("films"):
        store.delete("films")
    assert store.names() == ["reviews"]
    store.create("films", {}, directions=["minimize"])
    assert store.owners("films") == []


def test_what_went_wrong_within_is_told_where_the_database_is_gone_too(
    store: StudyStore, tmp_path: Path
) -> None:
    with pytest.raises(KeyboardInterrupt), store.held("films"):
        store._database.engine.dispose()
        for path in tmp_path.glob("studies.db*"):
            path.unlink()
        raise KeyboardInterrupt
