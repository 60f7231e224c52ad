"""Texts to predictions with a bundle. Owns loading the network; knows no study."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt

from ..errors import DataError, ExportError
from ..text.buckets import make_batches, make_buckets
from ..text.label_names import LabelNames
from ..text.tokens import tokenize
from .bundle import EXPORT_AGAIN, MODEL_FILE, Bundle, read_bundle

_BATCH = 512


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
    """A bundle with its network in memory."""

    def __init__(self, directory: Path) -> None:
        """Load a bundle.

        Raises:
            ExportError: the folder is no complete bundle, or its network does not load.
        """
        self.bundle: Bundle = read_bundle(directory)
        path = directory / MODEL_FILE
        try:
            self._network = keras.saving.load_model(path, compile=False, safe_mode=True)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise ExportError(
                f"{path}: expected a Keras network, but it does not load: {error}",
                EXPORT_AGAIN,
            ) from error

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

        Names are masked first where they were in training. A text's prediction does not depend on
        the others. Without texts: (0, n_labels).
        """
        probabilities = np.empty((len(texts), len(self.bundle.label_names)), np.float32)
        if self.bundle.masked_names:
            names = LabelNames(self.bundle.masked_names)
            texts = [names.mask(text) for text in texts]
        encoded = self.bundle.vocabulary.encode(tokenize(texts))
        for batch in make_batches(make_buckets(encoded, self.bundle.encoding), _BATCH):
            probabilities[batch.rows] = self._network.predict_on_batch(batch.ids)
        return probabilities

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
