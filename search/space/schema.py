"""The schema of a space file: plain values to a Space, with all problems at once.

Owns the keys that spaces/README.md documents, except those of a start, and reports each problem at
its key path in the file. Knows no YAML, and no rule of distributions, conditions and starts: those
values check themselves, and their problems are collected here.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from .condition import Condition
from .dimension import Dimension
from .distribution import Categorical, Distribution, Fixed, Float, Int
from .hyperparameters import CATALOGUE
from .problem import Problem, ProblemCollector, ProblemsError, find_unknown_keys
from .repetition import FAMILY, MEMBERS, unroll
from .space import Space
from .starts import Sources, read_starts
from .value import Value, describe

_TOP_KEYS = ("name", "description", "hyperparameters", "starts")
_KINDS: Mapping[str, type[Distribution]] = {
    kind.__name__.lower(): kind for kind in (Float, Int, Categorical, Fixed)
}
"""The distributions by the `type` of an entry; the fields of each are its other keys."""


def build_space(document: Any, sources: Sources) -> Space:
    """Make a space from the content of a space file.

    Args:
        document: plain values.
        sources: where to find the presets and files that starts name.

    Raises:
        ProblemsError: lists all problems, each with its key path.
    """
    top = _check(document, dict, "", f"a mapping with {', '.join(_TOP_KEYS)}")
    collector = ProblemCollector(find_unknown_keys(top, _TOP_KEYS))
    written = _check(top.get("hyperparameters", {}), dict, "hyperparameters", "a mapping by name")
    counts = {
        name: entry["repeat"]
        for name, entry in written.items()
        if isinstance(entry, dict) and "repeat" in entry
    }
    dimensions, places = unroll(_read_dimensions(written, collector), counts, collector)
    listed = top.get("starts", [])
    starts, places_of_starts = read_starts(listed, dimensions, sources, collector)
    try:
        space = Space(top.get("name", ""), top.get("description", ""), dimensions, starts)
    except ProblemsError as refused:
        moved = (problem.move(places | places_of_starts) for problem in refused.problems)
        collector.extend("", dict.fromkeys(moved))
    collector.raise_if_any()
    return space


def _read_dimensions(written: dict[str, Any], collector: ProblemCollector) -> dict[str, Dimension]:
    dimensions: dict[str, Dimension] = {}
    for name, entry in written.items():
        with collector.at(f"hyperparameters.{name}"):
            # A stand-in, so that conditions and starts are checked even if the entry is wrong.
            stand_in = CATALOGUE.get(MEMBERS[0] if name == FAMILY else name, Fixed(0))
            dimensions[name] = Dimension(stand_in)
            conditions = _read_conditions(entry)
            dimensions[name] = Dimension(stand_in, conditions)
            dimensions[name] = Dimension(_read_distribution(entry), conditions)
    return dimensions


def _read_conditions(entry: Any) -> tuple[Condition, ...]:
    if not isinstance(entry, dict) or "when" not in entry:
        return ()
    when = _check(entry["when"], dict, "when", "a mapping from a hyperparameter to its values")
    return tuple(Condition.parse(parent, written) for parent, written in when.items())


def _read_distribution(entry: Any) -> Distribution:
    if isinstance(entry, Value):
        return Fixed(entry)
    entry = _check(entry, dict, "", "a mapping with a type, or one fixed value")
    kind = entry.get("type")
    if not isinstance(kind, str) or kind not in _KINDS:
        text = f"must be one of {', '.join(_KINDS)}, got {describe(kind)}"
        raise ProblemsError([Problem("type", text)])
    defaults = {key.name: key.default for key in fields(_KINDS[kind])}
    collector = ProblemCollector(find_unknown_keys(entry, ("type", "when", "repeat", *defaults)))
    given = {key: entry[key] for key in defaults if key in entry}
    missing = [key for key in defaults if defaults[key] is MISSING and key not in entry]
    for key in missing:
        collector.add(key, f"must be given for {kind}")
    distribution: Distribution = Fixed(0)
    if not missing:
        with collector.at(""):
            if "choices" in given:
                choices = _check(given["choices"], list, "choices", "a list of values")
                given["choices"] = tuple(choices)
            distribution = _KINDS[kind](**given)
    collector.raise_if_any()
    return distribution


def _check(written: Any, kind: type, path: str, expected: str) -> Any:
    if isinstance(written, kind):
        return written
    raise ProblemsError([Problem(path, f"must be {expected}, got {describe(written)}")])
