"""The result of an audit: findings, each with its limit.

Owns the table of limits and its reasons; measures nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import islice

EXAMPLES = 3
"""A finding shows this many examples at most."""

_EXAMPLE_LENGTH = 100

LEAK = "own_label_named"
"""The kind of finding that makes a corpus leak."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What a kind of finding counts, and how much of it a strict search accepts."""

    unit: str
    """What is counted: "texts", "labels", "rows" or "fields"."""
    share: float | None
    """Shares above this are beyond the limit, in [0, 1]; None for what only informs."""
    reason: str
    """Why the limit is where it is, or why there is none."""


LIMITS: Mapping[str, Limit] = {
    LEAK: Limit("texts", 0.1, "a low loss from reading the answer shows no skill"),
    "exact_repeats": Limit("texts", 0.1, "above it, repeated texts weigh too much in averages"),
    "near_repeats": Limit("texts", 0.2, "above it, there are far fewer different texts than rows"),
    "conflicting_repeats": Limit("texts", 0.01, "above it, labels limit the loss, not the network"),
    "repeats_across_split": Limit(
        "texts", 0.01, "below it, chance moves a score more than they do"
    ),
    "constant_labels": Limit(
        "labels", 0.0, "a label that never varies adds a loss of zero to every average: drop it"
    ),
    "rare_labels": Limit("labels", None, "they are hard to learn and measure, but no error"),
    "labels_together": Limit("labels", None, "they count twice in averages, but no error"),
    "labels_alike": Limit(
        "labels", None, "they may be one label: `merge_label_case` makes one of them"
    ),
    "labels_apart": Limit("labels", None, "the label set joins several tasks, which can be meant"),
    "labels_explained": Limit(
        "labels", None, "no network sees the column, but the label is not about the text"
    ),
    "short_texts": Limit("texts", 0.05, "so few words hardly ever tell which labels a text has"),
    "markup": Limit("texts", None, "it adds words without meaning, and falsifies no number"),
    "control_characters": Limit("texts", None, "they separate words, and falsify no number"),
    "rows_without_text": Limit("rows", 0.25, "above it, what is left may not represent the file"),
    "rows_without_label": Limit("rows", 0.25, "above it, what is left may not represent the file"),
    "multiline_fields": Limit("fields", None, "they are read as they stand"),
    "blanks_at_separators": Limit("labels", None, "they are stripped"),
}
"""By kind of finding, in the order of an audit."""


@dataclass(frozen=True, slots=True)
class LabelPart:
    """What a finding says of one label."""

    label: str
    count: int
    """Rows of the label that the finding concerns, 0 or more."""
    share: float
    """What share that is of the label's rows, or what the finding's sentence calls a share."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of problem, and how often it was found."""

    kind: str
    """A key of LIMITS."""
    count: int
    """How many were found, out of `total`."""
    total: int
    sentence: str
    """One sentence in plain words."""
    examples: tuple[str, ...] = ()
    """At most EXAMPLES, cut to about 100 characters."""
    by_label: tuple[LabelPart, ...] = ()
    """The labels that it concerns, the worst first."""

    def __post_init__(self) -> None:
        """Check the kind.

        Raises:
            ValueError: the kind is not in LIMITS.
        """
        if self.kind not in LIMITS:
            raise ValueError(f"kind must be one of {', '.join(LIMITS)}, got {self.kind!r}")

    @property
    def share(self) -> float:
        """`count` as a share of `total`, in [0, 1]; 0 of nothing."""
        return self.count / self.total if self.total else 0.0

    @property
    def unit(self) -> str:
        """What is counted: "texts", "labels", "rows" or "fields"."""
        return LIMITS[self.kind].unit

    @property
    def limit(self) -> float | None:
        """The share that a strict search accepts; None for what only informs."""
        return LIMITS[self.kind].share

    @property
    def is_beyond_limit(self) -> bool:
        """Whether the share is above the limit; equal to it is not."""
        return self.limit is not None and self.share > self.limit


@dataclass(frozen=True, slots=True)
class Audit:
    """All findings of a corpus; texts and labels are their numbers."""

    name: str
    sha256: str
    texts: int
    labels: int
    forced_loss: float
    """Cross-entropy in nats an entry that conflicting labels of equal texts force on any model."""
    findings: tuple[Finding, ...]
    """One of each kind that applies, in the order of LIMITS, also with count 0."""

    @property
    def found(self) -> tuple[Finding, ...]:
        """The findings with a count above 0."""
        return tuple(finding for finding in self.findings if finding.count)

    @property
    def beyond_limits(self) -> tuple[Finding, ...]:
        """The findings for which a strict search refuses the corpus."""
        return tuple(finding for finding in self.findings if finding.is_beyond_limit)

    @property
    def leaks(self) -> bool:
        """Whether so many texts name their own label that a low loss shows no skill."""
        return any(finding.kind == LEAK for finding in self.beyond_limits)

    def to_dict(self) -> dict[str, object]:
        """Answer the audit as JSON has it, with shares, limits and what follows from them."""
        return {
            **asdict(self),
            "leaks": self.leaks,
            "beyond_limits": [finding.kind for finding in self.beyond_limits],
            "findings": [
                {
                    **asdict(finding),
                    "unit": finding.unit,
                    "share": finding.share,
                    "limit": finding.limit,
                    "reason": LIMITS[finding.kind].reason,
                    "is_beyond_limit": finding.is_beyond_limit,
                }
                for finding in self.findings
            ],
        }


def cut(text: str) -> str:
    """Bring a text to one line of at most 100 characters."""
    line = " ".join(text[: 4 * _EXAMPLE_LENGTH].split())
    if len(line) <= _EXAMPLE_LENGTH:
        return line
    return line[: _EXAMPLE_LENGTH - 1].rstrip() + "…"


def counted(count: int, one: str, many: str) -> str:
    """Word a count: `one` is what is said of one, `many` of any other number."""
    return f"{count:,} {one if count == 1 else many}"


def few(texts: Iterable[str]) -> tuple[str, ...]:
    """Cut the first EXAMPLES of the texts."""
    return tuple(cut(text) for text in islice(texts, EXAMPLES))
