"""Which hyperparameters of a space a sampler models, and which it draws at random."""

from ..space.distribution import Categorical, Fixed, Float, Int
from ..space.space import Space
from .methods import SAMPLERS, Models
from .strategy import Strategy


def list_random(strategy: Strategy, space: Space) -> tuple[str, ...]:
    """List the hyperparameters that a sampler draws at random although it models others."""
    if strategy.sampler not in SAMPLERS or SAMPLERS[strategy.sampler].models is Models.ALL:
        return ()
    names = list_modelled(strategy.sampler, space)
    return tuple(name for name in list_varied(space) if name not in names)


def list_varied(space: Space) -> tuple[str, ...]:
    """List the hyperparameters with more than one value, in the order of the file."""
    return tuple(name for name in space.searched if _has_several_values(space, name))


def list_modelled(sampler: str, space: Space) -> tuple[str, ...]:
    """List the hyperparameters that vary and that a sampler models."""
    models, dimensions = SAMPLERS[sampler].models, space.hyperparameters
    names = list_varied(space)
    if models is not Models.ALL:
        names = tuple(name for name in names if not dimensions[name].conditions)
    if models is Models.UNCONDITIONAL_NUMBERS:
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
