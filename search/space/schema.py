"""The schema of a space file: plain values to a Space, with every problem at once.

Owns the keys that spaces/README.md documents, but for those of a start, and that each problem is
told at the place that the file has. Knows no YAML, and no rule of distributions, conditions and
starts: those values check themselves, and what they refuse is collected here.
"""

from typing import Any

from .condition import Condition
from .dimension import Dimension
from .distribution import Categorical, Distribution, Fixed, Float, Int, described
from .hyperparameters import CATALOGUE, Value
from .narrowing import widest
from .problem import Findings, Problem, Refused, unknown_keys
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


def space_of(document: Any, sources: Sources = _NO_SOURCES) -> Space:
    """Make a space from what a space file says.

    Args:
        document: plain values.
        sources: where the presets and files lie that starts name.

    Raises:
        Refused: with all problems, each with its key path.
    """
    top = _mapping(document, "", f"with {', '.join(_TOP_KEYS)}")
    found = Findings(unknown_keys(top, _TOP_KEYS))
    written = _mapping(top.get("hyperparameters", {}), "hyperparameters", "by name")
    unrolled = unroll(_dimensions(written, found), _counts(written))
    found.extend("hyperparameters", unrolled.problems)
    starts = ReadStarts()
    with found.at(""):
        listed = _list(top.get("starts", []), "starts", "of starts")
        starts = read_starts(listed, unrolled.dimensions, sources)
        found.extend("", starts.problems)
    made = Findings()
    with made.at(""):
        name, description = top.get("name", ""), top.get("description", "")
        space = Space(name, description, unrolled.dimensions, starts.starts)
    under = "hyperparameters."
    places = {f"{under}{place}": f"{under}{name}" for place, name in unrolled.places.items()}
    found.extend("", made.told_at({**places, **starts.places}).problems)
    found.refuse_if_any()
    return space


def _dimensions(written: dict[str, Any], found: Findings) -> dict[str, Dimension]:
    dimensions: dict[str, Dimension] = {}
    for name, entry in written.items():
        with found.at(f"hyperparameters.{name}"):
            # Where the entry is refused, this one lets conditions and starts be checked too.
            known = FAMILIES.get(name, (name,))[0]
            dimensions[name] = Dimension(widest(known) if known in CATALOGUE else Fixed(0))
            conditions = _conditions(entry)
            dimensions[name] = Dimension(dimensions[name].distribution, conditions)
            dimensions[name] = Dimension(_distribution(entry), conditions)
    return dimensions


def _counts(written: dict[str, Any]) -> dict[str, Any]:
    return {
        name: entry["repeat"]
        for name, entry in written.items()
        if isinstance(entry, dict) and "repeat" in entry
    }


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
    found = Findings(unknown_keys(entry, ("type", "when", "repeat", *_KEYS[kind])))
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


def _mapping(written: Any, path: str, contents: str) -> dict[str, Any]:
    if isinstance(written, dict):
        return written
    raise Refused([Problem(path, f"must be a mapping {contents}, got {described(written)}")])


def _list(written: Any, path: str, contents: str) -> list[Any]:
    if isinstance(written, list):
        return written
    raise Refused([Problem(path, f"must be a list {contents}, got {described(written)}")])
