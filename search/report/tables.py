"""Tables as text: Markdown, CSV and JSON. Owns these forms and how a value is written for a person.

Knows no trial, study or comparison; tables on a terminal are printed by the command line.
"""

import csv
import io
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any


def format_value(value: Any) -> str:
    """Write a value for a person: four decimal places, whole numbers by thousands, "" for None."""
    if value is None:
        return ""
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.4f}"
    return f"{value:,.0f}" if isinstance(value, int | float) else str(value)


def format_markdown(
    headings: Mapping[str, str], rows: Iterable[Sequence[str]], *, numbers: Collection[str] = ()
) -> str:
    """Write a Markdown table, without a line break at its end.

    Args:
        headings: of the columns, by their names.
        rows: a text for each column.
        numbers: names of the columns that are aligned to the right.
    """
    rules = ("---:" if column in numbers else "---" for column in headings)
    escaped = ([cell.replace("|", "\\|") for cell in row] for row in rows)
    lines = ([*headings.values()], rules, *escaped)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def format_csv(rows: Sequence[Mapping[str, Any]], columns: Iterable[str] = ()) -> str:
    """Write rows as CSV, a column for each key that any row has; what a row lacks is empty.

    Args:
        rows: a mapping inside a row becomes a column `key.inner` for each of its keys, after all
            others.
        columns: the first columns, which are there whatever the rows have.
    """
    flat = [flatten(row) for row in rows]
    names = list(dict.fromkeys([*columns, *(name for row in flat for name in row)]))
    text = io.StringIO()
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(flat)
    return text.getvalue()


def format_json(document: Any) -> str:
    """Write a document as JSON, letters outside of ASCII as they are."""
    return json.dumps(document, ensure_ascii=False, indent=1)


def flatten(row: Mapping[str, Any]) -> dict[str, Any]:
    """Replace each mapping inside a row by its entries, named `key.inner`, and move them last."""
    flat = {key: value for key, value in row.items() if not isinstance(value, Mapping)}
    for key, value in row.items():
        if isinstance(value, Mapping):
            flat |= {f"{key}.{inner}": entry for inner, entry in value.items()}
    return flat
