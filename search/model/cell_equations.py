"""What a recurrent layer computes, as equations in plain text, and why it has its weights.

Owns the gates of the cells, their two directions and the dropouts inside them. They are those of
the layers of Keras 3.15; a test computes the equations and compares. Imports no Keras.
"""

# ruff: noqa: RUF001 - the Greek letter and the multiplication sign are intended.

from ..space.hyperparameters import Hyperparameters
from .equations import DRAWN, STEP_INPUTS, UNITS, Equations, Symbol
from .parameters import CELL_NAMES

_INPUT = Symbol("x_t", "the input at step t: from the embedding, or from the layer below", "d")
_STATE = Symbol("h_t", "the state, which is also the output; h_0 is 0", "u")
_SIMPLE_RNN = Equations(
    ("h_t = tanh(W x_t + U h_{t-1} + b)",),
    (
        _INPUT,
        _STATE,
        Symbol("W", "weights of the input", "u × d"),
        Symbol("U", "weights of the previous state", "u × u"),
        Symbol("b", "bias, initially 0", "u"),
        UNITS,
        STEP_INPUTS,
    ),
    "Each of the u units has a weight for each of u states and of d inputs, and a bias. All steps "
    "share them, so a longer text costs time but no weights.",
)
_LSTM = Equations(
    (
        "i_t = σ(W_i x_t + U_i h_{t-1} + b_i)",
        "f_t = σ(W_f x_t + U_f h_{t-1} + b_f)",
        "c̃_t = tanh(W_c x_t + U_c h_{t-1} + b_c)",
        "c_t = f_t ∘ c_{t-1} + i_t ∘ c̃_t",
        "o_t = σ(W_o x_t + U_o h_{t-1} + b_o)",
        "h_t = o_t ∘ tanh(c_t)",
    ),
    (
        _INPUT,
        Symbol("i_t", "input gate: how much of the candidate is added", "u"),
        Symbol("f_t", "forget gate: how much of the old cell state is kept", "u"),
        Symbol("c̃_t", "candidate: the new content", "u"),
        Symbol("c_t", "cell state, the long-term memory; c_0 is 0", "u"),
        Symbol("o_t", "output gate: how much of the cell state is output", "u"),
        _STATE,
        Symbol("W_i W_f W_c W_o", "weights of the input", "u × d"),
        Symbol("U_i U_f U_c U_o", "weights of the previous state", "u × u"),
        Symbol(
            "b_i b_f b_c b_o",
            "biases, initially 0, but b_f is 1, so that the cell first keeps its state",
            "u",
        ),
        UNITS,
        STEP_INPUTS,
    ),
    "Three gates and the candidate are four sets of weights, each as large as a SimpleRNN. The "
    "equations of c_t and h_t have no weights.",
)
_GATED = (
    _INPUT,
    Symbol("z_t", "update gate: how much of the old state is kept", "u"),
    Symbol("r_t", "reset gate: how much of the old state the candidate uses", "u"),
    Symbol("h̃_t", "candidate: the new content", "u"),
    _STATE,
    Symbol("W_z W_r W_h", "weights of the input", "u × d"),
    Symbol("U_z U_r U_h", "weights of the previous state", "u × u"),
    Symbol("b_z b_r b_h", "biases, initially 0", "u"),
)
_GRU_RESET_BEFORE = Equations(
    (
        "z_t = σ(W_z x_t + U_z h_{t-1} + b_z)",
        "r_t = σ(W_r x_t + U_r h_{t-1} + b_r)",
        "h̃_t = tanh(W_h x_t + U_h (r_t ∘ h_{t-1}) + b_h)",
        "h_t = z_t ∘ h_{t-1} + (1 - z_t) ∘ h̃_t",
    ),
    (*_GATED, UNITS, STEP_INPUTS),
    "Two gates and the candidate are three sets of weights, each as large as a SimpleRNN, one set "
    "fewer than in an LSTM. With reset_after: false the state is reset before its product with "
    "U_h, so one bias each is enough.",
)
_GRU_RESET_AFTER = Equations(
    (
        "z_t = σ(W_z x_t + b_z + U_z h_{t-1} + b'_z)",
        "r_t = σ(W_r x_t + b_r + U_r h_{t-1} + b'_r)",
        "h̃_t = tanh(W_h x_t + b_h + r_t ∘ (U_h h_{t-1} + b'_h))",
        "h_t = z_t ∘ h_{t-1} + (1 - z_t) ∘ h̃_t",
    ),
    (
        *_GATED,
        Symbol(
            "b'_z b'_r b'_h", "second biases, added to the product with the state; initially 0", "u"
        ),
        UNITS,
        STEP_INPUTS,
    ),
    "Two gates and the candidate are three sets of weights, each with a second bias, hence + 2. "
    "With reset_after: true the reset gate multiplies the product with U_h together with b'_h, so "
    "one bias cannot replace both. In z_t and r_t it could, but Keras has both there too.",
)


def select_cell_equations(hyperparameters: Hyperparameters) -> Equations:
    """Select the equations of the cell, in one direction."""
    match hyperparameters.cell:
        case "lstm":
            return _LSTM
        case "gru":
            return _GRU_RESET_AFTER if hyperparameters.reset_after else _GRU_RESET_BEFORE
    return _SIMPLE_RNN


def make_direction_equations(hyperparameters: Hyperparameters) -> Equations:
    """Make the equations of a recurrence in both directions."""
    cell = CELL_NAMES[hyperparameters.cell]
    lines = [
        f"→h_t = {cell}(x_t, →h_{{t-1}})",
        f"←h_t = {cell}'(x_t, ←h_{{t+1}})",
        "y_t = [→h_t, ←h_t]",
    ]
    if hyperparameters.pooling == "final":
        lines.append("y = [→h_T, ←h_1] is the output of the last recurrent layer")
    symbols = (
        Symbol("→h_t", "state of the cell that reads from the first step to the last", "u"),
        Symbol("←h_t", "state of the other cell, which reads from the last step to the first", "u"),
        Symbol("y_t", "the output", "2·u"),
    )
    why = "Two cells, each with its own weights. The next layer has twice as many inputs."
    return Equations(tuple(lines), symbols, why)


def make_dropout_equations(hyperparameters: Hyperparameters) -> Equations:
    """Make the equations of the dropouts inside a cell; at least one rate is above 0."""
    h = hyperparameters
    lines: list[str] = []
    symbols: list[Symbol] = []
    drawn = "0 with probability {}, else 1; drawn once a text, the same at each step"
    if h.input_dropout:
        lines.append("in training W (m ∘ x_t) / (1 - p) replaces W x_t")
        symbols += [Symbol("m", drawn.format("p"), "d"), Symbol("p", "share of x_t dropped")]
    if h.recurrent_dropout:
        lines.append("in training U (n ∘ h_{t-1}) / (1 - q) replaces U h_{t-1}")
        symbols += [Symbol("n", drawn.format("q"), "u"), Symbol("q", "share of h_{t-1} dropped")]
    # With recurrent dropout Keras 3.15 computes the gates one by one and draws for each.
    draws_by_gate = h.recurrent_dropout and h.cell != "simple_rnn"
    why = f"{DRAWN} Each gate has its own draws." if draws_by_gate else DRAWN
    return Equations(tuple(lines), tuple(symbols), why)
