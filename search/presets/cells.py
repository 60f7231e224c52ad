"""Presets as templates: the same network with one cell after another."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from ..errors import StudyError
from ..model.parameters import CELL_NAMES
from ..space.preset import Preset
from ..space.problem import suggest_names
from ..trial.arguments import check_different


def find_cells(words: Sequence[str]) -> list[str]:
    """Find cells by their names in the catalogue or in Keras, in any case.

    Raises:
        StudyError: a word is no cell, or one appears twice.
    """
    known = {word.lower(): cell for cell, name in CELL_NAMES.items() for word in (cell, name)}
    for word in words:
        if word.lower() not in known:
            raise StudyError(
                f"no cell is called {word!r}",
                f"{suggest_names(word.lower(), CELL_NAMES).capitalize()}.",
                parameter="cells",
            )
    cells = [known[word.lower()] for word in words]
    check_different("cells", cells)
    return cells


def vary_cells(templates: Sequence[Preset], cells: Sequence[str]) -> tuple[Preset, ...]:
    """Make a preset of each template with each cell, all else as it is.

    They are named by the cell, after the template's name where there are several. Published figures
    of a template stay with its own cell alone.

    Args:
        templates: at least one.
        cells: names of the catalogue.
    """
    return tuple(
        _with_cell(template, cell, f"{template.name} " * (len(templates) > 1) + CELL_NAMES[cell])
        for template, cell in product(templates, cells)
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
