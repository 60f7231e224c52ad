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
from .files import is_path
from .point import reduce_point
from .preset import Preset, read_preset
from .problem import Problem, ProblemCollector, ProblemsError, find_unknown_keys, suggest_names
from .space import Start
from .value import describe

_SOURCES = ("values", "preset", "file")
_KEYS = ("name", *_SOURCES)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where to find the presets and files that a start may name."""

    folder: Path = Path()
    """Relative paths start here."""
    presets: Mapping[str, Path] = field(default_factory=dict)
    """Files of the presets, by name."""


def read_starts(
    written: Any, dimensions: Mapping[str, Dimension], sources: Sources, collector: ProblemCollector
) -> tuple[tuple[Start, ...], dict[str, str]]:
    """Read the list of starts of a space file, and the presets and files that it names.

    Of a complete configuration, a start keeps the values that these dimensions search, and those
    that they do not allow, so that the space reports them.

    Args:
        written: what the file has as its starts.
        dimensions: those of the file.
        sources: where to find presets and files.
        collector: gets the problems that the space does not report.

    Returns:
        The starts, without those whose preset or file cannot be read; and the key paths of the
        starts in the space, mapped to those in the file.
    """
    starts, places = list[Start](), dict[str, str]()
    if not isinstance(written, list):
        collector.add("starts", f"must be a list of starts, got {describe(written)}")
        written = []
    for i, entry in enumerate(written):
        # An entry that is not a mapping has no name and no values; the space reports that.
        start = entry if isinstance(entry, dict) else {}
        with collector.at(f"starts[{i}]"):
            collector.extend(f"starts[{i}]", find_unknown_keys(start, _KEYS))
            source, name, values = _read_start(start, dimensions, sources)
            places[f"starts[{len(starts)}]"] = f"starts[{i}]"
            places[f"starts[{len(starts)}].values"] = f"starts[{i}].{source}"
            starts.append(Start(name, values))
    return tuple(starts), places


def _read_start(
    start: dict[str, Any], dimensions: Mapping[str, Dimension], sources: Sources
) -> tuple[str, Any, Any]:
    """Return the key that says where a start comes from, the start's name and its values.

    Raises:
        ProblemsError: there are several such keys, or the preset or file cannot be read.
    """
    given = [key for key in _SOURCES if key in start]
    if len(given) > 1:
        text = f"must have one of {', '.join(_SOURCES)}, got {', '.join(given)}"
        raise ProblemsError([Problem("", text)])
    source = given[0] if given else "values"
    if source == "values":
        return source, start.get("name", ""), start.get("values")
    preset = _read_named_preset(source, start[source], sources)
    values = reduce_point(dimensions, asdict(preset.configuration()))
    return source, start.get("name", preset.name), values


def _read_named_preset(key: str, source: Any, sources: Sources) -> Preset:
    is_text = isinstance(source, str) and source != ""
    is_name = is_text and key == "preset" and not is_path(source)
    if not is_text:
        texts = [f"must be text, got {describe(source)}"]
    elif is_name and source not in sources.presets:
        known = suggest_names(source, sources.presets)
        texts = [f"must be a shipped preset or the path of a file, got {source}; {known}"]
    else:
        try:
            return read_preset(sources.presets[source] if is_name else sources.folder / source)
        except SpaceError as error:
            texts = error.message.splitlines()
    raise ProblemsError(Problem(key, text) for text in texts)
