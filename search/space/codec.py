"""Space files: YAML text to a Space, and a Space to YAML text.

Owns how a space is read from a file and how it is written. Knows no schema: what the file must
say is schema.py's.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .dimension import Dimension
from .distribution import Categorical, Fixed, Float, Int
from .document import write_value
from .files import File, parse_file, read_file
from .schema import space_of
from .space import Space
from .starts import Sources

_HINT = "`genre-search spaces show genre --yaml` prints a space file that is right."
_NO_PRESETS: Mapping[str, Path] = {}


def read_space(path: str | Path, presets: Mapping[str, Path] = _NO_PRESETS) -> Space:
    """Read a space file.

    Args:
        path: of the file; paths of its starts begin in its folder.
        presets: files of presets by the names that its starts may use.

    Raises:
        SpaceError: the file cannot be read, or has problems: a line each, with path and key path.
    """
    return space_in(read_file(path), presets)


def parse_space(text: str, path: str | Path, presets: Mapping[str, Path] = _NO_PRESETS) -> Space:
    """Make a space from the YAML text that was found at `path`; `presets` as `read_space` has it.

    Raises:
        SpaceError: with all problems of the text, a line each, with path and key path.
    """
    return space_in(parse_file(text, path), presets)


def space_in(file: File, presets: Mapping[str, Path] = _NO_PRESETS) -> Space:
    """Make a space from what a file says; `presets` as `read_space` has it.

    Raises:
        SpaceError: with all problems of the file, a line each, with path and key path.
    """
    sources = Sources(Path(file.path).parent, presets)
    return file.read_as(lambda content: space_of(content, sources), _HINT)


def to_yaml(space: Space) -> str:
    """Write a space as the text of a space file.

    Comments of the file it came from are gone; what was repeated by a count, and starts that named
    a preset or a file, are written out.
    """
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
