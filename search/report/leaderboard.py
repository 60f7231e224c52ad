"""The trials of a study in order. Owns the leaderboard's rows and forms; knows no store."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from ..engines.trials import TrialRecord
from ..study.standing import ranked
from ..training.history import Objective

Row = dict[str, Any]

_MEASURES = ("val_loss", "train_loss", "gap", "f1_micro", "f1_macro", "average_precision")
_COUNTS = ("best_epoch", "epochs", "parameters", "seconds")


def leaderboard(records: Iterable[TrialRecord], objective: Objective) -> list[Row]:
    """List the trials: complete ones first, best first, then pruned, then the others by number.

    Proposals that were refused and never trained are left out. Each row has `number`, `name`,
    `state` (in Optuna's words), `value` (or None), the measures, and `hyperparameters`.
    """
    records = [record for record in records if not record.is_refused]
    order = ranked(records, objective)
    placed = {record.number for record in order}
    return [_row(record) for record in order] + [
        _row(record) for record in records if record.number not in placed
    ]


def _row(record: TrialRecord) -> Row:
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
    shown = ("name", "state", "value", "f1_micro", "f1_macro", "gap", "verdict", "epochs",
             "parameters")  # fmt: skip
    lines = ["| " + " | ".join(shown) + " |", "|" + " --- |" * len(shown)]
    lines += ["| " + " | ".join(cell(row[key]) for key in shown) + " |" for row in rows]
    return "\n".join(lines)


def cell(value: Any) -> str:
    """Write a value for a table: four digits after the point, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.4f}"
    return f"{value:,.0f}" if isinstance(value, int | float) else str(value)
