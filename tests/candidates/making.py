"""Models and the texts they predict, made by hand."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from search.candidates.models import Model, Models
from search.metrics.matrices import Labels
from search.metrics.task import Task
from search.trial.candidate import Component
from search.trial.objective import VAL_LOSS, Objective


def make_model(
    probabilities: Any, number: int | None = 0, *, n_parameters: int = 1, **fields: Any
) -> Model:
    """Make a network, or the linear baseline where `number` is None, that costs 1 ms a text.

    Args:
        probabilities: (n, L), or (n,) of a single label.
        number: of the trial.
        n_parameters: of the model.
        fields: further ones.
    """
    name = "linear" if number is None else f"#{number}"
    rows = np.asarray(probabilities, np.float32)
    return Model(
        Component(name, f"run {name}", number=number),
        rows[:, None] if rows.ndim == 1 else rows,
        n_parameters,
        fields.pop("milliseconds_per_text", 1.0),
        **fields,
    )


def make_models(
    members: Sequence[Model],
    labels: Any,
    task: Task = Task.MULTILABEL,
    objective: Objective = VAL_LOSS,
    **fields: Any,
) -> Models:
    """Make models; labels are (n, L), or (n,) of a single one."""
    rows: Labels = np.asarray(labels, np.uint8)
    return Models(members, rows[:, None] if rows.ndim == 1 else rows, task, objective, **fields)


def draw_labels(n_texts: int, n_labels: int, *, seed: int = 0, share: float = 0.3) -> Labels:
    """Draw labels, uint8, (n, L)."""
    generator = np.random.default_rng(seed)
    return (generator.random((n_texts, n_labels)) < share).astype(np.uint8)


def draw_choices(n_texts: int, n_labels: int, *, seed: int = 0) -> Labels:
    """Draw one label a text, uint8, (n, L)."""
    generator = np.random.default_rng(seed)
    rows: Labels = np.eye(n_labels, dtype=np.uint8)[generator.integers(0, n_labels, n_texts)]
    return rows


def draw_probabilities(labels: Labels, *, seed: int = 0, skill: float = 1.0) -> Any:
    """Draw probabilities, float32, (n, L), the higher for true labels the higher the skill."""
    generator = np.random.default_rng(seed)
    logits = generator.normal(-1.0, 1.0, labels.shape) + skill * labels
    return (1.0 / (1.0 + np.exp(-logits))).astype(np.float32)
