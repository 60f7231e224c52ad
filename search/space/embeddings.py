"""What a file of word vectors means for a space or a preset.

Owns the rules by which they and `--embeddings FILE` fit together. Knows neither the file nor what
stands in it.
"""

from dataclasses import replace

from ..errors import SpaceError
from .dimension import Dimension
from .distribution import Fixed
from .preset import Preset
from .problem import Refused
from .space import Space

_NAME = "embedding_initialization"
_FILE = "file"


def names_file(source: Space | Preset) -> bool:
    """Say whether some configuration of a space, or that of a preset, starts from a file."""
    if isinstance(source, Preset):
        return source.hyperparameters.get(_NAME) == _FILE
    dimension = source.hyperparameters.get(_NAME)
    return dimension is not None and not dimension.distribution.problem(_FILE)


def check_needs_no_file(source: Space | Preset) -> None:
    """Refuse a space or preset that cannot be run without a file of word vectors.

    Raises:
        SpaceError: it names `file`.
    """
    if names_file(source):
        raise SpaceError(
            f"{source.name}: {_NAME}: {_FILE} needs --embeddings FILE",
            "Give a file of word vectors in the text format of GloVe or fastText, or name random "
            "or svd instead.",
        )


def with_file_embeddings(space: Space) -> Space:
    """Give the space that is searched where the user gives a file of word vectors.

    A space that lists `file` stays as it is. In any other each trial starts from the file: the
    initialization is fixed and has no condition any more, the starts leave it out, and conditions
    on it that a file meets ("!= random") are left out too. The hash changes with that.

    Raises:
        SpaceError: a condition on the initialization can no longer hold, or a start lacks what has
            become active in it; all problems at once.
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
    except Refused as refused:
        problems = (f"{space.name}, with --embeddings: {problem}" for problem in refused.problems)
        raise SpaceError(
            "\n".join(problems),
            f"List {_FILE} among the choices of {_NAME} in the space, so that it stays as it is.",
        ) from refused


def preset_with_file_embeddings(preset: Preset) -> Preset:
    """Give a preset whose embedding starts from the file of word vectors that the user gives."""
    return replace(preset, hyperparameters={**preset.hyperparameters, _NAME: _FILE})
