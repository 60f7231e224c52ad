"""What reading a file met, as values. Owns no measuring: `gathering.py` fills these in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ToldLabel:
    """A label that a column, neither of texts nor of labels, tells."""

    label: str
    """Name of the label; for a binary task the positive class."""
    column: str
    """The column that explains most of it."""
    share: float
    """Share of the label's entropy that the column explains, corrected for chance; at most 1."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What was met in the file that a corpus was read from."""

    rows: int
    """Rows of the file, the header not counted."""
    fields: int
    """Fields of these rows, of all columns."""
    textless: int
    """Rows dropped for want of a text."""
    labelless: int
    """Rows dropped that have a text and want a label."""
    multiline_fields: int
    """Fields, of any column, that hold a line break."""
    multiline_example: str = ""
    """The first such field; empty where there is none."""
    labels_unstripped: int | None = None
    """Labels there would be if the blanks around separators were kept; None without separator."""
    labels_stripped: int | None = None
    """Labels there are, counted over the same rows; None without separator."""
    told: tuple[ToldLabel, ...] = ()
    """Labels that another column tells, the best told first."""
