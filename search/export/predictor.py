"""Texts to predictions with a bundle. Owns loading its members and their mean; knows no study."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..baselines.linear_model import LINEAR_FILE, read_linear
from ..errors import DataError, ExportError
from ..metrics.matrices import Singles
from ..text.label_names import LabelNames
from ..text.tokens import Tokens, tokenize
from .bundle import EXPORT_AGAIN, Bundle, read_bundle
from .member import MODEL_FILE, Member


class _Model(Protocol):
    """A network or a linear model."""

    def predict(self, tokens: Tokens) -> Singles:
        """Predict the probability of each label, float32, (len(tokens), n_labels)."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a bundle says of one text."""

    text: str
    labels: tuple[str, ...]
    """Those that are predicted: their probability is at least their threshold, or it is the highest
    where each text has exactly one label."""
    probabilities: Mapping[str, float]
    """Of every label, the most probable first."""


class Predictor:
    """A bundle with its models in memory."""

    def __init__(self, directory: Path) -> None:
        """Load a bundle.

        Raises:
            ExportError: the folder is no complete bundle, or a model of it does not load.
        """
        self.bundle: Bundle = read_bundle(directory)
        self._models = [_load(self.bundle, member, directory) for member in self.bundle.members]

    def __repr__(self) -> str:
        return f"<Predictor of {len(self.bundle.label_names)} labels>"

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Predict the labels of texts; of a binary or multiclass task exactly one.

        Raises:
            DataError: one string instead of several, or a text without words.
        """
        if isinstance(texts, str):
            raise DataError("expected a list of texts, got one string", "Put it in a list.")
        for text in texts:
            if not isinstance(text, str) or not text.strip():
                raise DataError(f"expected a text with words, got {text!r}", "Leave it out.")
        rows = self.predict_probabilities(texts)
        return [self._predict(text, row) for text, row in zip(texts, rows, strict=True)]

    def predict_probabilities(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Give each label's probability for each text, float32, (n_texts, n_labels).

        It is the mean of what the members say, by their weights. Names are masked first where they
        were in training. A text's prediction does not depend on the others. Without texts:
        (0, n_labels).
        """
        if self.bundle.masked_names:
            names = LabelNames(self.bundle.masked_names)
            texts = [names.mask(text) for text in texts]
        tokens = tokenize(texts)
        total = np.zeros((len(tokens), len(self.bundle.label_names)))
        weights = [member.weight for member in self.bundle.members]
        for weight, model in zip(weights, self._models, strict=True):
            total += weight * model.predict(tokens)
        # Weights may miss 1 by rounding, and no probability may be above it.
        return (total / sum(weights)).astype(np.float32)

    def _predict(self, text: str, row: npt.NDArray[np.float32]) -> Prediction:
        bundle = self.bundle
        # With one choice the most probable label, the first of equal ones, else by thresholds.
        chosen = (
            row >= bundle.thresholds if bundle.thresholds else np.arange(row.size) == row.argmax()
        )
        labels = list(zip(bundle.label_names, map(float, row), chosen.tolist(), strict=True))
        if bundle.negative_name:
            ((_, p, is_positive),) = labels
            labels.append((bundle.negative_name, 1.0 - p, not is_positive))
        labels.sort(key=lambda label: -label[1])
        return Prediction(
            text,
            tuple(name for name, _, is_predicted in labels if is_predicted),
            {name: p for name, p, _ in labels},
        )


def _load(bundle: Bundle, member: Member, directory: Path) -> _Model:
    """Load the model of a member.

    Raises:
        ExportError: it is missing or damaged.
    """
    folder, n_labels = member.locate(directory), len(bundle.label_names)
    if member.encoding is None:
        path, kind = folder / LINEAR_FILE, "linear model"
    else:
        path, kind = folder / MODEL_FILE, "Keras network"
    try:
        if member.encoding is None:
            model = read_linear(folder, member.vocabulary.words, bundle.task)
            if model.intercepts.size != n_labels:
                raise ValueError(f"it has {model.intercepts.size} labels, not {n_labels}")
            return model
        # Loading Keras takes seconds, which a bundle without a network does not need.
        from .network import NetworkModel

        return NetworkModel(path, member.vocabulary, member.encoding, n_labels)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ExportError(
            f"{path}: expected a {kind}, but it does not load: {error}", EXPORT_AGAIN
        ) from error
