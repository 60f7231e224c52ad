"""What a file held beside the texts, as values. `read/gathering.py` measures it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExplainedLabel:
    """A label that follows from a column, neither of texts nor of labels."""

    label: str
    """Name of the label; for a binary task the positive class."""
    column: str
    """The column that explains most of it."""
    share: float
    """Share of the label's entropy that the column explains, corrected for chance; at most 1."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What was found in the file that a corpus was read from."""

    rows: int
    """Rows of the file, the header not counted."""
    fields: int
    """Fields of these rows, of all columns."""
    textless: int
    """Rows dropped because they have no text."""
    labelless: int
    """Rows dropped that have a text and no label."""
    multiline_fields: int
    """Fields, of any column, that hold a line break."""
    multiline_example: str = ""
    """The first such field; empty where there is none."""
    labels_unstripped: int | None = None
    """Labels there would be if the blanks around separators were kept; None without separator."""
    labels_stripped: int | None = None
    """Labels there are, counted over the same rows; None without separator."""
    explained: tuple[ExplainedLabel, ...] = ()
    """Labels that another column explains, the best explained first."""
