"""Counts and values of a study's trials by SQL. Owns what is asked without loading the trials.

Ten thousand trials with their attributes take Optuna many seconds to load; these take a fraction of
one. The tables are those of Optuna's schema v3.2, which `check_schema` made sure of.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable

import sqlalchemy
from sqlalchemy import Engine, bindparam, text

from .trials import EXCESS, REUSED, TrialRecord, TrialState

_KINDS = {REUSED: "REUSED", "refused": "REFUSED", "cut_off": "CUT_OFF"}
_KEPT = ("has_model", "has_checkpoint")
_RUN_ID = "run_id"
_INFINITIES = {"INF_POS": math.inf, "INF_NEG": -math.inf}
_STATES = text("SELECT trial_id, number, state FROM trials WHERE study_id = :study")
_VALUES = text(
    "SELECT v.trial_id, v.objective, v.value, v.value_type "
    "FROM trial_values v JOIN trials t ON t.trial_id = v.trial_id WHERE t.study_id = :study"
)
_FACTS = text(
    "SELECT a.trial_id, a.key, a.value_json "
    "FROM trial_user_attributes a JOIN trials t ON t.trial_id = a.trial_id "
    "WHERE t.study_id = :study AND a.key IN :keys ORDER BY a.trial_id"
).bindparams(bindparam("keys", expanding=True))
# The first key by the alphabet, cut_off, is the one that outweighs the others.
_COUNTS = text(
    "SELECT c.state, c.kind, COUNT(*) FROM ("
    "SELECT t.state AS state, MIN(a.key) AS kind FROM trials t LEFT JOIN trial_user_attributes a "
    "ON a.trial_id = t.trial_id AND a.key IN :keys WHERE t.study_id = :study "
    "GROUP BY t.trial_id, t.state"
    ") c GROUP BY c.state, c.kind"
).bindparams(bindparam("keys", expanding=True))


def counts_of(engine: Engine, study_id: int) -> dict[str, int]:
    """Count the trials of a study, each once.

    Returns:
        By state, in Optuna's words: COMPLETE, PRUNED, FAIL, RUNNING, WAITING; but REUSED for what
        was not trained here, REFUSED for what was larger than allowed, and CUT_OFF for
        what was interrupted, also where it was to become one of these two: it is proposed again.
        Nothing is listed that there is none of.
    """
    with engine.connect() as connection:
        found = connection.execute(_COUNTS, {"study": study_id, "keys": list(_KINDS)}).all()
    counts: Counter[str] = Counter()
    for state, kind, number in found:
        counts[_KINDS.get(kind, state)] += number
    return dict(counts)


def outcomes_of(engine: Engine, study_id: int) -> list[TrialRecord]:
    """List the trials of a study that do not wait by number, with state and values.

    Of their facts they have only those that decide whether a trial counts and can win; they have
    neither hyperparameters nor times.
    """
    keys = [EXCESS, *_KINDS]
    with engine.connect() as connection:
        trials = connection.execute(_STATES, {"study": study_id}).all()
        valued = connection.execute(_VALUES, {"study": study_id}).all()
        noted = connection.execute(_FACTS, {"study": study_id, "keys": keys}).all()
    values: dict[int, dict[int, float]] = {}
    for trial_id, objective, value, kind in valued:
        values.setdefault(trial_id, {})[objective] = _INFINITIES.get(kind, value)
    facts: dict[int, dict[str, object]] = {}
    for trial_id, key, value in noted:
        facts.setdefault(trial_id, {})[key] = json.loads(value)
    records = (
        TrialRecord(
            number=number,
            state=TrialState(state),
            values=tuple(value for _, value in sorted(values.get(trial_id, {}).items())),
            hyperparameters={},
            facts=facts.get(trial_id, {}),
            started=None,
            ended=None,
        )
        for trial_id, number, state in trials
        if state != "WAITING"
    )
    return sorted(records, key=lambda record: record.number)


def runs_with_networks(engine: Engine, study_id: int) -> list[str]:
    """List the runs of the trials whose weights were kept, also where they were dropped later."""
    keys = [*_KEPT, _RUN_ID]
    with engine.connect() as connection:
        noted = connection.execute(_FACTS, {"study": study_id, "keys": keys}).all()
    kept = {trial_id for trial_id, key, _ in noted if key in _KEPT}
    runs = ((i, json.loads(value)) for i, key, value in noted if key == _RUN_ID and i in kept)
    return [run_id for _, run_id in sorted(runs)]


def delete_trials(engine: Engine, study_id: int) -> None:
    """Delete all trials of a study with everything that hangs on them, at once or not at all.

    Optuna's own deletion loads every row to delete it.
    """
    metadata = sqlalchemy.MetaData()
    metadata.reflect(engine)
    trials = metadata.tables["trials"]
    ids = sqlalchemy.select(trials.c.trial_id).where(trials.c.study_id == study_id)
    with engine.begin() as connection:
        for table in _hanging_on(trials, metadata.sorted_tables):
            connection.execute(table.delete().where(table.c.trial_id.in_(ids)))
        connection.execute(trials.delete().where(trials.c.study_id == study_id))


def _hanging_on(
    trials: sqlalchemy.Table, tables: Iterable[sqlalchemy.Table]
) -> Iterable[sqlalchemy.Table]:
    return (t for t in tables if any(key.column.table is trials for key in t.foreign_keys))
