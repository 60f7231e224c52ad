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


class SearchError(Exception):
    """A problem that the user can mend: what was expected and found, and what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        """Take what was expected and found, and what to do about it."""
        super().__init__(message)
        self.message = message
        self.hint = hint

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
