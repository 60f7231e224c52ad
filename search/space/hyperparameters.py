"""Every hyperparameter that a trial can have: its name, type, bounds, default and meaning.

Owns `Hyperparameters`, from which the model room builds a network, and the catalogue against which
space files are checked. Knows no search space, no Optuna and no Keras.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from functools import lru_cache
from typing import Any

Value = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Definition:
    """What a hyperparameter means, and all values that any space may give it."""

    meaning: str
    """One sentence or two for a reader who knows a little Keras."""
    low: float | None = None
    """Smallest value, included; None for a choice."""
    high: float | None = None
    """Largest value, included; None for a choice."""
    choices: tuple[Value, ...] = ()
    """The values of a choice; empty for a number."""

    def find_problem(self, value: object, default: Value) -> str:
        """Say why `value` is not allowed, or "" if it is.

        `default` gives the type: with an int default 2.5 is refused; with a float default an int is
        allowed.
        """
        if self.choices:
            if any(value == choice and type(value) is type(choice) for choice in self.choices):
                return ""
            return f"must be one of {', '.join(map(to_text, self.choices))}, got {to_text(value)}"
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or (isinstance(default, int) and not isinstance(value, int)):
            kind = "a whole number" if isinstance(default, int) else "a number"
            return f"must be {kind}, got {to_text(value)}"
        assert isinstance(value, int | float) and self.low is not None and self.high is not None
        if not self.low <= value <= self.high:
            return f"must be from {to_text(self.low)} to {to_text(self.high)}, got {to_text(value)}"
        return ""


def to_text(value: object) -> str:
    """Write a value as in a YAML file: true, 0.5, lstm."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True, slots=True)
class Hyperparameters:
    """One complete configuration of text encoding, network and optimizer.

    A hyperparameter whose condition is not met keeps its default and is not used.
    """

    vocabulary_size: int = 10_000
    embedding_rows: str = "words"
    sequence_length: int = 100
    padded_length: str = "bucket"
    padding: str = "pre"
    truncation: str = "pre"
    embedding_size: int = 64
    embedding_initialization: str = "random"
    embedding_skip: bool = False
    cell: str = "lstm"
    reset_after: bool = True
    bidirectional: bool = False
    recurrent_layers: int = 1
    units_1: int = 32
    units_2: int = 32
    units_3: int = 32
    recurrent_initializer: str = "orthogonal"
    pooling: str = "last"
    convolution_filters: int = 0
    convolution_width: int = 3
    dense_units: int = 0
    word_dropout: float = 0.0
    spatial_dropout: float = 0.0
    embedding_dropout: float = 0.0
    input_dropout: float = 0.0
    recurrent_dropout: float = 0.0
    dropout: float = 0.0
    dense_dropout: float = 0.0
    output_bias: str = "log_odds"
    optimizer: str = "adam"
    learning_rate: float = 1e-3
    weight_decay: float = 0.0
    momentum: float = 0.9
    clip_norm: float = 1.0
    batch_size: int = 64
    training_loss: str = "cross_entropy"
    focal_gamma: float = 2.0
    asymmetric_gamma_positive: float = 0.0
    asymmetric_gamma_negative: float = 4.0
    asymmetric_margin: float = 0.05
    rebalancing_midpoint: float = 0.9
    negative_tolerance: float = 2.0
    class_weighting: str = "none"
    effective_number_beta: float = 0.999

    def __post_init__(self) -> None:
        """Check every value against the catalogue, and the class weighting against the loss.

        Raises:
            ValueError: lists all problems, one a line.
        """
        problems = [
            f"{name}: {problem}"
            for name, default in DEFAULTS.items()
            if (problem := CATALOGUE[name].find_problem(getattr(self, name), default))
        ]
        if self.training_loss == "distribution_balanced" and self.class_weighting != "none":
            problems.append(
                "class_weighting: must be none when training_loss is distribution_balanced, which "
                f"has its own weights, got {self.class_weighting}"
            )
        if problems:
            raise ValueError("\n".join(problems))

    @staticmethod
    def from_values(values: Mapping[str, Any]) -> "Hyperparameters":
        """Make the configuration from the active hyperparameters; the others keep defaults.

        The same values give the same object, so they are checked once.

        Raises:
            ValueError: a name is unknown, or the catalogue does not allow a value.
        """
        if unknown := sorted(set(values) - set(CATALOGUE)):
            raise ValueError(f"unknown hyperparameters: {', '.join(unknown)}")
        if not all(isinstance(value, Value) for value in values.values()):
            # A list cannot be a key of the cache, and it is refused anyway.
            return Hyperparameters(**values)
        # 1, 1.0 and True are equal keys, and so are 0.0 and -0.0; their text differs.
        return _make_cached(tuple(values.items()), tuple(map(repr, values.values())))

    @property
    def units(self) -> tuple[int, ...]:
        """Units of each recurrent layer, from first to last; `recurrent_layers` numbers."""
        return (self.units_1, self.units_2, self.units_3)[: self.recurrent_layers]

    def count_embedding_rows(self, n_ids: int) -> int:
        """Count the rows of the embedding for `n_ids` token ids, reserved ones included."""
        is_fixed = self.embedding_rows == "vocabulary_size"
        return self.vocabulary_size if is_fixed else min(self.vocabulary_size, n_ids)


@lru_cache(maxsize=256)
def _make_cached(
    items: tuple[tuple[str, Value], ...], _written: tuple[str, ...]
) -> Hyperparameters:
    return Hyperparameters(**dict[str, Any](items))


DEFAULTS: Mapping[str, Any] = {
    field.name: field.default for field in dataclass_fields(Hyperparameters)
}

CATALOGUE: Mapping[str, Definition] = {
    "vocabulary_size": Definition(
        "Size of the vocabulary: the most frequent words, plus one id for padding and one for "
        "unknown words.",
        10,
        200_000,
    ),
    "embedding_rows": Definition(
        "Rows of the embedding: one for each word of the corpus (words), or always "
        "vocabulary_size, so that the network has the same number of weights on any corpus.",
        choices=("words", "vocabulary_size"),
    ),
    "sequence_length": Definition("Most tokens that the network reads of a text.", 2, 2_000),
    "padded_length": Definition(
        "Length to which texts are padded: the next of a few fixed lengths (bucket), which saves "
        "time; the longest text in train, at most sequence_length (longest); or always "
        "sequence_length.",
        choices=("bucket", "longest", "sequence_length"),
    ),
    "padding": Definition("Side on which short texts are padded.", choices=("pre", "post")),
    "truncation": Definition("Side on which long texts are cut off.", choices=("pre", "post")),
    "embedding_size": Definition("Dimensions of a word's embedding vector.", 2, 1_024),
    "embedding_initialization": Definition(
        "Initial values of the embedding: random, from a truncated SVD of the train TF-IDF matrix "
        "(svd), or from your file of word vectors (file).",
        choices=("random", "svd", "file"),
    ),
    "embedding_skip": Definition(
        "Skip connection: the input of the recurrent layers is joined to their output before "
        "pooling.",
        choices=(False, True),
    ),
    "cell": Definition("Type of the recurrent layers.", choices=("simple_rnn", "lstm", "gru")),
    "reset_after": Definition(
        "Whether a GRU applies its reset gate after the product of state and weights, as cuDNN "
        "does, or before it (false), as in Cho et al. (2014).",
        choices=(True, False),
    ),
    "bidirectional": Definition(
        "Whether the network reads the text in both directions.", choices=(False, True)
    ),
    "recurrent_layers": Definition("Number of stacked recurrent layers.", 1, 3),
    "units_1": Definition("Units of the first recurrent layer, in each direction.", 1, 1_024),
    "units_2": Definition("Units of the second recurrent layer, in each direction.", 1, 1_024),
    "units_3": Definition("Units of the third recurrent layer, in each direction.", 1, 1_024),
    "recurrent_initializer": Definition(
        "Initializer of the recurrent weights, from state to state.",
        choices=("orthogonal", "glorot_uniform"),
    ),
    "pooling": Definition(
        "How the outputs over time become one vector: the state after the last word (last), the "
        "state after the last step, which may be padding (final), the mean, the maximum (max), or "
        "the sum divided by the square root of the length (sqrtn).",
        choices=("last", "final", "mean", "max", "sqrtn"),
    ),
    "convolution_filters": Definition(
        "Filters of a Conv1D layer, with max-pooling by two, before the recurrent layers; 0 for "
        "no convolution.",
        0,
        1_024,
    ),
    "convolution_width": Definition("Width of a convolution filter, in tokens.", 1, 15),
    "dense_units": Definition(
        "Units of a dense ReLU layer before the output; 0 for no such layer.", 0, 1_024
    ),
    "word_dropout": Definition(
        "Share of words whose embedding is dropped during training.", 0.0, 0.9
    ),
    "spatial_dropout": Definition(
        "Share of embedding dimensions that are dropped, the same for every word of a text.",
        0.0,
        0.9,
    ),
    "embedding_dropout": Definition("Share of embedding values dropped.", 0.0, 0.9),
    "input_dropout": Definition(
        "Dropout on the input of a recurrent cell, the same at every step (dropout in Keras).",
        0.0,
        0.9,
    ),
    "recurrent_dropout": Definition(
        "Dropout on the state inside a recurrent cell, the same at every step.", 0.0, 0.9
    ),
    "dropout": Definition("Dropout between the recurrent layers and after pooling.", 0.0, 0.9),
    "dense_dropout": Definition("Dropout after the dense layer.", 0.0, 0.9),
    "output_bias": Definition(
        "Initial bias of the output: the log odds of each label (log_odds), so that training "
        "starts at the label priors, or zeros.",
        choices=("log_odds", "zeros"),
    ),
    "optimizer": Definition(
        "Optimizer of the training loss.", choices=("adam", "adamw", "rmsprop", "nadam", "sgd")
    ),
    "learning_rate": Definition("Learning rate of the optimizer.", 1e-6, 10.0),
    "weight_decay": Definition("Decoupled weight decay of the optimizer.", 0.0, 1.0),
    "momentum": Definition("Nesterov momentum, for sgd.", 0.0, 0.999),
    "clip_norm": Definition(
        "Largest norm of the gradient of each weight matrix; larger ones are clipped. 0 for no "
        "clipping.",
        0.0,
        100.0,
    ),
    "batch_size": Definition("Number of texts in a training step.", 1, 4_096),
    "training_loss": Definition(
        "Loss that the optimizer minimises. Only cross_entropy keeps probabilities calibrated; use "
        "the others with the objective macro_f1.",
        choices=("cross_entropy", "focal", "asymmetric", "distribution_balanced"),
    ),
    "focal_gamma": Definition(
        "How much focal and distribution_balanced concentrate on hard entries; 0 for not at all.",
        0.0,
        5.0,
    ),
    "asymmetric_gamma_positive": Definition(
        "How much asymmetric concentrates on hard positives; 0 for not at all.", 0.0, 5.0
    ),
    "asymmetric_gamma_negative": Definition(
        "How much asymmetric concentrates on hard negatives; 0 for not at all.", 0.0, 10.0
    ),
    "asymmetric_margin": Definition(
        "Probability below which a negative costs nothing in asymmetric.", 0.0, 0.5
    ),
    "rebalancing_midpoint": Definition(
        "Raw weight of an entry that distribution_balanced smooths to one half.", 0.0, 1.0
    ),
    "negative_tolerance": Definition(
        "How early distribution_balanced stops lowering the scores of negatives; 1 for as late "
        "as cross_entropy.",
        1.0,
        10.0,
    ),
    "class_weighting": Definition(
        "Weight of each label's positives in the training loss: 1 (none), the square root of "
        "negatives over positives (sqrt), that ratio itself (inverse), or the ratio of their "
        "effective numbers (effective_number); at most 20. Must be none with "
        "distribution_balanced.",
        choices=("none", "sqrt", "inverse", "effective_number"),
    ),
    "effective_number_beta": Definition(
        "Overlap of samples in effective_number; close to 1 the weights are those of inverse.",
        0.9,
        0.99999,
    ),
}
