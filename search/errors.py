"""The error tree. Owns how a problem that a user can mend is worded; knows no room above.

SearchError
├── DataError       a corpus that cannot be read, or cannot be used as it is
├── SpaceError      a search space file with problems, all of them at once
├── StudyError      a study that cannot be started, resumed or found
├── TrackingError   a record (MLflow) that cannot be reached or written
└── ExportError     a bundle that cannot be written, read or verified

A trial's failure is a value and no exception: it is recorded with its traceback and the study
goes on. ValueError and TypeError stand for a programmer's mistake only.
"""

from collections.abc import Iterator
from contextlib import contextmanager


class SearchError(Exception):
    """A problem that the user can mend: what was expected and found, and what to do about it.

    Message and hint name parameters as Python does, in backticks; the command line prints them as
    its options.
    """

    def __init__(self, message: str, hint: str = "", *, parameter: str | None = None) -> None:
        """Take what was expected and found, what to do about it, and which parameter is wrong."""
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.parameter = parameter

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class DataError(SearchError):
    """A corpus that cannot be read, or cannot be used as it is."""


class SpaceError(SearchError):
    """A search space with problems."""


class StudyError(SearchError):
    """A study that cannot be started, resumed or found."""


class TrackingError(SearchError):
    """A record that cannot be reached or written."""


class ExportError(SearchError):
    """A bundle that cannot be written, read or verified."""


@contextmanager
def naming_parameter(parameter: str) -> Iterator[None]:
    """Let an error name this parameter where it names none.

    For what is read by many callers, such as the file of a space: only the caller knows which of
    its parameters named it.
    """
    try:
        yield
    except SearchError as error:
        error.parameter = error.parameter or parameter
        raise
