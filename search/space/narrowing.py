"""A space may only narrow what the catalogue allows for a hyperparameter.

Owns the comparison of a distribution with a definition of the catalogue. Knows no condition and no
file.
"""

from .distribution import Categorical, Distribution, Fixed, Float, Int
from .hyperparameters import CATALOGUE
from .problem import Problem


def make_widest(name: str) -> Distribution:
    """Make the distribution over everything that the catalogue allows for a hyperparameter."""
    definition = CATALOGUE[name]
    if definition.low is None or definition.high is None:
        return Categorical(definition.choices)
    if isinstance(definition.default, int):
        return Int(int(definition.low), int(definition.high))
    return Float(definition.low, definition.high)


def find_range_problems(name: str, distribution: Distribution) -> list[Problem]:
    """List where a distribution goes beyond what the catalogue allows for its hyperparameter."""
    definition = CATALOGUE[name]
    match distribution:
        case Fixed(value):
            texts = {"": definition.find_problem(value)}
        case Categorical(choices):
            texts = {f"choices[{i}]": definition.find_problem(c) for i, c in enumerate(choices)}
        case Float() | Int() if type(distribution) is not type(make_widest(name)):
            fitting, got = (type(d).__name__.lower() for d in (make_widest(name), distribution))
            fitting = fitting if definition.choices else f"{fitting} or categorical"
            texts = {"type": f"must be {fitting}, or one fixed value, got {got}"}
        case Float(low, high) | Int(low, high):
            texts = {
                "low": definition.find_problem(low),
                "high": definition.find_problem(high),
            }
    return [Problem(path, text) for path, text in texts.items() if text]
