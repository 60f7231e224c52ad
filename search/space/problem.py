"""Problems of a value: each has a key path and a sentence.

Owns the collecting of problems, so that a user sees all problems of a file at once, and the search
for the name that the user meant. Knows no space and no file.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from ..errors import SpaceError


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a value."""

    path: str
    """Key path inside the value, such as `hyperparameters.units_1.low`; "" for the value itself."""
    text: str
    """What was expected and what the value is: "must be at most high (64), got 128"."""

    def add_prefix(self, path: str) -> "Problem":
        """Return the same problem for a value that holds this one at `path`."""
        # An index such as [2] is joined without a dot.
        dot = "." if path and self.path and not self.path.startswith("[") else ""
        return Problem(f"{path}{dot}{self.path}", self.text)

    def move(self, places: Mapping[str, str]) -> "Problem":
        """Return the same problem at another path.

        If the path begins with a key of `places`, that part is replaced by the key's value. If
        several keys fit, the longest one is used.
        """
        for place in sorted(places, key=len, reverse=True):
            rest = self.path.removeprefix(place)
            if self.path.startswith(place) and rest[:1] in ("", ".", "["):
                return Problem(f"{places[place]}{rest}", self.text)
        return self

    def __str__(self) -> str:
        """Write it on one line; line ends and control characters are shown as escapes."""
        line = f"{self.path}: {self.text}" if self.path else self.text
        return "".join(c if c.isprintable() else repr(c)[1:-1] for c in line)


class ProblemsError(SpaceError, ValueError):
    """A value that cannot be made, with everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems, of which there is at least one."""
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class ProblemCollector:
    """The problems found so far."""

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        """Start with these problems."""
        self.problems = list(problems)

    def add(self, path: str, text: str) -> None:
        """Add one problem; an empty text means that there is none."""
        if text:
            self.problems.append(Problem(path, text))

    def extend(self, path: str, problems: Iterable[Problem]) -> None:
        """Add the problems of the value at `path`."""
        self.problems += [problem.add_prefix(path) for problem in problems]

    @contextmanager
    def at(self, path: str) -> Iterator[None]:
        """Catch a `ProblemsError` of the block and add its problems to the value at `path`."""
        try:
            yield
        except ProblemsError as error:
            self.extend(path, error.problems)

    def raise_if_any(self) -> None:
        """Raise an error if there are any problems.

        Raises:
            ProblemsError: with all of them.
        """
        if self.problems:
            raise ProblemsError(self.problems)


def find_unknown_keys(given: Iterable[str], known: Iterable[str]) -> list[Problem]:
    """List the keys of a mapping that are not known."""
    known = tuple(known)
    return [
        Problem(key, f"is not a key here; {suggest_names(key, known)}")
        for key in given
        if key not in known
    ]


def suggest_names(name: str, known: Iterable[str]) -> str:
    """List the known names that are similar; all of them, sorted, if none is."""
    known = sorted(known)
    if close := difflib.get_close_matches(name, known, n=3, cutoff=0.5):
        return f"nearest: {', '.join(close)}"
    return f"known: {', '.join(known) or 'none'}"
