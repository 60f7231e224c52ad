"""How a space file writes the points that a study tries first: values, a preset, or a file.

Owns the keys of a start and the finding of what it names. Knows no rule of points: a space checks
its starts, and what it refuses is told at the place of the file.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..errors import SpaceError
from .dimension import Dimension
from .distribution import described
from .files import is_path
from .point import reduced
from .preset import Preset, read_preset
from .problem import Findings, Problem, Refused, nearest, unknown_keys
from .space import Start

_SOURCES = ("values", "preset", "file")
_KEYS = ("name", *_SOURCES)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the presets and files lie that a start may name."""

    folder: Path = Path()
    """Relative paths begin here."""
    presets: Mapping[str, Path] = field(default_factory=dict)
    """Files of presets by their names."""


@dataclass(frozen=True, slots=True)
class ReadStarts:
    """The starts of a space file."""

    starts: tuple[Start, ...] = ()
    """Without those that name what cannot be read."""
    places: Mapping[str, str] = field(default_factory=dict)
    """From the key path of a start in a space to the one that the file has."""
    problems: tuple[Problem, ...] = ()


def read_starts(
    written: list[Any], dimensions: Mapping[str, Dimension], sources: Sources
) -> ReadStarts:
    """Read the list of starts of a space file, and the presets and files that it names.

    Of a configuration, only what these dimensions search is taken, and what they forbid, so that
    the space refuses it.
    """
    found, starts, places = Findings(), list[Start](), dict[str, str]()
    for i, entry in enumerate(written):
        # What is no mapping lacks name and values, which the space will say.
        start = entry if isinstance(entry, dict) else {}
        with found.at(f"starts[{i}]"):
            found.extend(f"starts[{i}]", unknown_keys(start, _KEYS))
            source, name, values = _read_start(start, dimensions, sources)
            places[f"starts[{len(starts)}]"] = f"starts[{i}]"
            places[f"starts[{len(starts)}].values"] = f"starts[{i}].{source}"
            starts.append(Start(name, values))
    return ReadStarts(tuple(starts), places, tuple(found.problems))


def _read_start(
    start: dict[str, Any], dimensions: Mapping[str, Dimension], sources: Sources
) -> tuple[str, Any, Any]:
    """Give the key that says where a start comes from, the start's name and its values.

    Raises:
        Refused: several such keys, or one that names nothing that can be read.
    """
    given = [key for key in _SOURCES if key in start]
    if len(given) > 1:
        raise Refused(
            [Problem("", f"must have one of {', '.join(_SOURCES)}, got {', '.join(given)}")]
        )
    source = given[0] if given else "values"
    if source == "values":
        return source, start.get("name", ""), start.get("values")
    preset = _named(source, start[source], sources)
    values = reduced(dimensions, asdict(preset.configuration()))
    return source, start.get("name", preset.name), values


def _named(key: str, source: Any, sources: Sources) -> Preset:
    found = Findings()
    if not isinstance(source, str) or not source:
        found.add(key, f"must be text, got {described(source)}")
    elif key == "preset" and not is_path(source) and source not in sources.presets:
        known = nearest(source, sources.presets)
        found.add(key, f"must be a shipped preset or the path of a file, got {source}; {known}")
    else:
        is_name = key == "preset" and not is_path(source)
        try:
            return read_preset(sources.presets[source] if is_name else sources.folder / source)
        except SpaceError as error:
            for line in error.message.splitlines():
                found.add(key, line)
    raise Refused(found.problems)
