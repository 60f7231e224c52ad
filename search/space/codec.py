"""Space files: YAML text to a Space, and a Space to YAML text.

Owns reading the file, the wording of its problems as one SpaceError, and how a space is written.
Knows no schema: what the file must say is schema.py's.
"""

from pathlib import Path
from typing import Any

from ..errors import SpaceError
from .dimension import Dimension
from .distribution import Categorical, Fixed, Float, Int
from .document import read_document, write_value
from .problem import Findings
from .schema import space_of
from .space import Space

_HINT = "`genre-search spaces show genre --yaml` prints a space file that is right."


def read_space(path: str | Path) -> Space:
    """Read a space file.

    Raises:
        SpaceError: the file cannot be read, or has problems: a line each, with path and key path.
    """
    return parse_space(read_text(path), path)


def parse_space(text: str, path: str | Path) -> Space:
    """Make a space from the YAML text that was found at `path`.

    Raises:
        SpaceError: with all problems of the text, a line each, with path and key path.
    """
    found = Findings()
    with found.at(""):
        document, repeated = read_document(text)
        found.extend("", repeated)
        space = space_of(document)
        if not found.problems:
            return space
    raise SpaceError("\n".join(f"{path}: {problem}" for problem in found.problems), _HINT)


def read_text(path: str | Path) -> str:
    """Read the text of a space file, comments and all.

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


def to_yaml(space: Space) -> str:
    """Write a space as the text of a space file; comments of the file it came from are gone."""
    lines = [f"name: {write_value(space.name)}"]
    if space.description:
        lines.append(f"description: {write_value(space.description)}")
    lines.append("hyperparameters:")
    for name, dimension in space.hyperparameters.items():
        lines.append(f"  {name}: {write_value(_written(dimension))}")
    if space.starts:
        lines.append("starts:")
    for start in space.starts:
        lines += [f"  - name: {write_value(start.name)}", "    values:"]
        lines += [f"      {name}: {write_value(value)}" for name, value in start.values.items()]
    return "\n".join(lines) + "\n"


def _written(dimension: Dimension) -> Any:
    written: dict[str, Any]
    match dimension.distribution:
        case Fixed(value) if not dimension.conditions:
            return value
        case Fixed(value):
            written = {"type": "fixed", "value": value}
        case Categorical(choices):
            written = {"type": "categorical", "choices": choices}
        case Float(low, high, log, step):
            written = {"type": "float", "low": low, "high": high}
            written |= ({"log": True} if log else {}) | ({} if step is None else {"step": step})
        case Int(low, high, log, step):
            written = {"type": "int", "low": low, "high": high}
            written |= ({"log": True} if log else {}) | ({} if step == 1 else {"step": step})
    when = {condition.parent: condition.written for condition in dimension.conditions}
    return written | ({"when": when} if when else {})
