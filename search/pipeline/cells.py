"""Presets as templates: the same network with one cell after another. Owns how they are named."""

from collections.abc import Sequence
from dataclasses import replace

from ..model.parameters import CELL_NAMES
from ..space.preset import Preset


def vary_cells(templates: Sequence[Preset], cells: Sequence[str]) -> tuple[Preset, ...]:
    """Make a preset of each template with each cell, all else as it is.

    Named by the cell, and by the template before it where there are several. What was published of
    a template goes with its own cell alone.

    Args:
        templates: at least one.
        cells: names of the catalogue.
    """
    return tuple(
        _with_cell(template, cell, f"{template.name} " * (len(templates) > 1) + CELL_NAMES[cell])
        for template in templates
        for cell in cells
    )


def _with_cell(template: Preset, cell: str, name: str) -> Preset:
    if template.configuration().cell == cell:
        return replace(template, name=name)
    return replace(
        template,
        name=name,
        description=f"{template.name} with {CELL_NAMES[cell]}",
        hyperparameters={**template.hyperparameters, "cell": cell},
        n_parameters=None,
        published={},
    )
