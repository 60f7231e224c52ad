"""Whether a training loss fits what is predicted. Knows no corpus."""

from collections.abc import Mapping
from typing import Any

from ..errors import SpaceError
from ..metrics.task import Task
from ..model.losses import LOSSES_OF_ONE_CHOICE
from ..space.distribution import Categorical, Fixed
from ..space.preset import Preset
from ..space.space import Space


def check_fits(source: Space | Preset, task: Task, *, parameter: str) -> None:
    """Refuse hyperparameters whose training loss cannot be that of the task.

    Args:
        source: what would be trained.
        task: what is predicted.
        parameter: by which the user named it.

    Raises:
        SpaceError: each text has one label, and the loss is one of independent labels.
    """
    if not task.is_multiclass:
        return
    wrong = [loss for loss in _list_losses(source) if loss not in LOSSES_OF_ONE_CHOICE]
    if wrong:
        kind = "space" if isinstance(source, Space) else "preset"
        raise SpaceError(
            f"{kind} {source.name}: expected training_loss to be "
            f"{' or '.join(LOSSES_OF_ONE_CHOICE)}, because each text has exactly one label, got "
            f"{', '.join(wrong)}",
            "Use the space topics or genre, or take the other losses out."
            if kind == "space"
            else "Use another preset, or change training_loss in a file of hyperparameters.",
            parameter=parameter,
        )


def is_loss_possible(hyperparameters: Mapping[str, Any], task: Task) -> bool:
    """Tell whether the training loss of these hyperparameters can be that of the task."""
    loss = hyperparameters.get("training_loss", "cross_entropy")
    return not task.is_multiclass or loss in LOSSES_OF_ONE_CHOICE


def _list_losses(source: Space | Preset) -> list[str]:
    if isinstance(source, Preset):
        return [source.configuration().training_loss]
    dimension = source.hyperparameters.get("training_loss")
    match dimension and dimension.distribution:
        case Fixed(value):
            return [str(value)]
        case Categorical(choices):
            return [str(choice) for choice in choices]
    # A space that does not name it has the default, cross-entropy.
    return []
