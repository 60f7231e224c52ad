"""The files of this room, YAML or JSON: their text, what they say, their problems as one error.

Owns the reading from disk and the wording of problems with the file's path. Knows no schema: what
a file must say is held against it by whoever reads it as something.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ..errors import SpaceError
from .document import read_document
from .problem import Findings, Problem, Refused

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class File:
    """What was found at a path, before anything is made of it."""

    path: str | Path
    """As it was given; each problem begins with it."""
    content: Any
    """Plain values, as `read_document` makes them; None where it is no YAML."""
    problems: tuple[Problem, ...] = ()
    """Keys that stand twice, or why it is no YAML."""
    is_yaml: bool = True
    """Whether there is a content at all."""

    def read_as(self, make: Callable[[Any], Made], hint: str) -> Made:
        """Make a value of the content.

        Args:
            make: the value of a content; may raise Refused.
            hint: what to do about problems.

        Raises:
            SpaceError: with the problems of the file and of the value, a line each, with path and
                key path.
        """
        found = Findings(self.problems)
        if self.is_yaml:
            with found.at(""):
                made = make(self.content)
                if not found.problems:
                    return made
        raise SpaceError("\n".join(f"{self.path}: {problem}" for problem in found.problems), hint)


def read_file(path: str | Path) -> File:
    """Read a file; that it is no YAML is kept as its problem.

    Raises:
        SpaceError: missing, a folder, not readable or not UTF-8.
    """
    return parse_file(read_text(path), path)


def parse_file(text: str, path: str | Path) -> File:
    """Read the text that was found at `path`; that it is no YAML is kept as its problem."""
    try:
        content, repeated = read_document(text)
    except Refused as refused:
        return File(path, None, refused.problems, is_yaml=False)
    return File(path, content, tuple(repeated))


def read_text(path: str | Path) -> str:
    """Read the text of a file, comments and all.

    Raises:
        SpaceError: missing, a folder, not readable or not UTF-8.
    """
    hint = "Give the path of a .yaml file, or the name that `genre-search spaces` lists."
    try:
        return Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = f"{path}: must be UTF-8, got byte {error.object[error.start]:#04x} at {error.start}"
        raise SpaceError(text, "Save the file as UTF-8.") from error
    except IsADirectoryError as error:
        raise SpaceError(f"{path}: must be a file, got a folder", hint) from error
    except FileNotFoundError as error:
        raise SpaceError(f"{path}: must be a file, found nothing there", hint) from error
    except (OSError, ValueError) as error:
        raise SpaceError(f"{path}: cannot be read: {error}", hint) from error


def is_path(source: str) -> bool:
    """Tell the path of a file from the name of what is shipped: it has a `/` or an ending."""
    return Path(source).suffix in (".yaml", ".yml", ".json") or "/" in source or "\\" in source
