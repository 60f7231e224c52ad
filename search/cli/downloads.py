"""Downloads, shown on standard error: a bar where there is a terminal, else a line a file.

Owns nothing but the showing; where nothing is downloaded, nothing is shown.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

import click

# Only annotations need it: at run time it would load much before `--help` is printed.
if TYPE_CHECKING:
    from ..data.named.files import Progress


def downloads() -> AbstractContextManager[Progress]:
    """Answer what is called with how far a download is."""
    return _show_bars() if sys.stderr.isatty() else nullcontext(_show_lines())


def _show_lines() -> Progress:
    """Answer what prints a line a file, when it begins."""
    from rich.filesize import decimal

    begun: set[str] = set()

    def show(name: str, _n_done: int, n_bytes: int | None) -> None:
        if name not in begun:
            begun.add(name)
            size = "" if n_bytes is None else f", {decimal(n_bytes)}"
            click.echo(f"downloading {name}{size}", err=True)

    return show


@contextmanager
def _show_bars() -> Iterator[Progress]:
    """Answer what draws a bar a file, from when the first one begins."""
    from rich import progress as bars
    from rich.console import Console

    progress = bars.Progress(
        bars.TextColumn("{task.description}"),
        bars.BarColumn(bar_width=24),
        bars.DownloadColumn(),
        bars.TimeRemainingColumn(),
        console=Console(stderr=True, highlight=False),
    )
    tasks: dict[str, bars.TaskID] = {}

    def show(name: str, n_done: int, n_bytes: int | None) -> None:
        if name not in tasks:
            progress.start()
            tasks[name] = progress.add_task(f"downloading {name}", total=n_bytes)
        progress.update(tasks[name], completed=n_done, total=n_bytes)

    try:
        yield show
    finally:
        if tasks:
            progress.stop()
