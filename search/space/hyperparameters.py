"""Every hyperparameter that a trial can have: its name, type, bounds, default and meaning.

Owns `Hyperparameters`, from which the model room builds a network, and the catalogue against which
space files are checked; meanings.yaml says what each one means. Knows no search space, no Optuna
and no Keras.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, cast

import yaml

Value = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Definition:
    """The default of a hyperparameter, and all values that any space may give it."""

    default: Value
    """It gives the type: with an int 2.5 is refused; with a float an int is allowed."""
    low: float | None = None
    """Smallest value, included; None for a choice."""
    high: float | None = None
    """Largest value, included; None for a choice."""
    choices: tuple[Value, ...] = ()
    """The values of a choice; empty for a number."""

    def find_problem(self, value: object) -> str:
        """Say why `value` is not allowed, or "" if it is."""
        if self.choices:
            if any(value == choice and type(value) is type(choice) for choice in self.choices):
                return ""
            return f"must be one of {', '.join(map(to_text, self.choices))}, got {to_text(value)}"
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or (isinstance(self.default, int) and not isinstance(value, int)):
            kind = "a whole number" if isinstance(self.default, int) else "a number"
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


def _number(low: float, high: float) -> dict[str, float]:
    return {"low": low, "high": high}


def _choice(*choices: Value) -> dict[str, tuple[Value, ...]]:
    return {"choices": choices}


@dataclass(frozen=True, slots=True)
class Hyperparameters:
    """One complete configuration of text encoding, network and optimizer.

    A hyperparameter whose condition is not met keeps its default and is not used.
    """

    vocabulary_size: int = field(default=10_000, metadata=_number(10, 200_000))
    embedding_rows: str = field(default="words", metadata=_choice("words", "vocabulary_size"))
    sequence_length: int = field(default=100, metadata=_number(2, 2_000))
    padded_length: str = field(
        default="bucket", metadata=_choice("bucket", "longest", "sequence_length")
    )
    padding: str = field(default="pre", metadata=_choice("pre", "post"))
    truncation: str = field(default="pre", metadata=_choice("pre", "post"))
    embedding_size: int = field(default=64, metadata=_number(2, 1_024))
    embedding_initialization: str = field(
        default="random", metadata=_choice("random", "svd", "file")
    )
    embedding_skip: bool = field(default=False, metadata=_choice(False, True))
    cell: str = field(default="lstm", metadata=_choice("simple_rnn", "lstm", "gru"))
    reset_after: bool = field(default=True, metadata=_choice(True, False))
    bidirectional: bool = field(default=False, metadata=_choice(False, True))
    recurrent_layers: int = field(default=1, metadata=_number(1, 3))
    units_1: int = field(default=32, metadata=_number(1, 1_024))
    units_2: int = field(default=32, metadata=_number(1, 1_024))
    units_3: int = field(default=32, metadata=_number(1, 1_024))
    recurrent_initializer: str = field(
        default="orthogonal", metadata=_choice("orthogonal", "glorot_uniform")
    )
    pooling: str = field(default="last", metadata=_choice("last", "final", "mean", "max", "sqrtn"))
    convolution_filters: int = field(default=0, metadata=_number(0, 1_024))
    convolution_width: int = field(default=3, metadata=_number(1, 15))
    dense_units: int = field(default=0, metadata=_number(0, 1_024))
    word_dropout: float = field(default=0.0, metadata=_number(0.0, 0.9))
    spatial_dropout: float = field(default=0.0, metadata=_number(0.0, 0.9))
    embedding_dropout: float = field(default=0.0, metadata=_number(0.0, 0.9))
    input_dropout: float = field(default=0.0, metadata=_number(0.0, 0.9))
    recurrent_dropout: float = field(default=0.0, metadata=_number(0.0, 0.9))
    dropout: float = field(default=0.0, metadata=_number(0.0, 0.9))
    dense_dropout: float = field(default=0.0, metadata=_number(0.0, 0.9))
    output_bias: str = field(default="log_odds", metadata=_choice("log_odds", "zeros"))
    optimizer: str = field(
        default="adam", metadata=_choice("adam", "adamw", "rmsprop", "nadam", "sgd")
    )
    learning_rate: float = field(default=1e-3, metadata=_number(1e-6, 10.0))
    weight_decay: float = field(default=0.0, metadata=_number(0.0, 1.0))
    momentum: float = field(default=0.9, metadata=_number(0.0, 0.999))
    clip_norm: float = field(default=1.0, metadata=_number(0.0, 100.0))
    batch_size: int = field(default=64, metadata=_number(1, 4_096))
    training_loss: str = field(
        default="cross_entropy",
        metadata=_choice("cross_entropy", "focal", "asymmetric", "distribution_balanced"),
    )
    focal_gamma: float = field(default=2.0, metadata=_number(0.0, 5.0))
    asymmetric_gamma_positive: float = field(default=0.0, metadata=_number(0.0, 5.0))
    asymmetric_gamma_negative: float = field(default=4.0, metadata=_number(0.0, 10.0))
    asymmetric_margin: float = field(default=0.05, metadata=_number(0.0, 0.5))
    rebalancing_midpoint: float = field(default=0.9, metadata=_number(0.0, 1.0))
    negative_tolerance: float = field(default=2.0, metadata=_number(1.0, 10.0))
    class_weighting: str = field(
        default="none", metadata=_choice("none", "sqrt", "inverse", "effective_number")
    )
    effective_number_beta: float = field(default=0.999, metadata=_number(0.9, 0.99999))

    def __post_init__(self) -> None:
        """Check every value against the catalogue, and the class weighting against the loss.

        Raises:
            ValueError: lists all problems, one a line.
        """
        problems = [
            f"{name}: {problem}"
            for name, definition in CATALOGUE.items()
            if (problem := definition.find_problem(getattr(self, name)))
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


CATALOGUE: Mapping[str, Definition] = {
    each.name: Definition(cast(Value, each.default), **each.metadata)
    for each in fields(Hyperparameters)
}
DEFAULTS: Mapping[str, Any] = {name: kind.default for name, kind in CATALOGUE.items()}


@cache
def read_meanings() -> Mapping[str, str]:
    """Read what each hyperparameter means: a sentence or two for a reader who knows some Keras."""
    text = Path(__file__).with_name("meanings.yaml").read_text(encoding="utf-8")
    return dict[str, str](yaml.safe_load(text))
