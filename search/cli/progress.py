"""A running study on the terminal: a bar where there is one, plain lines elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import click

from ..study.events import (
    EpochEnded,
    Event,
    TrialEnded,
    TrialRefused,
    TrialReused,
    TrialStarted,
)


class Listener(Protocol):
    """Shows what happens, on standard error."""

    def listen(self, event: Event) -> None:
        """Show an event."""

    def say(self, sentence: str) -> None:
        """Show a sentence."""


class PlainLines:
    """A line for every epoch and trial, for logs and pipes."""

    def listen(self, event: Event) -> None:
        """Print an event as a line."""
        line = _line(event)
        if isinstance(event, EpochEnded):
            line = "  " + _epoch_text(event)
        self.say(line)

    def say(self, sentence: str) -> None:
        """Print a sentence."""
        click.echo(sentence, err=True)


class Bar:
    """A bar over the trials with epoch, loss and best so far; finished trials stand above it."""

    def __init__(self, n_trials: int, n_epochs: int) -> None:
        """Draw the empty bar."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._n_epochs = n_epochs
        self._progress = Progress(
            TextColumn("{task.completed:.0f}/{task.total:.0f} trials"),
            BarColumn(bar_width=24),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=Console(stderr=True, highlight=False),
        )
        self._task = self._progress.add_task("starting", total=n_trials)
        self._name = ""

    def __enter__(self) -> "Bar":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def listen(self, event: Event) -> None:
        """Move the bar."""
        if isinstance(event, TrialStarted):
            self._name = event.name
            self._progress.update(self._task, completed=event.n_done, description=event.name)
        elif isinstance(event, EpochEnded):
            text = f"{self._name} {_epoch_text(event)} (of {self._n_epochs})"
            self._progress.update(self._task, description=text)
        else:
            if isinstance(event, TrialEnded) and event.state.counts:
                self._progress.advance(self._task)
            self.say(_line(event))

    def say(self, sentence: str) -> None:
        """Print a sentence above the bar."""
        self._progress.console.print(sentence, markup=False)


@contextmanager
def listener(n_trials: int, n_epochs: int) -> Iterator[Listener]:
    """Choose the way to show a study: a bar on a terminal, plain lines elsewhere."""
    if sys.stderr.isatty():
        with Bar(n_trials, n_epochs) as bar:
            yield bar
    else:
        yield PlainLines()


def _epoch_text(event: EpochEnded) -> str:
    report = event.report
    best = "" if event.best_value is None else f" best {event.best_value:.4f}"
    return (
        f"epoch {report.epoch} train {report.train_loss:.4f} val {report.val_loss:.4f} "
        f"F1 {report.f1_micro:.3f}/{report.f1_macro:.3f}{best} {report.seconds:.1f} s"
    )


def _line(event: Event) -> str:
    match event:
        case TrialStarted():
            return f"{event.name} begins, {event.n_parameters:,} parameters"
        case TrialEnded():
            value = "" if event.value is None else f" {event.value:.4f}"
            best = ", the best so far" if event.is_best else ""
            return (
                f"{event.name} {event.state.value}{value} after {event.seconds:.0f} s "
                f"({event.reason}){best}"
            )
        case TrialRefused():
            return f"{event.name} refused: {event.n_parameters:,} parameters"
        case TrialReused():
            value = "" if event.value is None else f" {event.value:.4f}"
            return f"{event.name} is known from {event.original or 'before'}{value}, not trained"
        case _:
            return _epoch_text(event)
