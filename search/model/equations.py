"""What each layer computes, as equations in plain text, and why it has its weights.

Owns these texts, in letters only; cell_equations.py has those of the recurrent layers, and
explanation.py inserts a network's numbers. The equations are those of the layers of Keras 3.15.
Imports no Keras.
"""

# ruff: noqa: RUF001 - the Greek letter and the multiplication sign are intended.

from dataclasses import dataclass

from ..space.hyperparameters import Hyperparameters
from .parameters import LayerKind

CONVENTIONS = (
    "Vectors are columns; σ(x) = 1 / (1 + exp(-x)); ∘ multiplies element by element; [a, b] is a "
    "followed by b; t is the step, T the last one. Keras stores each matrix transposed, with those "
    "of all gates side by side."
)
"""Explained once for all equations."""
_NO_WEIGHTS = "No weights: this layer learns nothing."
DRAWN = "No weights: dropped values are drawn at random in training, and nothing is dropped in use."
"""The sentence on the weights of every dropout."""


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


UNITS = Symbol("u", "units")
STEP_INPUTS = Symbol("d", "inputs at each step")
_EMBEDDING = Equations(
    ("e_t = E[w_t]",),
    (
        Symbol("w_t", "token id at step t: 0 is padding, 1 is any unknown word"),
        Symbol("E", "the embedding matrix: one row for each token id", "a × b"),
        Symbol("e_t", "the embedding vector at step t", "b"),
        Symbol("a", "words, including padding and unknown"),
        Symbol("b", "dimensions"),
    ),
    "A row of b numbers for each of the a words, and no bias.",
)
_MAX_POOLING = Equations(
    ("y_s = max(x_{2s-1}, x_{2s}), element by element",),
    (Symbol("s", "step after pooling; half as many as before, rounded up"),),
    _NO_WEIGHTS,
)
_JOIN = Equations(
    ("y_t = [h_t, x_t]",),
    (Symbol("x_t", "the input of the first recurrent layer"),),
    _NO_WEIGHTS,
)
_DENSE = (
    Symbol("x", "the input", "d"),
    Symbol("W", "weights", "u × d"),
    Symbol("b", "bias", "u"),
    UNITS,
    Symbol("d", "inputs"),
)
_RELU = Equations(
    ("y = max(0, W x + b)",),
    (Symbol("y", "the output", "u"), *_DENSE),
    "Each of the u units has a weight for each of d inputs, and a bias.",
)
_SIGMOID = Equations(
    ("p = σ(W x + b)",),
    (Symbol("p", "a probability for each label, independent of the others", "u"), *_DENSE),
    "Each of the u labels is a unit with a weight for each of d inputs, and a bias.",
)


def select_equations(kind: LayerKind, hyperparameters: Hyperparameters) -> Equations:
    """Select the equations of a kind of layer other than a recurrence."""
    h = hyperparameters
    match kind:
        case LayerKind.WORD_DROPOUT:
            return _make_dropout("for each word")
        case LayerKind.SPATIAL_DROPOUT:
            return _make_dropout("for each dimension of a text, the same at each step")
        case LayerKind.DROPOUT:
            return _make_dropout("for each number")
        case LayerKind.CONVOLUTION:
            return _make_convolution(h.convolution_width)
        case LayerKind.POOLING:
            return _make_pooling(h)
    return {
        LayerKind.EMBEDDING: _EMBEDDING,
        LayerKind.MAX_POOLING: _MAX_POOLING,
        LayerKind.JOIN: _JOIN,
        LayerKind.RELU: _RELU,
        LayerKind.SIGMOID: _SIGMOID,
    }[kind]


def _make_dropout(drawn: str) -> Equations:
    return Equations(
        ("y_t = m ∘ x_t / (1 - p) in training", "y_t = x_t in use"),
        (Symbol("m", f"0 with probability p, else 1; drawn {drawn}"), Symbol("p", "share dropped")),
        DRAWN,
    )


def _make_convolution(width: int) -> Equations:
    before = (width - 1) // 2
    return Equations(
        (f"y_t = max(0, Σ_j W_j x_{{t+j}} + b), j from {-before} to {width - 1 - before}",),
        (
            Symbol("x_t", "the input at step t; 0 before the first and after the last", "d"),
            Symbol("y_t", "the output of each filter at step t", "f"),
            Symbol("W_j", "weights for the step at distance j", "f × d"),
            Symbol("b", "bias, initially 0", "f"),
            Symbol("f", "filters"),
            Symbol("k", "width of a filter, in steps"),
            STEP_INPUTS,
        ),
        "Each of the f filters has a weight for each of d inputs at each of k steps, and a bias.",
    )


def _make_pooling(h: Hyperparameters) -> Equations:
    line = {
        "last": "v = [→h_n, ←h_1]" if h.bidirectional else "v = h_n",
        "mean": "v = (h_1 + … + h_n) / n",
        "sqrtn": "v = (h_1 + … + h_n) / √n",
        "max": "v = max(h_1, …, h_n), element by element",
    }[h.pooling]
    n = Symbol("n", "words of the text, without padding")
    return Equations((line,), (n,), _NO_WEIGHTS)
