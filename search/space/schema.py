"""The schema of a space file: plain values to a Space, with every problem at once.

Owns the keys that spaces/README.md documents. Knows no YAML, and no rule of distributions,
conditions and starts: those values check themselves, and what they refuse is collected here.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from .condition import Condition
from .dimension import Dimension
from .distribution import Categorical, Distribution, Fixed, Float, Int, described
from .hyperparameters import CATALOGUE, Value
from .narrowing import widest
from .problem import Findings, Problem, Refused, nearest
from .space import Space, Start

_TOP_KEYS = ("name", "description", "hyperparameters", "starts")
_START_KEYS = ("name", "values")
_RANGE_KEYS = ("low", "high", "log", "step")
_KEYS = {
    "float": _RANGE_KEYS,
    "int": _RANGE_KEYS,
    "categorical": ("choices",),
    "fixed": ("value",),
}
_OPTIONAL = ("log", "step")


def space_of(document: Any) -> Space:
    """Make a space from what a space file says.

    Raises:
        Refused: with all problems, each with its key path.
    """
    top = _mapping(document, "", f"with {', '.join(_TOP_KEYS)}")
    found = Findings(_unknown_keys(top, _TOP_KEYS))
    written = _mapping(top.get("hyperparameters", {}), "hyperparameters", "by name")
    dimensions: dict[str, Dimension] = {}
    for name, entry in written.items():
        with found.at(f"hyperparameters.{name}"):
            # Where the entry is refused, this one lets conditions and starts be checked too.
            dimensions[name] = Dimension(widest(name) if name in CATALOGUE else Fixed(0))
            conditions = _conditions(entry)
            dimensions[name] = Dimension(dimensions[name].distribution, conditions)
            dimensions[name] = Dimension(_distribution(entry), conditions)
    starts: tuple[Start, ...] = ()
    with found.at("starts"):
        starts = tuple(_starts(_list(top.get("starts", []), "", "of starts"), found))
    with found.at(""):
        space = Space(top.get("name", ""), top.get("description", ""), dimensions, starts)
    found.refuse_if_any()
    return space


def _conditions(entry: Any) -> tuple[Condition, ...]:
    if not isinstance(entry, dict) or "when" not in entry:
        return ()
    when = _mapping(entry["when"], "when", "from a hyperparameter to its values")
    return tuple(Condition.of(parent, written) for parent, written in when.items())


def _distribution(entry: Any) -> Distribution:
    if isinstance(entry, Value):
        return Fixed(entry)
    entry = _mapping(entry, "", "with a type, or one fixed value")
    kind = entry.get("type")
    if not isinstance(kind, str) or kind not in _KEYS:
        text = f"must be one of {', '.join(_KEYS)}, got {described(kind)}"
        raise Refused([Problem("type", text)])
    found = Findings(_unknown_keys(entry, ("type", "when", *_KEYS[kind])))
    given = {key: entry[key] for key in _KEYS[kind] if key in entry}
    for key in _KEYS[kind]:
        if key not in given and key not in _OPTIONAL:
            found.add(key, f"must be given for {kind}")
    distribution: Distribution = Fixed(0)
    if set(given) >= set(_KEYS[kind]) - set(_OPTIONAL):
        with found.at(""):
            distribution = _made(kind, given)
    found.refuse_if_any()
    return distribution


def _made(kind: str, given: dict[str, Any]) -> Distribution:
    match kind:
        case "float":
            return Float(**given)
        case "int":
            return Int(**given)
        case "fixed":
            return Fixed(**given)
    return Categorical(tuple(_list(given["choices"], "choices", "of values")))


def _starts(written: list[Any], found: Findings) -> Iterator[Start]:
    for i, entry in enumerate(written):
        # What is no mapping lacks name and values, which the space will say.
        start = entry if isinstance(entry, dict) else {}
        found.extend(f"starts[{i}]", _unknown_keys(start, _START_KEYS))
        values: Any = start.get("values")
        yield Start(start.get("name", ""), values)


def _mapping(written: Any, path: str, contents: str) -> dict[str, Any]:
    if isinstance(written, dict):
        return written
    raise Refused([Problem(path, f"must be a mapping {contents}, got {described(written)}")])


def _list(written: Any, path: str, contents: str) -> list[Any]:
    if isinstance(written, list):
        return written
    raise Refused([Problem(path, f"must be a list {contents}, got {described(written)}")])


def _unknown_keys(written: Iterable[str], known: tuple[str, ...]) -> list[Problem]:
    return [
        Problem(key, f"is no key here; {nearest(key, known)}")
        for key in written
        if key not in known
    ]
