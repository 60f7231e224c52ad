"""The options that say how a file is read. Owns how their values are written on a command line.

Each has the name of a parameter of `search.open_corpus`.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from .combination import combine, switch

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _read_sign(_context: click.Context, _option: click.Parameter, text: str | None) -> str | None:
    """Let a tab be written as \\t."""
    return text if text is None else text.replace("\\t", "\t")


def _split_names(
    _context: click.Context, _option: click.Parameter, text: str | None
) -> tuple[str, ...] | None:
    names = tuple(name.strip() for name in (text or "").split(",") if name.strip())
    return names or None


def _read_header(_context: click.Context, _option: click.Parameter, text: str) -> bool | None:
    return {"yes": True, "no": False}.get(text)


def _read_share(_context: click.Context, _option: click.Parameter, text: str) -> float:
    """Read yes, no, or a share.

    Raises:
        click.BadParameter: it is something else.
    """
    if text in ("yes", "no"):
        return text == "yes"
    try:
        return float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError as error:
        raise click.BadParameter(
            f"expected yes, no or a share such as 0.05, got {text!r}"
        ) from error


def _read_task(_context: click.Context, _option: click.Parameter, text: str) -> str | None:
    return None if text == "auto" else text


reading_options = combine(
    click.option("--text-column", metavar="NAME", help="Column of texts (default: detected)."),
    click.option("--label-column", metavar="NAME", help="Column of labels (default: detected)."),
    click.option(
        "--label-columns",
        metavar="NAMES",
        callback=_split_names,
        help="Columns that each say 0 or 1 for one label, separated by commas; * stands for any "
        "characters (default: detected).",
    ),
    click.option(
        "--label-separator",
        metavar="SIGN",
        callback=_read_sign,
        help='What separates the labels of a cell, such as "," or "|" (default: detected).',
    ),
    click.option(
        "--task",
        type=click.Choice(["auto", "binary", "multiclass", "multilabel"]),
        default="auto",
        callback=_read_task,
        help="What is predicted: one of two classes, one of several, or any number of labels.",
    ),
    click.option(
        "--empty-labels",
        type=click.Choice(["drop", "keep"]),
        default="drop",
        help="What becomes of texts without a label.",
    ),
    switch("--merge-label-case", "Take labels that differ only in case for one label."),
    click.option(
        "--delimiter",
        metavar="SIGN",
        callback=_read_sign,
        help="What separates the fields of a line, such as ' ::: ' (default: detected).",
    ),
    click.option(
        "--quote",
        type=click.Choice(['"', "'", "none"]),
        help="What encloses a field that holds the delimiter (default: detected).",
    ),
    click.option(
        "--header",
        type=click.Choice(["auto", "yes", "no"]),
        default="auto",
        callback=_read_header,
        help="Whether the first line names the columns.",
    ),
    click.option("--encoding", metavar="NAME", help="Encoding of the file (default: detected)."),
    click.option(
        "--skip-bad-rows",
        metavar="yes|no|SHARE",
        default="no",
        callback=_read_share,
        help="Leave out rows that cannot be read: yes for at most 1 %, or another share.",
    ),
)
