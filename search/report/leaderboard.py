"""The trials of a study in order. Owns the leaderboard's rows and forms; knows no store."""

import csv
import io
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from ..engines.trials import TrialRecord, TrialState
from ..study.confirmation import Confirmation
from ..study.objectives import Objectives
from ..study.standing import front_of, ranked
from ..training.history import Objective
from .baseline import BaselineRecord

Row = dict[str, Any]

_MEASURES = ("val_loss", "train_loss", "gap", "accuracy", "f1_micro", "f1_macro",
             "f1_macro_at_half", "average_precision_macro")  # fmt: skip
_CAUSE_WIDTH = 24
_COUNTS = ("best_epoch", "epochs", "parameters", "seconds")


def leaderboard(
    records: Iterable[TrialRecord],
    objectives: Objectives,
    *,
    baselines: Iterable[BaselineRecord] = (),
    confirmations: Mapping[int, Confirmation] = MappingProxyType({}),
    winner: int | None = None,
) -> list[Row]:
    """List trials and baselines: the winner, the other trials, and the baselines last.

    Complete trials come best first, then pruned ones, then those beyond a limit of the study, then
    the others by number; proposals that were never trained are left out. With several objectives
    the front comes before the other trials. Each row has `number` (None for a baseline), `name`,
    `state` (in Optuna's words, or BASELINE), `value` (or None), `front` (whether it is on it; None
    with one objective), the measures, and `hyperparameters`.

    Args:
        records: the trials.
        objectives: by the first of which they are ordered.
        baselines: in the order in which they are listed.
        confirmations: whole ones, by the trial's number.
        winner: number of the trial to list first, where fresh seeds picked another than the best.
    """
    trained = [record for record in records if not (record.is_refused or record.is_reused)]
    order = ranked(trained, objectives.first)
    placed = {record.number for record in order}
    order += [record for record in trained if record.number not in placed]
    front = None
    if objectives.are_several:
        front = {record.number for record in front_of(trained, objectives)}
        order.sort(key=lambda record: record.number not in front)
    order.sort(key=lambda record: record.number != winner)
    rows = [_row(record, confirmations.get(record.number), front) for record in order]
    return rows + [_baseline_row(baseline, objectives.first) for baseline in baselines]


def combine(
    boards: Mapping[str, Sequence[Row]],
    fronts: Mapping[str, Sequence[TrialRecord]],
    objectives: Objectives,
    *,
    n_shown: int | None = None,
) -> list[Row]:
    """Put the leaderboards of studies into one, a column `study` first, the baselines once.

    Trials are ordered by value among those that can win, whatever study they are of: a winner that
    fresh seeds picked comes first among its study's alone. With several objectives the front is
    that of all trials together. Ties go by the order of the studies.

    Args:
        boards: what `leaderboard` gave, by the study's name; the values must compare.
        fronts: the trials that none of the same study dominates; empty with one objective.
        objectives: of all the studies.
        n_shown: trials of each study that are taken, its first; None for all.
    """
    trials, baselines = list[Row](), dict[str, Row]()
    for study, rows in boards.items():
        own = [{"study": study, **row} for row in rows if row["number"] is not None]
        trials += own[:n_shown]
        for row in rows:
            if row["number"] is None:
                baselines.setdefault(row["name"], {"study": None, **row})
    if objectives.are_several:
        values = {(s, r.number): r.values for s, front in fronts.items() for r in front}
        for row in trials:
            mine = values.get((row["study"], row["number"]))
            row["front"] = mine is not None and not any(
                objectives.dominates(other, mine) for other in values.values()
            )
    if len(boards) > 1:
        trials.sort(key=lambda row: _place(row, objectives.first))
    return trials + list(baselines.values())


def _place(row: Row, objective: Objective) -> tuple[bool, bool, bool, bool, float]:
    """Give where a row stands among those of all studies, lower ones first."""
    value = 0.0 if row["value"] is None else row["value"]
    counts = row["value"] is not None and TrialState(row["state"]).counts
    is_pruned = row["state"] == TrialState.PRUNED
    ahead = value if objective.is_minimized else -value
    return not row["front"], not counts, not row["feasible"], is_pruned, ahead * counts


def _row(
    record: TrialRecord, confirmation: Confirmation | None, front: Collection[int] | None
) -> Row:
    facts = record.facts
    measures = facts.get("metrics", {})
    seconds = None
    if record.started is not None and record.ended is not None:
        seconds = (record.ended - record.started).total_seconds()
    return {
        "number": record.number,
        "name": facts.get("name", f"#{record.number}"),
        "state": record.state.value,
        "value": record.value,
        "front": None if front is None else record.number in front,
        "confirmed_mean": None if confirmation is None else confirmation.mean,
        "confirmed_spread": None if confirmation is None else confirmation.spread,
        "feasible": record.is_feasible,
        **{key: measures.get(key) for key in (*_MEASURES, *_COUNTS)},
        "seconds": measures.get("seconds", seconds),
        "verdict": facts.get("verdict"),
        "onset": facts.get("onset"),
        "stopped": facts.get("stopped"),
        "failure": facts.get("failure"),
        "start": facts.get("start") or None,
        "run_id": facts.get("run_id"),
        "hyperparameters": dict(record.hyperparameters),
    }


def _baseline_row(baseline: BaselineRecord, objective: Objective) -> Row:
    told = ("front", "confirmed_mean", "confirmed_spread", "feasible", "verdict", "onset",
            "stopped", "failure", "start")  # fmt: skip
    return {
        "number": None,
        "name": baseline.name,
        "state": "BASELINE",
        "value": baseline.metrics[objective.metric],
        **{key: baseline.metrics.get(key) for key in (*_MEASURES, *_COUNTS)},
        **dict.fromkeys(told),
        "run_id": baseline.run_id,
        "hyperparameters": {},
    }


def as_json(rows: Sequence[Row]) -> str:
    """Write the rows as a JSON list."""
    return json.dumps(rows, ensure_ascii=False, indent=1)


def as_csv(rows: Sequence[Row]) -> str:
    """Write the rows as CSV, a column for each hyperparameter that any trial has."""
    flat = [
        {key: value for key, value in row.items() if key != "hyperparameters"}
        | {f"hyperparameters.{key}": value for key, value in row["hyperparameters"].items()}
        for row in rows
    ]
    names = list(dict.fromkeys(name for row in flat for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(flat)
    return text.getvalue()


def as_markdown(rows: Sequence[Row]) -> str:
    """Write the rows as a Markdown table of the measures that decide."""
    shown = shown_columns(rows)
    lines = ["| " + " | ".join(shown) + " |", "|" + " --- |" * len(shown)]
    lines += ["| " + " | ".join(shown_cell(row, key) for key in shown) + " |" for row in rows]
    return "\n".join(lines)


def shown_columns(rows: Sequence[Row]) -> tuple[str, ...]:
    """List the columns of a table for a person: what decides, and fresh seeds where there are.

    With one label, accuracy stands for the F1 over all cells, which is its F1 once more.
    """
    f1s = [(row.get("f1_micro"), row.get("f1_macro")) for row in rows if row.get("f1_micro")]
    is_binary = bool(f1s) and all(micro == macro for micro, macro in f1s)
    first = "accuracy" if is_binary else "f1_micro"
    is_confirmed = any(row["confirmed_mean"] is not None for row in rows)
    confirmed = ("confirmed",) if is_confirmed else ()
    front = ("front",) if any(row["front"] for row in rows) else ()
    several = len({row.get("study") for row in rows if row["number"] is not None}) > 1
    study = ("study",) if several else ()
    return (*study, "name", "state", "value", *front, *confirmed, first, "f1_macro", "gap",
            "verdict", "epochs", "parameters", "seconds")  # fmt: skip


def shown_cell(row: Row, column: str) -> str:
    """Write a cell of such a table; a failed trial has its cause for a verdict."""
    if column == "confirmed":
        mean, spread = row["confirmed_mean"], row["confirmed_spread"]
        return "" if mean is None else f"{mean:.4f} ± {spread:.4f}"
    if column == "front":
        return "yes" if row["front"] else ""
    if column == "verdict":
        cause = (row["failure"] or "")[:_CAUSE_WIDTH]
        return (row["verdict"] or cause) + (", infeasible" if row["feasible"] is False else "")
    if column == "seconds" and row["seconds"] is not None:
        return cell(round(row["seconds"]))
    return cell(row[column])


def cell(value: Any) -> str:
    """Write a value for a table: four digits after the point, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.4f}"
    return f"{value:,.0f}" if isinstance(value, int | float) else str(value)
