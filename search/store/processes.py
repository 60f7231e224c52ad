"""Which processes work on a study. Owns how they are noted in its database.

A process has a study open also between trials, while it fits baselines or confirms the best. Each
process notes itself under a key of its own, so that none overwrites another.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any
from uuid import uuid4

from optuna.storages import RDBStorage
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ..trial.process import Process
from .codec import OWNER, PROCESS

_UNOWNED_SECONDS = 60.0
"""Age at which a running trial without an owner is abandoned: it gets one within milliseconds."""
_RUNNING = text(
    "SELECT a.value_json FROM trial_user_attributes a JOIN trials t ON t.trial_id = a.trial_id "
    f"WHERE t.study_id = :study AND t.state = 'RUNNING' AND a.key = '{OWNER}' ORDER BY a.trial_id"
)
# Optuna cannot remove an attribute. The names are qualified because MySQL reserves the word key.
_REMOVE = text(
    "DELETE FROM study_user_attributes "
    "WHERE study_user_attributes.study_id = :study AND study_user_attributes.key = :key"
)


@contextmanager
def process_noted(storage: RDBStorage, study_id: int) -> Iterator[None]:
    """Note that this process has a study open, until the end of the block.

    The notes of dead processes of this machine are removed.
    """
    for key, process in _read_notes(storage, study_id).items():
        if process.is_dead():
            _remove_note(storage, study_id, key)
    key = f"{PROCESS}{uuid4().hex}"
    storage.set_study_user_attr(study_id, key, Process.current().as_dict())
    try:
        yield
    finally:
        # Without the database the note cannot be removed; it stops counting with the process.
        with suppress(SQLAlchemyError):
            _remove_note(storage, study_id, key)


def list_processes(storage: RDBStorage, study_id: int) -> list[Process]:
    """List the processes that have a study open or run trials of it, each once, except dead ones.

    Processes of other machines are listed: nobody here knows whether they live.
    """
    with storage.engine.connect() as connection:
        running = connection.scalars(_RUNNING, {"study": study_id}).all()
    owners = [Process(**json.loads(written)) for written in running]
    distinct = dict.fromkeys([*_read_notes(storage, study_id).values(), *owners])
    return [process for process in distinct if not process.is_dead()]


def is_abandoned(owner: Mapping[str, Any] | None, started: datetime | None) -> bool:
    """Tell whether the process that ran a trial has ended.

    Args:
        owner: as it was noted; None where the process died before it noted itself.
        started: when the trial began.
    """
    if owner is None:
        age = datetime.now() - (started or datetime.now())
        return age.total_seconds() > _UNOWNED_SECONDS
    return Process(**owner).is_dead()


def _read_notes(storage: RDBStorage, study_id: int) -> dict[str, Process]:
    attributes = storage.get_study_user_attrs(study_id)
    return {k: Process(**value) for k, value in attributes.items() if k.startswith(PROCESS)}


def _remove_note(storage: RDBStorage, study_id: int, key: str) -> None:
    with storage.engine.begin() as connection:
        connection.execute(_REMOVE, {"study": study_id, "key": key})
