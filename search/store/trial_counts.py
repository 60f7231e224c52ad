"""Counts and values of a study's trials by SQL. Owns what is read without loading the trials.

Optuna takes many seconds to load ten thousand trials with their attributes; these statements take
a fraction of one. The tables are those of Optuna's schema v3.2, which `check_schema` ensures.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable

import sqlalchemy
from sqlalchemy import Engine, bindparam, text

from ..trial.state import TrialState
from ..trial.trial import Trial
from . import codec

_KINDS = {codec.REUSED: "REUSED", codec.REFUSED: "REFUSED", codec.INTERRUPTED: "CUT_OFF"}
_KEPT = (codec.HAS_MODEL, codec.HAS_CHECKPOINT)
_INFINITIES = {"INF_POS": math.inf, "INF_NEG": -math.inf}
_STATES = text("SELECT trial_id, number, state FROM trials WHERE study_id = :study")
_VALUES = text(
    "SELECT v.trial_id, v.objective, v.value, v.value_type "
    "FROM trial_values v JOIN trials t ON t.trial_id = v.trial_id WHERE t.study_id = :study"
)
_ATTRIBUTES = text(
    "SELECT a.trial_id, a.key, a.value_json "
    "FROM trial_user_attributes a JOIN trials t ON t.trial_id = a.trial_id "
    "WHERE t.study_id = :study AND a.key IN :keys ORDER BY a.trial_id"
).bindparams(bindparam("keys", expanding=True))
# Of a trial with several of the keys the first by the alphabet counts: cut_off.
_COUNTS = text(
    "SELECT c.state, c.kind, COUNT(*) FROM ("
    "SELECT t.state AS state, MIN(a.key) AS kind FROM trials t LEFT JOIN trial_user_attributes a "
    "ON a.trial_id = t.trial_id AND a.key IN :keys WHERE t.study_id = :study "
    "GROUP BY t.trial_id, t.state"
    ") c GROUP BY c.state, c.kind"
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
        found = connection.execute(_COUNTS, {"study": study_id, "keys": list(_KINDS)}).all()
    counts: Counter[str] = Counter()
    for state, kind, number in found:
        counts[_KINDS.get(kind, state)] += number
    return dict(counts)


def read_outcomes(engine: Engine, study_id: int) -> list[Trial]:
    """List the trials of a study by number, except those still enqueued, with states and values.

    Besides these they have only what decides whether a trial counts and can win: no
    hyperparameters, no training and no times.
    """
    keys = [codec.VIOLATIONS, *_KINDS]
    with engine.connect() as connection:
        stored = connection.execute(_STATES, {"study": study_id}).all()
        valued = connection.execute(_VALUES, {"study": study_id}).all()
        noted = connection.execute(_ATTRIBUTES, {"study": study_id, "keys": keys}).all()
    values: dict[int, dict[int, float]] = {}
    for trial_id, objective, value, kind in valued:
        values.setdefault(trial_id, {})[objective] = _INFINITIES.get(kind, value)
    attributes: dict[int, dict[str, object]] = {}
    for trial_id, key, value in noted:
        attributes.setdefault(trial_id, {})[key] = json.loads(value)
    trials = (
        codec.decode_attributes(
            attributes.get(trial_id, {}),
            number=number,
            state=TrialState(state),
            values=tuple(value for _, value in sorted(values.get(trial_id, {}).items())),
        )
        for trial_id, number, state in stored
        if state != "WAITING"
    )
    return sorted(trials, key=lambda trial: trial.number)


def list_runs_with_networks(engine: Engine, study_id: int) -> list[str]:
    """List the runs of the trials whose weights were kept when they ended, or dropped since."""
    keys = [*_KEPT, codec.RUN_ID]
    with engine.connect() as connection:
        noted = connection.execute(_ATTRIBUTES, {"study": study_id, "keys": keys}).all()
    kept = {trial_id for trial_id, key, _ in noted if key in _KEPT}
    runs = ((i, json.loads(value)) for i, key, value in noted if key == codec.RUN_ID and i in kept)
    return [run_id for _, run_id in sorted(runs)]


def delete_trials(engine: Engine, study_id: int) -> None:
    """Delete all trials of a study and the rows that refer to them, in one transaction.

    Optuna's own deletion loads every row before it deletes it.
    """
    metadata = sqlalchemy.MetaData()
    metadata.reflect(engine)
    trials = metadata.tables["trials"]
    ids = sqlalchemy.select(trials.c.trial_id).where(trials.c.study_id == study_id)
    with engine.begin() as connection:
        for table in _dependents(trials, metadata.sorted_tables):
            connection.execute(table.delete().where(table.c.trial_id.in_(ids)))
        connection.execute(trials.delete().where(trials.c.study_id == study_id))


def _dependents(
    trials: sqlalchemy.Table, tables: Iterable[sqlalchemy.Table]
) -> Iterable[sqlalchemy.Table]:
    return (t for t in tables if any(key.column.table is trials for key in t.foreign_keys))
