"""Every hyperparameter that a trial can have: its name, type, bounds, default and meaning.

Owns `Hyperparameters`, from which the model room builds a network, and the catalogue against which
space files are checked; meanings.yaml says what each one means. Knows no search space, no Optuna
and no Keras.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from .distribution import Categorical, Float, Int, Searched
from .problem import ProblemCollector
from .value import Value as Value
from .value import to_text as to_text


def _whole_number(low: int, high: int, *, default: int) -> Any:
    return field(default=default, metadata={"widest": Int(low, high)})


def _number(low: float, high: float, *, default: float) -> Any:
    return field(default=default, metadata={"widest": Float(low, high)})


def _choice(*choices: Value, default: Value | None = None) -> Any:
    """Make a field with these choices; without another default it has the first one."""
    default = choices[0] if default is None else default
    return field(default=default, metadata={"widest": Categorical(choices)})


@dataclass(frozen=True, slots=True)
class Hyperparameters:
    """One complete configuration of text encoding, network and optimizer.

    A hyperparameter whose condition is not met keeps its default and is not used.
    """

    vocabulary_size: int = _whole_number(10, 200_000, default=10_000)
    embedding_rows: str = _choice("words", "vocabulary_size")
    sequence_length: int = _whole_number(2, 2_000, default=100)
    padded_length: str = _choice("bucket", "longest", "sequence_length")
    padding: str = _choice("pre", "post")
    truncation: str = _choice("pre", "post")
    embedding_size: int = _whole_number(2, 1_024, default=64)
    embedding_initialization: str = _choice("random", "svd", "file")
    embedding_skip: bool = _choice(False, True)
    cell: str = _choice("simple_rnn", "lstm", "gru", default="lstm")
    reset_after: bool = _choice(True, False)
    bidirectional: bool = _choice(False, True)
    recurrent_layers: int = _whole_number(1, 3, default=1)
    units_1: int = _whole_number(1, 1_024, default=32)
    units_2: int = _whole_number(1, 1_024, default=32)
    units_3: int = _whole_number(1, 1_024, default=32)
    recurrent_initializer: str = _choice("orthogonal", "glorot_uniform")
    pooling: str = _choice("last", "final", "mean", "max", "sqrtn")
    convolution_filters: int = _whole_number(0, 1_024, default=0)
    convolution_width: int = _whole_number(1, 15, default=3)
    dense_units: int = _whole_number(0, 1_024, default=0)
    word_dropout: float = _number(0.0, 0.9, default=0.0)
    spatial_dropout: float = _number(0.0, 0.9, default=0.0)
    embedding_dropout: float = _number(0.0, 0.9, default=0.0)
    input_dropout: float = _number(0.0, 0.9, default=0.0)
    recurrent_dropout: float = _number(0.0, 0.9, default=0.0)
    dropout: float = _number(0.0, 0.9, default=0.0)
    dense_dropout: float = _number(0.0, 0.9, default=0.0)
    output_bias: str = _choice("log_odds", "zeros")
    optimizer: str = _choice("adam", "adamw", "rmsprop", "nadam", "sgd")
    learning_rate: float = _number(1e-6, 10.0, default=1e-3)
    weight_decay: float = _number(0.0, 1.0, default=0.0)
    momentum: float = _number(0.0, 0.999, default=0.9)
    clip_norm: float = _number(0.0, 100.0, default=1.0)
    batch_size: int = _whole_number(1, 4_096, default=64)
    training_loss: str = _choice("cross_entropy", "focal", "asymmetric", "distribution_balanced")
    focal_gamma: float = _number(0.0, 5.0, default=2.0)
    asymmetric_gamma_positive: float = _number(0.0, 5.0, default=0.0)
    asymmetric_gamma_negative: float = _number(0.0, 10.0, default=4.0)
    asymmetric_margin: float = _number(0.0, 0.5, default=0.05)
    rebalancing_midpoint: float = _number(0.0, 1.0, default=0.9)
    negative_tolerance: float = _number(1.0, 10.0, default=2.0)
    class_weighting: str = _choice("none", "sqrt", "inverse", "effective_number")
    effective_number_beta: float = _number(0.9, 0.99999, default=0.999)

    def __post_init__(self) -> None:
        """Check every value against the catalogue, and the class weighting against the loss.

        Raises:
            ValueError: lists all problems, one a line.
        """
        values = {name: getattr(self, name) for name in CATALOGUE}
        collector = ProblemCollector()
        for name, value in values.items():
            collector.add(name, CATALOGUE[name].find_problem(value))
        collector.add("class_weighting", find_clash(values))
        if collector.problems:
            raise ValueError("\n".join(map(str, collector.problems)))

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


CATALOGUE: Mapping[str, Searched] = {
    each.name: each.metadata["widest"] for each in fields(Hyperparameters)
}
"""All values that any space may give each hyperparameter."""
DEFAULTS: Mapping[str, Any] = {each.name: each.default for each in fields(Hyperparameters)}


def find_clash(values: Mapping[str, object]) -> str:
    """Say why `class_weighting` excludes another of these values, or "" if it does not.

    Each value alone is valid; missing ones have their defaults.
    """
    weighting = values.get("class_weighting", "none")
    if weighting == "none" or values.get("training_loss") != "distribution_balanced":
        return ""
    return (
        "must be none when training_loss is distribution_balanced, which has its own weights, "
        f"got {weighting}"
    )


@cache
def read_meanings() -> Mapping[str, str]:
    """Read what each hyperparameter means: a sentence or two for a reader who knows some Keras."""
    text = Path(__file__).with_name("meanings.yaml").read_text(encoding="utf-8")
    return dict[str, str](yaml.safe_load(text))
