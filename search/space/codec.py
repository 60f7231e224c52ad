"""Space files: the content of a file to a Space, and a Space to YAML text.

Owns the reading and writing of a space. Knows no schema; schema.py checks the content of a file.
ConfigSpace has spaces and a file format too. This module stays because our files are written by
hand: they are short YAML, and every problem is reported at once with its key path.
"""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from .dimension import Dimension
from .distribution import Fixed
from .document import write_value
from .files import File
from .schema import build_space
from .space import Space
from .starts import Sources

_HINT = "`genre-search spaces show genre --yaml` prints a correct space file."


def make_space(file: File, presets: Mapping[str, Path]) -> Space:
    """Make a space from the content of a file.

    Args:
        file: paths in its starts are relative to its folder.
        presets: preset files, by the names that its starts may use.

    Raises:
        SpaceError: lists all problems of the file, one a line, with path and key path.
    """
    sources = Sources(Path(file.path).parent, presets)
    return file.read_as(lambda content: build_space(content, sources), _HINT)


def to_yaml(space: Space) -> str:
    """Write a space as the text of a space file.

    The comments of the original file are lost. Repeated entries are written out, and so are starts
    that named a preset or a file.
    """
    lines = [f"name: {write_value(space.name)}"]
    if space.description:
        lines.append(f"description: {write_value(space.description)}")
    lines.append("hyperparameters:")
    for name, dimension in space.hyperparameters.items():
        lines.append(f"  {name}: {write_value(_to_plain(dimension))}")
    if space.starts:
        lines.append("starts:")
    for start in space.starts:
        lines += [f"  - name: {write_value(start.name)}", "    values:"]
        lines += [f"      {name}: {write_value(value)}" for name, value in start.values.items()]
    return "\n".join(lines) + "\n"


def _to_plain(dimension: Dimension) -> Any:
    distribution = dimension.distribution
    if isinstance(distribution, Fixed) and not dimension.conditions:
        return distribution.value
    written: dict[str, Any] = {"type": type(distribution).__name__.lower()}
    for key in fields(distribution):
        value = getattr(distribution, key.name)
        if value != key.default:
            written[key.name] = value
    when = {condition.parent: condition.written for condition in dimension.conditions}
    return written | ({"when": when} if when else {})
