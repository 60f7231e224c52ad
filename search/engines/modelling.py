"""Which hyperparameters of a space a sampler models, and which it draws at random."""

from ..space.distribution import Categorical, Fixed, Float, Int
from ..space.space import Space
from .methods import Method, Models


def list_random(method: Method, space: Space) -> tuple[str, ...]:
    """List the hyperparameters that a method draws at random although it models others."""
    modelled = list_modelled(method, space)
    return tuple(name for name in list_varied(space) if name not in modelled)


def list_varied(space: Space) -> tuple[str, ...]:
    """List the hyperparameters with more than one value, in the order of the file."""
    return tuple(name for name in space.searched if _has_several_values(space, name))


def list_modelled(method: Method, space: Space) -> tuple[str, ...]:
    """List the hyperparameters that vary and that a method models."""
    dimensions = space.hyperparameters
    names = list_varied(space)
    if method.models is not Models.ALL:
        names = tuple(name for name in names if not dimensions[name].conditions)
    if method.models is Models.UNCONDITIONAL_NUMBERS:
        names = tuple(n for n in names if not isinstance(dimensions[n].distribution, Categorical))
    return names


def _has_several_values(space: Space, name: str) -> bool:
    match space.hyperparameters[name].distribution:
        case Categorical(choices):
            return len(choices) > 1
        case Float(low, high) | Int(low, high):
            return low < high
        case Fixed():
            return False
