"""A network explained to a reader: the equations of its layers, with its own numbers.

Owns which equations a network needs, and how numbers replace their letters. Imports no Keras.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..space.hyperparameters import Hyperparameters
from .equations import (
    Equations,
    make_direction_equations,
    make_dropout_equations,
    select_cell_equations,
    select_equations,
)
from .parameters import CELL_NAMES, LayerKind, LayerWeights, insert_numbers, write_recurrent_formula


@dataclass(frozen=True, slots=True)
class Explanation:
    """All layers of one kind: what they compute, and how their weights are counted."""

    title: str
    """Names of the layers: "LSTM 16, LSTM 32"."""
    equations: Equations
    sizes: tuple[str, ...]
    """The shape of each symbol in numbers, listed once for each layer with other numbers."""
    letters: str = ""
    """The formula of the count: "4·u·(u + d + 1)"; empty without weights."""
    counts: tuple[str, ...] = ()
    """The formula in numbers, for each such layer: "4·16·(16 + 16 + 1) = 2,112"."""


def explain(
    hyperparameters: Hyperparameters, layers: Sequence[LayerWeights]
) -> tuple[Explanation, ...]:
    """Explain each kind of layer once, in the order of the network.

    A recurrence has up to three: its cell, its two directions, and the dropouts inside the cell.

    Args:
        hyperparameters: the configuration.
        layers: its layers, as `list_layers` lists them.
    """
    explanations: list[Explanation] = []
    for kind in dict.fromkeys(layer.kind for layer in layers):
        alike = [layer for layer in layers if layer.kind is kind]
        if kind is LayerKind.RECURRENCE:
            explanations += _explain_recurrence(hyperparameters, alike)
        else:
            explanations.append(_explain_layers(select_equations(kind, hyperparameters), alike))
    return tuple(explanations)


def _explain_recurrence(
    h: Hyperparameters, layers: Sequence[LayerWeights]
) -> Iterator[Explanation]:
    letters = write_recurrent_formula(h.cell, reset_after=h.reset_after)
    layers = [replace(layer, name=f"{CELL_NAMES[h.cell]} {layer.sizes['u']}") for layer in layers]
    n_directions = 2 if h.bidirectional else 1
    one_way = [
        replace(layer, letters=letters, n_parameters=layer.n_parameters // n_directions)
        for layer in layers
    ]
    yield _explain_layers(select_cell_equations(h), one_way)
    if h.bidirectional:
        both = [replace(layer, name=f"Bidirectional {layer.name}") for layer in layers]
        yield _explain_layers(make_direction_equations(h), both)
    if h.input_dropout or h.recurrent_dropout:
        equations = make_dropout_equations(h)
        rates = {"p": h.input_dropout, "q": h.recurrent_dropout}
        sizes = _list_sizes(equations, [{**layer.sizes, **rates} for layer in layers])
        yield Explanation("Dropout inside the cell", equations, sizes)


def _explain_layers(equations: Equations, layers: Sequence[LayerWeights]) -> Explanation:
    counts = (f"{layer.formula} = {layer.n_parameters:,}" for layer in layers if layer.letters)
    return Explanation(
        title=_join_unique(layer.name for layer in layers),
        equations=equations,
        sizes=_list_sizes(equations, [layer.sizes for layer in layers]),
        letters=layers[0].letters,
        counts=tuple(dict.fromkeys(counts)),
    )


def _list_sizes(equations: Equations, sizes: Sequence[Mapping[str, float]]) -> tuple[str, ...]:
    """List each symbol's shape in numbers, or its own number if the symbol is a size."""
    shapes = (s.shape or (s.name if s.name in sizes[0] else "") for s in equations.symbols)
    return tuple(_join_unique(insert_numbers(shape, each) for each in sizes) for shape in shapes)


def _join_unique(texts: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(texts))
