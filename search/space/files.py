"""The files of this room, YAML or JSON: their text, their content, their problems as one error.

Owns the reading from disk, and puts the file's path before each problem. Knows no schema; the
caller of `read_as` checks the content.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ..errors import SpaceError
from .document import read_document
from .problem import Problem, ProblemCollector

Result = TypeVar("Result")

_MOST_BYTES = 1 << 20
"""Size of a file; PyYAML takes minutes for larger ones."""


@dataclass(frozen=True, slots=True)
class File:
    """The content of a file, not yet checked against a schema."""

    path: str | Path
    """As the caller gave it; each problem begins with it."""
    content: Any
    """Plain values, as `read_document` makes them; None if the file is not YAML."""
    problems: tuple[Problem, ...] = ()
    """Repeated keys, or why the file is not YAML."""

    def read_as(self, make: Callable[[Any], Result], hint: str) -> Result:
        """Make a value from the content.

        Args:
            make: makes the value; may raise ProblemsError.
            hint: what to do about problems.

        Raises:
            SpaceError: lists the problems of the file and of the value, one a line, with path and
                key path.
        """
        collector = ProblemCollector(self.problems)
        if self.content is not None or not self.problems:
            with collector.at(""):
                value = make(self.content)
                if not collector.problems:
                    return value
        raise SpaceError(
            "\n".join(f"{self.path}: {problem}" for problem in collector.problems), hint
        )


def read_file(path: str | Path) -> File:
    """Read a file; if it is not YAML, the result holds that as a problem.

    Raises:
        SpaceError: the file is missing, a folder, not readable or not UTF-8.
    """
    return parse_file(read_text(path), path)


def parse_file(text: str, path: str | Path) -> File:
    """Parse the text of the file at `path`; if it is not YAML, the result says so."""
    content, problems = read_document(text)
    return File(path, content, tuple(problems))


def read_text(path: str | Path) -> str:
    """Read the text of a file, including its comments.

    Raises:
        SpaceError: the file is missing, a folder, larger than 1 MiB, not readable or not UTF-8.
    """
    hint = "Give the path of a .yaml file, or a name from the list of `genre-search spaces`."
    try:
        if Path(path).exists() and not Path(path).is_file() and not Path(path).is_dir():
            raise SpaceError(f"{path}: must be a file, got a pipe or a device", hint)
        size = Path(path).stat().st_size
        if size > _MOST_BYTES:
            raise SpaceError(f"{path}: must be at most {_MOST_BYTES:,} bytes, got {size:,}", hint)
        return Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = f"{path}: must be UTF-8, got byte {error.object[error.start]:#04x} at {error.start}"
        raise SpaceError(text, "Save the file as UTF-8.") from error
    except IsADirectoryError as error:
        raise SpaceError(f"{path}: must be a file, got a folder", hint) from error
    except FileNotFoundError as error:
        raise SpaceError(f"{path}: must be a file, but nothing is there", hint) from error
    except (OSError, ValueError) as error:
        raise SpaceError(f"{path}: cannot be read: {error}", hint) from error


def is_path(source: str) -> bool:
    """Say whether `source` is a path and not a shipped name: it has a `/` or a suffix."""
    return Path(source).suffix in (".yaml", ".yml", ".json") or "/" in source or "\\" in source
