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
        yield _Lines().show
        return
    bars = _Bars()
    try:
        yield bars.show
    finally:
        bars.stop()


class _Lines:
    """A line a file, when it begins."""

    def __init__(self) -> None:
        self._begun: set[str] = set()

    def show(self, name: str, n_done: int, n_bytes: int | None) -> None:
        if name in self._begun:
            return
        self._begun.add(name)
        size = "" if n_bytes is None else f", {_word_bytes(n_bytes)}"
        click.echo(f"downloading {name}{size}", err=True)


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

    def show(self, name: str, n_done: int, n_bytes: int | None) -> None:
        if name not in self._tasks:
            self._progress.start()
            self._tasks[name] = self._progress.add_task(f"downloading {name}", total=n_bytes)
        self._progress.update(self._tasks[name], completed=n_done, total=n_bytes)

    def stop(self) -> None:
        if self._tasks:
            self._progress.stop()


def _word_bytes(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:.1f} MB" if n_bytes >= 1e6 else f"{n_bytes / 1e3:.1f} kB"
