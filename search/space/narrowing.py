"""How a space's distribution must narrow what the catalogue allows for its hyperparameter.

Owns the comparison of a distribution with a Kind. Knows no condition and no file.
"""

from .distribution import Categorical, Distribution, Fixed, Float, Int
from .hyperparameters import CATALOGUE, DEFAULTS
from .problem import Problem


def widest(name: str) -> Distribution:
    """Make the distribution over everything that the catalogue allows for a hyperparameter."""
    kind = CATALOGUE[name]
    if kind.low is None or kind.high is None:
        return Categorical(kind.choices)
    if isinstance(DEFAULTS[name], int):
        return Int(int(kind.low), int(kind.high))
    return Float(kind.low, kind.high)


def narrowing_problems(name: str, distribution: Distribution) -> list[Problem]:
    """Say where a distribution leaves what the catalogue allows for its hyperparameter."""
    kind, default = CATALOGUE[name], DEFAULTS[name]
    match distribution:
        case Fixed(value):
            found = {"": kind.problem(value, default)}
        case Categorical(choices):
            found = {f"choices[{i}]": kind.problem(c, default) for i, c in enumerate(choices)}
        case Float() | Int() if type(distribution) is not type(widest(name)):
            fitting, got = (type(d).__name__.lower() for d in (widest(name), distribution))
            fitting = fitting if kind.choices else f"{fitting} or categorical"
            found = {"type": f"must be {fitting}, or one fixed value, got {got}"}
        case Float(low, high) | Int(low, high):
            found = {"low": kind.problem(low, default), "high": kind.problem(high, default)}
    return [Problem(path, text) for path, text in found.items() if text]
