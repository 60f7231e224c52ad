"""Every hyperparameter that a trial can have: its name, kind, bounds, default and meaning.

Owns the one value that the model room builds a network from, and the catalogue that space files
are checked against. Knows no search space, no Optuna and no Keras.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from typing import Any, Self

Value = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Kind:
    """What values a hyperparameter may take at all, whatever a space narrows them to."""

    meaning: str
    """One line for a reader who knows Keras a little."""
    low: float | None = None
    """Smallest value, included; None for a categorical."""
    high: float | None = None
    """Largest value, included; None for a categorical."""
    choices: tuple[Value, ...] = ()
    """The values of a categorical; empty for a number."""

    def problem(self, value: object, default: Value) -> str:
        """Say why `value` is not allowed, or "" if it is.

        `default` gives the type: an int default refuses 2.5, a float default takes an int.
        """
        if self.choices:
            if any(value == choice and type(value) is type(choice) for choice in self.choices):
                return ""
            return f"must be one of {', '.join(map(shown, self.choices))}, got {shown(value)}"
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or (isinstance(default, int) and not isinstance(value, int)):
            kind = "a whole number" if isinstance(default, int) else "a number"
            return f"must be {kind}, got {shown(value)}"
        assert isinstance(value, int | float) and self.low is not None and self.high is not None
        if not self.low <= value <= self.high:
            return f"must be from {shown(self.low)} to {shown(self.high)}, got {shown(value)}"
        return ""


def shown(value: object) -> str:
    """Write a value as it stands in a YAML file: true, 0.5, lstm."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True, slots=True)
class Hyperparameters:
    """One complete configuration of text encoding, network and optimizer.

    A hyperparameter whose condition is not met keeps its default and is not looked at.
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
            ValueError: with all problems, a line each.
        """
        problems = [
            f"{name}: {problem}"
            for name, default in DEFAULTS.items()
            if (problem := CATALOGUE[name].problem(getattr(self, name), default))
        ]
        if self.training_loss == "distribution_balanced" and self.class_weighting != "none":
            problems.append(
                "class_weighting: must be none where training_loss is distribution_balanced, which "
                f"has weights of its own, got {self.class_weighting}"
            )
        if problems:
            raise ValueError("\n".join(problems))

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """Make the configuration from the active hyperparameters; the others keep defaults.

        Raises:
            ValueError: an unknown name, or a value outside the catalogue.
        """
        if unknown := sorted(set(values) - set(CATALOGUE)):
            raise ValueError(f"unknown hyperparameters: {', '.join(unknown)}")
        return cls(**values)

    @property
    def units(self) -> tuple[int, ...]:
        """Units of each recurrent layer, first to last; its length is `recurrent_layers`."""
        return (self.units_1, self.units_2, self.units_3)[: self.recurrent_layers]

    def n_embedding_rows(self, n_ids: int) -> int:
        """Count the embedding's rows where the corpus has `n_ids` token ids, reserved ones too."""
        is_fixed = self.embedding_rows == "vocabulary_size"
        return self.vocabulary_size if is_fixed else min(self.vocabulary_size, n_ids)


DEFAULTS: Mapping[str, Any] = {
    field.name: field.default for field in dataclass_fields(Hyperparameters)
}

CATALOGUE: Mapping[str, Kind] = {
    "vocabulary_size": Kind(
        "Words kept, most frequent first, counting the ids of padding and unknown words.",
        10,
        200_000,
    ),
    "embedding_rows": Kind(
        "Rows of the embedding: one for each of the words that there are, or always "
        "vocabulary_size of them, so that the network has the same weights on any corpus.",
        choices=("words", "vocabulary_size"),
    ),
    "sequence_length": Kind("Tokens of a text that the network reads at most.", 2, 2_000),
    "padded_length": Kind(
        "Length that a text is padded to: the next of some lengths (bucket), which saves time; "
        "that of the longest in train, up to sequence_length; or always sequence_length.",
        choices=("bucket", "longest", "sequence_length"),
    ),
    "padding": Kind("Side on which short texts are filled up.", choices=("pre", "post")),
    "truncation": Kind("Side on which long texts are cut.", choices=("pre", "post")),
    "embedding_size": Kind("Dimensions of a word's embedding.", 2, 1_024),
    "embedding_initialization": Kind(
        "Start of the embedding: random, from a truncated SVD of the train TF-IDF matrix, or from "
        "a file of word vectors (--embeddings).",
        choices=("random", "svd", "file"),
    ),
    "embedding_skip": Kind(
        "Join what enters the recurrent layers to their output before pooling.",
        choices=(False, True),
    ),
    "cell": Kind("Recurrent cell.", choices=("simple_rnn", "lstm", "gru")),
    "reset_after": Kind(
        "Reset a GRU's state after its product with the weights, as cuDNN does; false: before it, "
        "as Cho et al. (2014) do.",
        choices=(True, False),
    ),
    "bidirectional": Kind("Read the text in both directions.", choices=(False, True)),
    "recurrent_layers": Kind("Number of recurrent layers, one upon another.", 1, 3),
    "units_1": Kind("Units of the first recurrent layer, in each direction.", 1, 1_024),
    "units_2": Kind("Units of the second recurrent layer, in each direction.", 1, 1_024),
    "units_3": Kind("Units of the third recurrent layer, in each direction.", 1, 1_024),
    "recurrent_initializer": Kind(
        "Start of the weights from state to state.", choices=("orthogonal", "glorot_uniform")
    ),
    "pooling": Kind(
        "How the outputs over time become one vector: the state after the last word, after the "
        "last step, which may be padding (final), their mean, their maximum, or their sum divided "
        "by the root of the length (sqrtn).",
        choices=("last", "final", "mean", "max", "sqrtn"),
    ),
    "convolution_filters": Kind(
        "Filters of a Conv1D with max-pooling by two before the recurrence; 0 for none.", 0, 1_024
    ),
    "convolution_width": Kind("Tokens that a filter of the convolution sees.", 1, 15),
    "dense_units": Kind("Units of a ReLU layer before the output; 0 for none.", 0, 1_024),
    "word_dropout": Kind("Share of words whose embedding is dropped in training.", 0.0, 0.9),
    "spatial_dropout": Kind("Share of embedding dimensions dropped for a whole text.", 0.0, 0.9),
    "embedding_dropout": Kind("Share of single numbers dropped in the embedding.", 0.0, 0.9),
    "input_dropout": Kind(
        "Dropout on what enters a recurrent cell, the same at each step (Keras's dropout=).",
        0.0,
        0.9,
    ),
    "recurrent_dropout": Kind(
        "Dropout on the state inside a recurrent cell, the same at each step.", 0.0, 0.9
    ),
    "dropout": Kind("Dropout between recurrent layers and after the last one.", 0.0, 0.9),
    "dense_dropout": Kind("Dropout after the dense layer.", 0.0, 0.9),
    "output_bias": Kind(
        "Start of the output's bias: the log odds of each label, so that training begins at the "
        "label priors, or zeros.",
        choices=("log_odds", "zeros"),
    ),
    "optimizer": Kind("Optimizer.", choices=("adam", "adamw", "rmsprop", "nadam", "sgd")),
    "learning_rate": Kind("Learning rate.", 1e-6, 10.0),
    "weight_decay": Kind("Decoupled weight decay of the optimizer.", 0.0, 1.0),
    "momentum": Kind("Nesterov momentum of sgd.", 0.0, 0.999),
    "clip_norm": Kind(
        "Norm at which the gradient of each weight matrix is clipped; 0 for never.", 0.0, 100.0
    ),
    "batch_size": Kind("Texts in a training step.", 1, 4_096),
    "training_loss": Kind(
        "What is minimised. All but cross_entropy give up calibration; they are for macro_f1.",
        choices=("cross_entropy", "focal", "asymmetric", "distribution_balanced"),
    ),
    "focal_gamma": Kind(
        "Focusing on hard cells, of focal and distribution_balanced; 0 for none.", 0.0, 5.0
    ),
    "asymmetric_gamma_positive": Kind("Focusing on hard positives, of asymmetric.", 0.0, 5.0),
    "asymmetric_gamma_negative": Kind("Focusing on hard negatives, of asymmetric.", 0.0, 10.0),
    "asymmetric_margin": Kind(
        "Probability below which asymmetric forgives a negative altogether.", 0.0, 0.5
    ),
    "rebalancing_midpoint": Kind(
        "Weight, before smoothing, at which distribution_balanced gives half.", 0.0, 1.0
    ),
    "negative_tolerance": Kind(
        "How early distribution_balanced stops pushing negatives down; 1 for cross-entropy's.",
        1.0,
        10.0,
    ),
    "class_weighting": Kind(
        "Weight of positives in the training loss, per label: none, the root of negatives over "
        "positives (sqrt), that ratio itself (inverse), or the ratio of their effective numbers; "
        "20 at most. Must be none with distribution_balanced.",
        choices=("none", "sqrt", "inverse", "effective_number"),
    ),
    "effective_number_beta": Kind(
        "Overlap of samples in effective_number: near 1 it weighs as inverse does.", 0.9, 0.99999
    ),
}
