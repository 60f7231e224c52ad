"""The schema of a space file: plain values to a Space, with all problems at once.

Owns the keys that spaces/README.md documents, except those of a start, and reports each problem at
its key path in the file. Knows no YAML, and no rule of distributions, conditions and starts: those
values check themselves, and their problems are collected here.
"""

from typing import Any

from .condition import Condition
from .dimension import Dimension
from .distribution import Categorical, Distribution, Fixed, Float, Int, describe
from .hyperparameters import CATALOGUE, Value
from .narrowing import make_widest
from .problem import Problem, ProblemCollector, ProblemsError, find_unknown_keys
from .repetition import FAMILIES, unroll
from .space import Space
from .starts import ReadStarts, Sources, read_starts

_TOP_KEYS = ("name", "description", "hyperparameters", "starts")
_RANGE_KEYS = ("low", "high", "log", "step")
_KEYS = {
    "float": _RANGE_KEYS,
    "int": _RANGE_KEYS,
    "categorical": ("choices",),
    "fixed": ("value",),
}
_OPTIONAL = ("log", "step")
_NO_SOURCES = Sources()


def build_space(document: Any, sources: Sources = _NO_SOURCES) -> Space:
    """Make a space from the content of a space file.

    Args:
        document: plain values.
        sources: where to find the presets and files that starts name.

    Raises:
        ProblemsError: lists all problems, each with its key path.
    """
    top = _check_mapping(document, "", f"with {', '.join(_TOP_KEYS)}")
    collector = ProblemCollector(find_unknown_keys(top, _TOP_KEYS))
    written = _check_mapping(top.get("hyperparameters", {}), "hyperparameters", "by name")
    unrolled = unroll(_read_dimensions(written, collector), _read_counts(written))
    collector.extend("hyperparameters", unrolled.problems)
    starts = ReadStarts()
    with collector.at(""):
        listed = _check_list(top.get("starts", []), "starts", "of starts")
        starts = read_starts(listed, unrolled.dimensions, sources)
        collector.extend("", starts.problems)
    space_problems = ProblemCollector()
    with space_problems.at(""):
        name, description = top.get("name", ""), top.get("description", "")
        space = Space(name, description, unrolled.dimensions, starts.starts)
    under = "hyperparameters."
    places = {f"{under}{place}": f"{under}{name}" for place, name in unrolled.places.items()}
    collector.extend("", space_problems.move({**places, **starts.places}).problems)
    collector.raise_if_any()
    return space


def _read_dimensions(written: dict[str, Any], collector: ProblemCollector) -> dict[str, Dimension]:
    dimensions: dict[str, Dimension] = {}
    for name, entry in written.items():
        with collector.at(f"hyperparameters.{name}"):
            # A stand-in, so that conditions and starts are checked even if the entry is wrong.
            known = FAMILIES.get(name, (name,))[0]
            dimensions[name] = Dimension(make_widest(known) if known in CATALOGUE else Fixed(0))
            conditions = _read_conditions(entry)
            dimensions[name] = Dimension(dimensions[name].distribution, conditions)
            dimensions[name] = Dimension(_read_distribution(entry), conditions)
    return dimensions


def _read_counts(written: dict[str, Any]) -> dict[str, Any]:
    return {
        name: entry["repeat"]
        for name, entry in written.items()
        if isinstance(entry, dict) and "repeat" in entry
    }


def _read_conditions(entry: Any) -> tuple[Condition, ...]:
    if not isinstance(entry, dict) or "when" not in entry:
        return ()
    when = _check_mapping(entry["when"], "when", "from a hyperparameter to its values")
    return tuple(Condition.parse(parent, written) for parent, written in when.items())


def _read_distribution(entry: Any) -> Distribution:
    if isinstance(entry, Value):
        return Fixed(entry)
    entry = _check_mapping(entry, "", "with a type, or one fixed value")
    kind = entry.get("type")
    if not isinstance(kind, str) or kind not in _KEYS:
        text = f"must be one of {', '.join(_KEYS)}, got {describe(kind)}"
        raise ProblemsError([Problem("type", text)])
    collector = ProblemCollector(find_unknown_keys(entry, ("type", "when", "repeat", *_KEYS[kind])))
    given = {key: entry[key] for key in _KEYS[kind] if key in entry}
    for key in _KEYS[kind]:
        if key not in given and key not in _OPTIONAL:
            collector.add(key, f"must be given for {kind}")
    distribution: Distribution = Fixed(0)
    if set(given) >= set(_KEYS[kind]) - set(_OPTIONAL):
        with collector.at(""):
            distribution = _make_distribution(kind, given)
    collector.raise_if_any()
    return distribution


def _make_distribution(kind: str, given: dict[str, Any]) -> Distribution:
    match kind:
        case "float":
            return Float(**given)
        case "int":
            return Int(**given)
        case "fixed":
            return Fixed(**given)
    return Categorical(tuple(_check_list(given["choices"], "choices", "of values")))


def _check_mapping(written: Any, path: str, contents: str) -> dict[str, Any]:
    if isinstance(written, dict):
        return written
    raise ProblemsError([Problem(path, f"must be a mapping {contents}, got {describe(written)}")])


def _check_list(written: Any, path: str, contents: str) -> list[Any]:
    if isinstance(written, list):
        return written
    raise ProblemsError([Problem(path, f"must be a list {contents}, got {describe(written)}")])
