"""How the room says what is wrong: a key path and a sentence, as many as there are.

Owns the collecting of problems, so that a reader of a file sees all of them at once, and the
search for the name that was meant. Knows no space and no file.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a value."""

    path: str
    """Key path inside the value, as in `hyperparameters.units_1.low`; "" for the whole value."""
    text: str
    """What was expected and what was found: "must be at most high (64), got 128"."""

    def under(self, path: str) -> "Problem":
        """Make the same problem of a value that holds this one at `path`."""
        # An index such as [2] is joined without a dot.
        dot = "." if path and self.path and not self.path.startswith("[") else ""
        return Problem(f"{path}{dot}{self.path}", self.text)

    def moved(self, places: Mapping[str, str]) -> "Problem":
        """Make the same problem of another place: a path that begins with a key has its value.

        Where several keys fit, the longest counts.
        """
        for place in sorted(places, key=len, reverse=True):
            rest = self.path.removeprefix(place)
            if self.path.startswith(place) and rest[:1] in ("", ".", "["):
                return Problem(f"{places[place]}{rest}", self.text)
        return self

    def __str__(self) -> str:
        """Write it on one line: what a file holds of line ends and escapes is made visible."""
        told = f"{self.path}: {self.text}" if self.path else self.text
        return "".join(c if c.isprintable() else repr(c)[1:-1] for c in told)


class Refused(ValueError):
    """A value that was refused when it was made, with everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems, at least one."""
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Findings:
    """Problems collected so far."""

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        """Begin with some."""
        self.problems = list(problems)

    def add(self, path: str, text: str) -> None:
        """Record one problem; an empty text is none."""
        if text:
            self.problems.append(Problem(path, text))

    def extend(self, path: str, problems: Iterable[Problem]) -> None:
        """Record problems of what lies at `path`."""
        self.problems += [problem.under(path) for problem in problems]

    def told_at(self, places: Mapping[str, str]) -> "Findings":
        """Make the same findings at other places, as `Problem.moved` does; each is told once."""
        return Findings(dict.fromkeys(problem.moved(places) for problem in self.problems))

    @contextmanager
    def at(self, path: str) -> Iterator[None]:
        """Collect what is refused inside the block, as problems of what lies at `path`."""
        try:
            yield
        except Refused as refused:
            self.extend(path, refused.problems)

    def refuse_if_any(self) -> None:
        """End the making of a value here if anything was found.

        Raises:
            Refused: with all problems collected.
        """
        if self.problems:
            raise Refused(self.problems)


def unknown_keys(given: Iterable[str], known: Iterable[str]) -> list[Problem]:
    """Say which keys of a mapping are none that it may have."""
    known = tuple(known)
    return [
        Problem(key, f"is no key here; {nearest(key, known)}") for key in given if key not in known
    ]


def nearest(name: str, known: Iterable[str]) -> str:
    """Say which of the known names may be meant; all of them, sorted, where none is similar."""
    known = sorted(known)
    if close := difflib.get_close_matches(name, known, n=3, cutoff=0.5):
        return f"nearest: {', '.join(close)}"
    return f"known: {', '.join(known) or 'none'}"
