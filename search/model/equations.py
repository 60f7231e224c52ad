"""What each layer computes, as equations in plain text, and why it has the weights it has.

Owns that text, in letters alone, but for the recurrences, which are cell_equations.py's;
explanation.py puts a network's numbers to it. The equations are those of Keras 3.15's layers.
Imports no Keras.
"""

# ruff: noqa: RUF001 - the Greek letter and the multiplication sign are meant.

from dataclasses import dataclass

from ..space.hyperparameters import Hyperparameters
from .parameters import LayerKind

CONVENTIONS = (
    "Vectors are columns; σ(x) = 1 / (1 + exp(-x)); ∘ multiplies number by number; [a, b] puts b "
    "behind a; t is the step, T the last one. Keras stores each matrix transposed, those of all "
    "gates side by side."
)
"""What is said once of all equations."""
_NO_WEIGHTS = "No weights: nothing here is learned."
DRAWN = "No weights: what is dropped is drawn, not learned, and in use nothing is dropped."
"""On the weights of any dropout."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """One letter of an equation, or several that are alike."""

    name: str
    meaning: str
    shape: str = ""
    """In letters: "u × d"; empty for a single number."""


@dataclass(frozen=True, slots=True)
class Equations:
    """What a layer computes, in letters."""

    lines: tuple[str, ...]
    """In the order in which they are computed."""
    symbols: tuple[Symbol, ...]
    why: str
    """One or two sentences on the number of weights."""


UNITS = Symbol("u", "units")
STEP_INPUTS = Symbol("d", "numbers that enter at each step")
_EMBEDDING = Equations(
    ("e_t = E[w_t]",),
    (
        Symbol("w_t", "number of the word at step t: 0 is padding, 1 any unknown word"),
        Symbol("E", "the embedding: a row for each number", "a × b"),
        Symbol("e_t", "the row of the word at step t", "b"),
        Symbol("a", "words, padding and unknown counted"),
        Symbol("b", "dimensions"),
    ),
    "A row of b numbers for each of a words, and no bias.",
)
_MAX_POOLING = Equations(
    ("y_s = max(x_{2s-1}, x_{2s}), number by number",),
    (Symbol("s", "step after pooling; there are half as many, rounded up"),),
    _NO_WEIGHTS,
)
_JOIN = Equations(
    ("y_t = [h_t, x_t]",),
    (Symbol("x_t", "what entered the first recurrent layer"),),
    _NO_WEIGHTS,
)
_DENSE = (
    Symbol("x", "what enters", "d"),
    Symbol("W", "weights", "u × d"),
    Symbol("b", "bias", "u"),
    UNITS,
    Symbol("d", "numbers that enter"),
)
_RELU = Equations(
    ("y = max(0, W x + b)",),
    (Symbol("y", "the output", "u"), *_DENSE),
    "Each of u units has a weight for each of d inputs, and a bias.",
)
_SIGMOID = Equations(
    ("p = σ(W x + b)",),
    (Symbol("p", "a probability for each label, whatever the others have", "u"), *_DENSE),
    "Each of u labels is a unit with a weight for each of d inputs, and a bias.",
)


def equations_of(kind: LayerKind, hyperparameters: Hyperparameters) -> Equations:
    """Give the equations of a kind of layer, other than a recurrence."""
    h = hyperparameters
    match kind:
        case LayerKind.WORD_DROPOUT:
            return _dropout("for each word")
        case LayerKind.SPATIAL_DROPOUT:
            return _dropout("for each dimension of a text, the same at each step")
        case LayerKind.DROPOUT:
            return _dropout("for each single number")
        case LayerKind.CONVOLUTION:
            return _convolution(h.convolution_width)
        case LayerKind.POOLING:
            return _pooling(h)
    return {
        LayerKind.EMBEDDING: _EMBEDDING,
        LayerKind.MAX_POOLING: _MAX_POOLING,
        LayerKind.JOIN: _JOIN,
        LayerKind.RELU: _RELU,
        LayerKind.SIGMOID: _SIGMOID,
    }[kind]


def _dropout(drawn: str) -> Equations:
    return Equations(
        ("y_t = m ∘ x_t / (1 - p) in training", "y_t = x_t in use"),
        (Symbol("m", f"0 with probability p, else 1; drawn {drawn}"), Symbol("p", "share dropped")),
        DRAWN,
    )


def _convolution(width: int) -> Equations:
    before = (width - 1) // 2
    return Equations(
        (f"y_t = max(0, Σ_j W_j x_{{t+j}} + b), j from {-before} to {width - 1 - before}",),
        (
            Symbol("x_t", "what enters at step t; 0 before the first and after the last", "d"),
            Symbol("y_t", "what each filter finds there", "f"),
            Symbol("W_j", "weights for the step at distance j", "f × d"),
            Symbol("b", "bias, 0 at first", "f"),
            Symbol("f", "filters"),
            Symbol("k", "steps that a filter sees"),
            STEP_INPUTS,
        ),
        "Each of f filters has a weight for each of d numbers at each of k steps, and a bias.",
    )


def _pooling(h: Hyperparameters) -> Equations:
    line = {
        "last": "v = [→h_n, ←h_1]" if h.bidirectional else "v = h_n",
        "mean": "v = (h_1 + … + h_n) / n",
        "sqrtn": "v = (h_1 + … + h_n) / √n",
        "max": "v = max(h_1, …, h_n), number by number",
    }[h.pooling]
    n = Symbol("n", "words of the text, counted without padding")
    return Equations((line,), (n,), _NO_WEIGHTS)
