"""Which processes are at work on a study. Owns how that is noted in its database.

A search has a study open also between trials, while baselines are fitted or winners confirmed. Each
notes itself under a key of its own, so that several come and go without overwriting one another.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import uuid4

from optuna.storages import RDBStorage
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from .ownership import is_dead, this_process

HELD = "genre_search.held."
"""What is before a random word in the names of the attributes of a study that hold processes."""
_RUNNING = text(
    "SELECT a.value_json FROM trial_user_attributes a JOIN trials t ON t.trial_id = a.trial_id "
    "WHERE t.study_id = :study AND t.state = 'RUNNING' AND a.key = 'owner' ORDER BY a.trial_id"
)
# Optuna has no statement that takes an attribute away; unqualified, MySQL reserves the word key.
_LEAVE = text(
    "DELETE FROM study_user_attributes "
    "WHERE study_user_attributes.study_id = :study AND study_user_attributes.key = :key"
)


@contextmanager
def held(storage: RDBStorage, study_id: int) -> Iterator[None]:
    """Note that this process has a study open, for as long as what is done within takes.

    What killed processes of this machine left behind is taken away.
    """
    for key, process in _notes(storage, study_id).items():
        if is_dead(process, None):
            _leave(storage, study_id, key)
    key = f"{HELD}{uuid4().hex}"
    storage.set_study_user_attr(study_id, key, this_process())
    try:
        yield
    finally:
        # Where the database is gone the note outlives its use: it counts while the process lives.
        with suppress(SQLAlchemyError):
            _leave(storage, study_id, key)


def processes_of(storage: RDBStorage, study_id: int) -> list[dict[str, Any]]:
    """List the processes that have a study open or run trials of it, each once.

    Those known to be dead are left out.
    """
    with storage.engine.connect() as connection:
        running = connection.scalars(_RUNNING, {"study": study_id}).all()
    noted = [*_notes(storage, study_id).values(), *map(json.loads, running)]
    distinct = {(process["host"], process["pid"], process["born"]): process for process in noted}
    return [process for process in distinct.values() if not is_dead(process, None)]


def _notes(storage: RDBStorage, study_id: int) -> dict[str, dict[str, Any]]:
    attributes = storage.get_study_user_attrs(study_id)
    return {key: value for key, value in attributes.items() if key.startswith(HELD)}


def _leave(storage: RDBStorage, study_id: int, key: str) -> None:
    with storage.engine.begin() as connection:
        connection.execute(_LEAVE, {"study": study_id, "key": key})
