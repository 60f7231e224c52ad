"""A network explained to a reader: the equations of its layers with its own numbers.

Owns which equations a network needs, and how numbers are put to their letters. Imports no Keras.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..space.hyperparameters import Hyperparameters
from .cell_equations import cell_equations, directions, inner_dropout
from .equations import Equations, equations_of
from .parameters import CELL_NAMES, LayerKind, LayerWeights, in_numbers, recurrent_letters


@dataclass(frozen=True, slots=True)
class Explanation:
    """The layers of one kind: what they compute, and how their weights are counted."""

    title: str
    """Names of the layers: "LSTM 16, LSTM 32"."""
    equations: Equations
    sizes: tuple[str, ...]
    """The shape of each symbol in numbers, one for each layer that differs from those before."""
    letters: str = ""
    """The count: "4·u·(u + d + 1)"; empty without weights."""
    counts: tuple[str, ...] = ()
    """The same in numbers, one for each such layer: "4·16·(16 + 16 + 1) = 2,112"."""


def explain(
    hyperparameters: Hyperparameters, layers: Sequence[LayerWeights]
) -> tuple[Explanation, ...]:
    """Explain each kind of layer once, in the order of the network.

    A recurrence is up to three: its cell, its two directions, and the dropouts inside the cell.

    Args:
        hyperparameters: the configuration.
        layers: its layers, as `layers_of` lists them.
    """
    explanations: list[Explanation] = []
    for kind in dict.fromkeys(layer.kind for layer in layers):
        alike = [layer for layer in layers if layer.kind is kind]
        if kind is LayerKind.RECURRENCE:
            explanations += _recurrence(hyperparameters, alike)
        else:
            explanations.append(_explained(equations_of(kind, hyperparameters), alike))
    return tuple(explanations)


def _recurrence(h: Hyperparameters, layers: Sequence[LayerWeights]) -> Iterator[Explanation]:
    letters = recurrent_letters(h.cell, reset_after=h.reset_after)
    n_directions = 2 if h.bidirectional else 1
    one_way = [
        replace(
            layer,
            name=f"{CELL_NAMES[h.cell]} {layer.sizes['u']}",
            letters=letters,
            n_parameters=layer.n_parameters // n_directions,
        )
        for layer in layers
    ]
    yield _explained(cell_equations(h), one_way)
    if h.bidirectional:
        both = [replace(layer, name=f"Bidirectional {layer.name}") for layer in one_way]
        counted = [
            replace(b, letters=f"2·{letters}", n_parameters=2 * b.n_parameters) for b in both
        ]
        yield _explained(directions(h), counted)
    if h.input_dropout or h.recurrent_dropout:
        equations = inner_dropout(h)
        rates = {"p": h.input_dropout, "q": h.recurrent_dropout}
        sizes = _sizes(equations, [{**layer.sizes, **rates} for layer in layers])
        yield Explanation("Dropout inside the cell", equations, sizes)


def _explained(equations: Equations, layers: Sequence[LayerWeights]) -> Explanation:
    counts = (f"{layer.formula} = {layer.n_parameters:,}" for layer in layers if layer.letters)
    return Explanation(
        title=_listed(layer.name for layer in layers),
        equations=equations,
        sizes=_sizes(equations, [layer.sizes for layer in layers]),
        letters=layers[0].letters,
        counts=tuple(dict.fromkeys(counts)),
    )


def _sizes(equations: Equations, sizes: Sequence[Mapping[str, float]]) -> tuple[str, ...]:
    """Give the numbers of each symbol's shape, or of the symbol itself where it is a size."""
    written = []
    for symbol in equations.symbols:
        letters = symbol.shape or (symbol.name if symbol.name in sizes[0] else "")
        written.append(_listed(in_numbers(letters, each) for each in sizes))
    return tuple(written)


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(texts))
