"""Starts in a space file, the points that a study tries first: values, a preset, or a file.

Owns the keys of a start, and reads the preset or file that it names. Knows no rule of points: a
space checks its starts, and its problems are reported at the key paths of the file.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..errors import SpaceError
from .dimension import Dimension
from .distribution import describe
from .files import is_path
from .point import reduce_point
from .preset import Preset, read_preset
from .problem import Problem, ProblemCollector, ProblemsError, find_unknown_keys, suggest_names
from .space import Start

_SOURCES = ("values", "preset", "file")
_KEYS = ("name", *_SOURCES)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where to find the presets and files that a start may name."""

    folder: Path = Path()
    """Relative paths start here."""
    presets: Mapping[str, Path] = field(default_factory=dict)
    """Files of the presets, by name."""


@dataclass(frozen=True, slots=True)
class ReadStarts:
    """The starts of a space file."""

    starts: tuple[Start, ...] = ()
    """Without those whose preset or file cannot be read."""
    places: Mapping[str, str] = field(default_factory=dict)
    """Key paths of the starts in the space, mapped to those in the file."""
    problems: tuple[Problem, ...] = ()


def read_starts(
    written: list[Any], dimensions: Mapping[str, Dimension], sources: Sources
) -> ReadStarts:
    """Read the list of starts of a space file, and the presets and files that it names.

    Of a complete configuration, a start keeps the values that these dimensions search, and those
    that they do not allow, so that the space reports them.
    """
    collector, starts, places = ProblemCollector(), list[Start](), dict[str, str]()
    for i, entry in enumerate(written):
        # An entry that is not a mapping has no name and no values; the space reports that.
        start = entry if isinstance(entry, dict) else {}
        with collector.at(f"starts[{i}]"):
            collector.extend(f"starts[{i}]", find_unknown_keys(start, _KEYS))
            source, name, values = _read_start(start, dimensions, sources)
            places[f"starts[{len(starts)}]"] = f"starts[{i}]"
            places[f"starts[{len(starts)}].values"] = f"starts[{i}].{source}"
            starts.append(Start(name, values))
    return ReadStarts(tuple(starts), places, tuple(collector.problems))


def _read_start(
    start: dict[str, Any], dimensions: Mapping[str, Dimension], sources: Sources
) -> tuple[str, Any, Any]:
    """Return the key that says where a start comes from, the start's name and its values.

    Raises:
        ProblemsError: there are several such keys, or the preset or file cannot be read.
    """
    given = [key for key in _SOURCES if key in start]
    if len(given) > 1:
        raise ProblemsError(
            [Problem("", f"must have one of {', '.join(_SOURCES)}, got {', '.join(given)}")]
        )
    source = given[0] if given else "values"
    if source == "values":
        return source, start.get("name", ""), start.get("values")
    preset = _read_named_preset(source, start[source], sources)
    values = reduce_point(dimensions, asdict(preset.configuration()))
    return source, start.get("name", preset.name), values


def _read_named_preset(key: str, source: Any, sources: Sources) -> Preset:
    collector = ProblemCollector()
    if not isinstance(source, str) or not source:
        collector.add(key, f"must be text, got {describe(source)}")
    elif key == "preset" and not is_path(source) and source not in sources.presets:
        known = suggest_names(source, sources.presets)
        collector.add(key, f"must be a shipped preset or the path of a file, got {source}; {known}")
    else:
        is_name = key == "preset" and not is_path(source)
        try:
            return read_preset(sources.presets[source] if is_name else sources.folder / source)
        except SpaceError as error:
            for line in error.message.splitlines():
                collector.add(key, line)
    raise ProblemsError(collector.problems)
