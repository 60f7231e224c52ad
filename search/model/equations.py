"""What each layer computes, as equations in plain text, and why it has its weights.

Owns these texts, in letters only: equations.yaml has them, and here is what depends on a
configuration. explanation.py inserts a network's numbers. The equations are those of the layers of
Keras 3.15; tests compute them and compare. Imports no Keras.
"""

# ruff: noqa: RUF001 - the Greek letter and the multiplication sign are intended.

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ..space.hyperparameters import Hyperparameters
from .parameters import CELL_NAMES, LayerKind

CONVENTIONS = (
    "Vectors are columns; σ(x) = 1 / (1 + exp(-x)); ∘ multiplies element by element; [a, b] is a "
    "followed by b; t is the step, T the last one. Keras stores each matrix transposed, with those "
    "of all gates side by side."
)
"""Explained once for all equations."""
_DRAWN = {
    LayerKind.WORD_DROPOUT: "for each word",
    LayerKind.SPATIAL_DROPOUT: "for each dimension of a text, the same at each step",
    LayerKind.DROPOUT: "for each number",
}
"""What each dropout draws for."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """One letter of an equation, or several with the same meaning."""

    name: str
    meaning: str
    shape: str = ""
    """In letters: "u × d"; empty for a single number."""


@dataclass(frozen=True, slots=True)
class Equations:
    """What a layer computes, in letters."""

    lines: tuple[str, ...]
    """In the order of computation."""
    symbols: tuple[Symbol, ...]
    why: str
    """One or two sentences on the number of weights."""


def select_equations(kind: LayerKind, hyperparameters: Hyperparameters) -> Equations:
    """Select the equations of a kind of layer other than a recurrence."""
    h = hyperparameters
    if kind in _DRAWN:
        return _read(LayerKind.DROPOUT, drawn=_DRAWN[kind])
    if kind is LayerKind.CONVOLUTION:
        before = (h.convolution_width - 1) // 2
        return _read(kind, first=str(-before), last=str(h.convolution_width - 1 - before))
    if kind is LayerKind.POOLING:
        line = {
            "last": "v = [→h_n, ←h_1]" if h.bidirectional else "v = h_n",
            "mean": "v = (h_1 + … + h_n) / n",
            "sqrtn": "v = (h_1 + … + h_n) / √n",
            "max": "v = max(h_1, …, h_n), element by element",
        }
        return _read(kind, line=line[h.pooling])
    return _read(kind)


def select_cell_equations(hyperparameters: Hyperparameters) -> Equations:
    """Select the equations of the cell, in one direction."""
    h = hyperparameters
    resets = f"_reset_{'after' if h.reset_after else 'before'}" if h.cell == "gru" else ""
    return _read(h.cell + resets)


def make_direction_equations(hyperparameters: Hyperparameters) -> Equations:
    """Make the equations of a recurrence in both directions."""
    equations = _read("directions", cell=CELL_NAMES[hyperparameters.cell])
    if hyperparameters.pooling != "final":
        return equations
    output = "y = [→h_T, ←h_1] is the output of the last recurrent layer"
    return replace(equations, lines=(*equations.lines, output))


def make_dropout_equations(hyperparameters: Hyperparameters) -> Equations:
    """Make the equations of the dropouts inside a cell; at least one rate is above 0."""
    h = hyperparameters
    rates = {"input_dropout": h.input_dropout, "recurrent_dropout": h.recurrent_dropout}
    parts = [_read(name) for name, rate in rates.items() if rate]
    # With recurrent dropout Keras 3.15 computes the gates one by one and draws for each.
    draws_by_gate = h.recurrent_dropout and h.cell != "simple_rnn"
    return Equations(
        tuple(line for part in parts for line in part.lines),
        tuple(symbol for part in parts for symbol in part.symbols),
        parts[0].why + (" Each gate has its own draws." if draws_by_gate else ""),
    )


def _read(key: str, **inserted: str) -> Equations:
    def insert(text: str) -> str:
        for name, written in inserted.items():
            text = text.replace(f"{{{name}}}", written)
        return text

    texts = _load()[key]
    symbols = tuple(Symbol(*map(insert, symbol)) for symbol in texts["symbols"])
    return Equations(tuple(map(insert, texts["lines"])), symbols, texts["why"])


@cache
def _load() -> dict[str, Any]:
    text = Path(__file__).with_name("equations.yaml").read_text(encoding="utf-8")
    return dict[str, Any](yaml.safe_load(text))
