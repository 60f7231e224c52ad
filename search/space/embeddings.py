"""What a file of word vectors means for a space or a preset.

Owns the rules by which they fit together with the parameter `embeddings`, the file that the user
gives. Knows neither the file nor its content.
"""

from dataclasses import replace

from ..errors import SpaceError
from .dimension import Dimension
from .distribution import Fixed
from .preset import Preset
from .problem import ProblemsError
from .space import Space

_NAME = "embedding_initialization"
_FILE = "file"


def names_file(source: Space | Preset) -> bool:
    """Say whether a preset, or any configuration of a space, starts from a file."""
    if isinstance(source, Preset):
        return source.hyperparameters.get(_NAME) == _FILE
    dimension = source.hyperparameters.get(_NAME)
    return dimension is not None and not dimension.distribution.find_problem(_FILE)


def check_needs_no_file(source: Space | Preset) -> None:
    """Refuse a space or preset that needs a file of word vectors.

    Raises:
        SpaceError: its embedding can start from `file`.
    """
    if names_file(source):
        raise SpaceError(
            f"{source.name}: {_NAME}: {_FILE} needs `embeddings`",
            "Give a file of word vectors in the text format of GloVe or fastText, or use random "
            "or svd instead.",
            parameter="embeddings",
        )


def use_file_embeddings(space: Space) -> Space:
    """Make the space that is searched when the user gives a file of word vectors.

    A space that lists `file` stays as it is. In any other space every trial starts from the file:
    the initialization is fixed and loses its conditions, the starts no longer mention it, and
    conditions on it that `file` meets ("!= random") are removed. This changes the hash.

    Raises:
        SpaceError: a condition on the initialization can no longer hold, or a start lacks a
            hyperparameter that became active; the message lists all problems.
    """
    if names_file(space):
        return space
    hyperparameters = {
        name: replace(
            dimension,
            conditions=tuple(
                c for c in dimension.conditions if c.parent != _NAME or not c.holds(_FILE)
            ),
        )
        for name, dimension in space.hyperparameters.items()
    }
    hyperparameters[_NAME] = Dimension(Fixed(_FILE))
    starts = tuple(
        replace(start, values={name: start.values[name] for name in start.values if name != _NAME})
        for start in space.starts
    )
    try:
        return replace(space, hyperparameters=hyperparameters, starts=starts)
    except ProblemsError as refused:
        problems = (f"{space.name}, with `embeddings`: {problem}" for problem in refused.problems)
        raise SpaceError(
            "\n".join(problems),
            f"Add {_FILE} to the choices of {_NAME} in the space; then it stays as it is.",
            parameter="embeddings",
        ) from refused


def use_file_embeddings_in_preset(preset: Preset) -> Preset:
    """Make the preset whose embedding starts from the user's file of word vectors."""
    return replace(preset, hyperparameters={**preset.hyperparameters, _NAME: _FILE})
