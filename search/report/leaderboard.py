"""The trials and baselines of a study in order. Owns that order, the columns and their forms."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import isclose, nan
from typing import TYPE_CHECKING

from ..trial.objective import Objectives
from ..trial.state import TrialState
from . import tables
from .leaderboard_row import COUNTS, MEASURES, LeaderboardRow

# Only annotations need it: at run time it takes a second to load.
if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("study", "number", "name", "state", "value", "front", "confirmed_mean",
           "confirmed_spread", "feasible", *MEASURES, *COUNTS, "seconds", "verdict", "onset",
           "stopped", "failure", "start", "run_id")  # fmt: skip
"""Columns of a frame; those of the hyperparameters follow."""
_TYPES = {
    **dict.fromkeys(("number", *COUNTS, "onset"), "Int64"),
    **dict.fromkeys(("front", "feasible"), "boolean"),
    **dict.fromkeys(("value", "confirmed_mean", "confirmed_spread", "seconds"), "float64"),
    **dict.fromkeys(MEASURES, "float64"),
}
"""Types of a frame's columns that are not texts; the first two know a missing value."""
_CAUSE_WIDTH = 24


def place(row: LeaderboardRow) -> tuple[bool, bool, bool, bool, float]:
    """Give the place of a trial among those of one study or several, lower ones first."""
    is_ranked = row.trial is not None and row.trial.counts and row.trial.value is not None
    cost = row.objective.cost(row.value or 0.0) if is_ranked else 0.0
    is_pruned = row.state == TrialState.PRUNED
    return not row.is_on_front, not is_ranked, not row.is_feasible, is_pruned, cost


def insert_others(
    trials: Sequence[LeaderboardRow], others: Iterable[LeaderboardRow]
) -> list[LeaderboardRow]:
    """Insert baselines and ensembles where their value ranks, after the Pareto front if any.

    Behind trials that are equally good, and before those that are not complete or cannot win.
    """
    rows = list(trials)
    for other in sorted(others, key=_rank_other):
        ahead = (place for place, row in enumerate(rows) if not _is_behind(row, other))
        rows.insert(max(ahead, default=-1) + 1, other)
    return rows


def _rank_other(row: LeaderboardRow) -> float:
    return row.objective.cost(row.value or 0.0)


def _is_behind(row: LeaderboardRow, other: LeaderboardRow) -> bool:
    if row.trial is None or row.is_on_front:
        return False
    _, is_unranked, is_infeasible, is_pruned, cost = place(row)
    return is_unranked or is_infeasible or is_pruned or cost > _rank_other(other)


def take_best(rows: Iterable[LeaderboardRow], n_trials: int | None) -> list[LeaderboardRow]:
    """Take the first trials of a leaderboard, and all baselines and ensembles; None takes all."""
    taken, n_taken = [], 0
    for row in rows:
        n_taken += row.trial is not None
        if row.trial is None or n_trials is None or n_taken <= n_trials:
            taken.append(row)
    return taken


def combine(
    boards: Sequence[Sequence[LeaderboardRow]], objectives: Objectives, n_trials: int | None = None
) -> list[LeaderboardRow]:
    """Combine the leaderboards of several studies into one, each baseline once.

    Baselines and ensembles stand where they rank.

    The trials that can win are ordered by value, whatever study they belong to: a network that
    fresh seeds picked comes first only among the trials of its study alone. With several objectives
    the Pareto front is that of all trials together. Equal ones keep the order of the studies.

    Args:
        boards: one of each study; their values must compare.
        objectives: of all the studies.
        n_trials: trials of each study that are taken, its first; None for all.
    """
    rows = [row for board in boards for row in take_best(board, n_trials)]
    trials = [row for row in rows if row.trial is not None]
    others: dict[tuple[str | None, str], LeaderboardRow] = {}
    for row in rows:
        if row.trial is None:
            others.setdefault((row.study, row.name), row)
    if objectives.are_several:
        # The front of all studies: a trial leaves it that one of another study dominates.
        fronts = [row.values for board in boards for row in board if row.is_on_front]
        for index, row in enumerate(trials):
            if row.is_on_front and any(objectives.dominates(one, row.values) for one in fronts):
                trials[index] = replace(row, is_on_front=False)
    if len(boards) > 1:
        trials.sort(key=place)
    return insert_others(trials, others.values())


def format_json(rows: Iterable[LeaderboardRow], *, has_study: bool = False) -> str:
    """Write the rows as a JSON list.

    Args:
        rows: of a leaderboard.
        has_study: whether each names its study.
    """
    return tables.format_json([row.as_dict(has_study=has_study) for row in rows])


def format_csv(rows: Iterable[LeaderboardRow], *, has_study: bool = False) -> str:
    """Write the rows as CSV, a column for each hyperparameter that any trial has.

    Args:
        rows: of a leaderboard.
        has_study: whether there is a column for the name of the study.
    """
    return tables.format_csv([row.as_dict(has_study=has_study) for row in rows])


def format_markdown(rows: Sequence[LeaderboardRow]) -> str:
    """Write the rows as a Markdown table of the measures that decide."""
    columns = choose_columns(rows)
    cells = ([format_cell(row, column) for column in columns] for row in rows)
    return tables.format_markdown({column: column for column in columns}, cells)


def make_frame(rows: Iterable[LeaderboardRow]) -> "pd.DataFrame":
    """Make a frame of the rows: COLUMNS, then a column for each hyperparameter of any trial."""
    import pandas as pd

    flat = [tables.flatten(row.as_dict(has_study=True)) for row in rows]
    columns = dict.fromkeys([*COLUMNS, *(name for row in flat for name in row)])
    return pd.DataFrame(flat, columns=list(columns)).astype(_TYPES)


def choose_columns(rows: Sequence[LeaderboardRow]) -> tuple[str, ...]:
    """Choose the columns of a table for a person: the measures that decide.

    Study, front and fresh seeds are columns where they say something. Accuracy takes the place of
    the F1 over all entries where that repeats another column: with one output the macro F1, with
    one class for each text the accuracy itself.
    """
    scored = [row.entry.metrics for row in rows if row.entry.metrics.get("f1_micro")]
    repeats = ("f1_macro", "accuracy")
    says_nothing = any(
        all(isclose(of["f1_micro"], of.get(name, nan)) for of in scored) for name in repeats
    )
    study = ("study",) if len({row.study for row in rows if row.trial}) > 1 else ()
    front = ("front",) if any(row.is_on_front for row in rows) else ()
    confirmed = ("confirmed",) if any(row.confirmation for row in rows) else ()
    first = "accuracy" if scored and says_nothing else "f1_micro"
    return (*study, "name", "state", "value", *front, *confirmed, first, "f1_macro", "gap",
            "verdict", "epochs", "parameters", "seconds")  # fmt: skip


def format_cell(row: LeaderboardRow, column: str) -> str:
    """Write a cell of such a table; a failed trial has its cause in place of a verdict."""
    match column:
        case "study" | "name" | "state" | "value":
            return tables.format_value(getattr(row, column))
        case "front":
            return "yes" if row.is_on_front else ""
        case "confirmed":
            fresh = row.confirmation
            return "" if fresh is None else f"{fresh.mean:.4f} ± {fresh.spread:.4f}"
        case "verdict":
            said = (row.trial.verdict or row.trial.failure[:_CAUSE_WIDTH]) if row.trial else ""
            return said + (", infeasible" if row.is_feasible is False else "")
        case "seconds":
            return "" if row.seconds is None else tables.format_value(round(row.seconds))
        case _:
            return tables.format_value(row.entry.metrics.get(column))
