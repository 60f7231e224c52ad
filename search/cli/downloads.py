"""Files that are fetched, shown on standard error: a bar where there is a terminal, else lines.

Owns nothing but the showing; where no file is fetched, nothing is shown.
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

    from ..data.download.fetch import Progress


@contextmanager
def downloads() -> Iterator[Progress]:
    """Answer what to tell of files that are fetched."""
    if not sys.stderr.isatty():
        yield _Lines().tell
        return
    bars = _Bars()
    try:
        yield bars.tell
    finally:
        bars.stop()


class _Lines:
    """A line a file, when it begins."""

    def __init__(self) -> None:
        self._begun: set[str] = set()

    def tell(self, name: str, n_done: int, n_bytes: int | None) -> None:
        if name in self._begun:
            return
        self._begun.add(name)
        size = "" if n_bytes is None else f", {_word_bytes(n_bytes)}"
        there = f", of which {_word_bytes(n_done)} are here already" if n_done else ""
        click.echo(f"fetching {name}{size}{there}", err=True)


class _Bars:
    """A bar a file, drawn when the first one begins."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True, highlight=False),
        )
        self._tasks: dict[str, TaskID] = {}

    def tell(self, name: str, n_done: int, n_bytes: int | None) -> None:
        if name not in self._tasks:
            self._progress.start()
            self._tasks[name] = self._progress.add_task(f"fetching {name}", total=n_bytes)
        self._progress.update(self._tasks[name], completed=n_done, total=n_bytes)

    def stop(self) -> None:
        if self._tasks:
            self._progress.stop()


def _word_bytes(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:.1f} MB" if n_bytes >= 1e6 else f"{n_bytes / 1e3:.1f} kB"
