"""Trainings shown on the terminal: a bar where there is one, plain lines elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from ..training.quiet import load_keras
from ..trial.events import EpochEnded, Event, TrialEnded, TrialStarted
from .ui import say


class Lines:
    """A line for every epoch and trial, for logs and pipes."""

    def listen(self, event: Event) -> None:
        """Show an event."""
        indent = "  " if isinstance(event, EpochEnded) else ""
        self.say(indent + str(event))

    def say(self, sentence: str) -> None:
        """Show a sentence."""
        say(sentence)


class Bar(Lines):
    """A bar over the trials with epoch, loss and best so far; finished trials stand above it."""

    def __init__(self, n_trials: int, n_epochs: int) -> None:
        """Make the empty bar; it is drawn where `progress` is entered."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._n_epochs = n_epochs
        self.progress = Progress(
            TextColumn("{task.completed:.0f}/{task.total:.0f} trials"),
            BarColumn(bar_width=24),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=Console(stderr=True, highlight=False),
        )
        self._task = self.progress.add_task("starting", total=n_trials)
        self._name = ""

    def listen(self, event: Event) -> None:
        """Move the bar."""
        if isinstance(event, TrialStarted):
            self._name = event.name
            self.progress.update(self._task, completed=event.n_done, description=event.name)
        elif isinstance(event, EpochEnded):
            text = f"{self._name} {event!s} (of {self._n_epochs})"
            self.progress.update(self._task, description=text)
        else:
            if isinstance(event, TrialEnded) and event.state.counts:
                self.progress.advance(self._task)
            super().listen(event)

    def say(self, sentence: str) -> None:
        """Show a sentence above the bar."""
        self.progress.console.print(sentence, markup=False)


@contextmanager
def show_trainings(n_trials: int, n_epochs: int, *, outcome: str) -> Iterator[dict[str, Any]]:
    """Give the callbacks of the Python interface that show trainings on standard error.

    The first SIGINT or SIGTERM stops between two batches; the program then ends with 130.

    Args:
        n_trials: trainings that are expected.
        n_epochs: most epochs of one.
        outcome: what is said of an interrupted training.
    """
    # Loading TensorFlow takes seconds; until it is loaded an interrupt ends the program at once.
    load_keras()
    bar = Bar(n_trials, n_epochs) if sys.stderr.isatty() else None
    shown = bar or Lines()
    try:
        with bar.progress if bar else nullcontext():
            yield {"on_message": shown.say, "on_event": shown.listen}
    except KeyboardInterrupt:
        say(f"interrupted; {outcome}")
        raise SystemExit(130) from None
