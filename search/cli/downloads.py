"""Downloads, shown on standard error: a bar where there is a terminal, else a line a file.

Owns nothing but the showing; where nothing is downloaded, nothing is shown.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

# Only annotations need it: at run time it would load much before `--help` is printed.
if TYPE_CHECKING:
    from rich.progress import TaskID

    from ..data.named.files import Progress


@contextmanager
def downloads() -> Iterator[Progress]:
    """Answer what is called with how far a download is."""
    if not sys.stderr.isatty():
        yield _show_lines()
        return
    bars = _Bars()
    try:
        yield bars.show
    finally:
        bars.stop()


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


class _Bars:
    """A bar a file, drawn when the first one begins."""

    def __init__(self) -> None:
        from rich import progress
        from rich.console import Console

        self._progress = progress.Progress(
            progress.TextColumn("{task.description}"),
            progress.BarColumn(bar_width=24),
            progress.DownloadColumn(),
            progress.TimeRemainingColumn(),
            console=Console(stderr=True, highlight=False),
        )
        self._tasks: dict[str, TaskID] = {}

    def show(self, name: str, n_done: int, n_bytes: int | None) -> None:
        if name not in self._tasks:
            self._progress.start()
            self._tasks[name] = self._progress.add_task(f"downloading {name}", total=n_bytes)
        self._progress.update(self._tasks[name], completed=n_done, total=n_bytes)

    def stop(self) -> None:
        if self._tasks:
            self._progress.stop()
