"""Counts and values of a study's trials by SQL. Owns what is read without loading the trials.

Optuna takes many seconds to load ten thousand trials with their attributes; these statements take
a fraction of one. The tables are those of Optuna's schema v3.2, which `check_schema` ensures.
"""

from collections import Counter

import sqlalchemy
from sqlalchemy import Engine, bindparam, text

from ..trial.state import TrialState
from ..trial.trial import Trial
from . import codec
from .bulk import VALUES, read_attributes, read_numbers

_KINDS = {codec.INTERRUPTED: "CUT_OFF", codec.REFUSED: "REFUSED", codec.REUSED: "REUSED"}
"""By attribute; of a trial with several of them the first by the alphabet counts."""
_KEPT = {codec.HAS_MODEL, codec.HAS_CHECKPOINT}
_STATES = text("SELECT trial_id, number, state FROM trials WHERE study_id = :study ORDER BY number")
_ATTRIBUTES = text(
    "SELECT a.trial_id, a.key, a.value_json "
    "FROM trial_user_attributes a JOIN trials t ON t.trial_id = a.trial_id "
    "WHERE t.study_id = :study AND a.key IN :keys ORDER BY a.trial_id, a.key DESC"
).bindparams(bindparam("keys", expanding=True))


def count_trials(engine: Engine, study_id: int) -> dict[str, int]:
    """Count the trials of a study, each once.

    Returns:
        By state, in Optuna's words: COMPLETE, PRUNED, FAIL, RUNNING, WAITING. Instead of its state
        a trial has REUSED where its values are another trial's, REFUSED where its network was
        larger than allowed, and CUT_OFF where it was interrupted, whatever else it was. Kinds
        without a trial are left out.
    """
    with engine.connect() as connection:
        stored = connection.execute(_STATES, {"study": study_id}).all()
        noted = connection.execute(_ATTRIBUTES, {"study": study_id, "keys": [*_KINDS]}).all()
    kinds = {trial_id: _KINDS[key] for trial_id, key, _ in noted}
    return dict(Counter(kinds.get(trial_id, state) for trial_id, _, state in stored))


def read_outcomes(engine: Engine, study_id: int) -> list[Trial]:
    """List the trials of a study by number, except those still enqueued, with states and values.

    Besides these they have only what decides whether a trial counts and can win: no
    hyperparameters, no training and no times.
    """
    deciding = _ATTRIBUTES.bindparams(keys=[codec.VIOLATIONS, *_KINDS])
    with engine.connect() as connection:
        stored = connection.execute(_STATES, {"study": study_id}).all()
        values = read_numbers(connection, VALUES, study_id)
        attributes = read_attributes(connection, deciding, study_id)
    return [
        codec.decode_attributes(
            attributes[trial_id],
            number=number,
            state=TrialState(state),
            values=tuple(values[trial_id].values()),
        )
        for trial_id, number, state in stored
        if state != "WAITING"
    ]


def list_runs_with_networks(engine: Engine, study_id: int) -> list[str]:
    """List the runs of the trials whose weights were kept when they ended, or dropped since."""
    deciding = _ATTRIBUTES.bindparams(keys=[*_KEPT, codec.RUN_ID])
    with engine.connect() as connection:
        noted = read_attributes(connection, deciding, study_id).values()
    kept = (attributes for attributes in noted if not _KEPT.isdisjoint(attributes))
    return [attributes[codec.RUN_ID] for attributes in kept if codec.RUN_ID in attributes]


def delete_trials(engine: Engine, study_id: int) -> None:
    """Delete all trials of a study and the rows that refer to them, in one transaction.

    Optuna's own deletion loads every row before it deletes it.
    """
    metadata = sqlalchemy.MetaData()
    metadata.reflect(engine)
    trials = metadata.tables["trials"]
    ids = sqlalchemy.select(trials.c.trial_id).where(trials.c.study_id == study_id)
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            if any(key.column.table is trials for key in table.foreign_keys):
                connection.execute(table.delete().where(table.c.trial_id.in_(ids)))
        connection.execute(trials.delete().where(trials.c.study_id == study_id))
