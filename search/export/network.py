"""A network of a bundle in memory. Owns how Keras loads it; knows no other member."""

from pathlib import Path

import keras
import numpy as np

from ..metrics.matrices import Singles
from ..text.buckets import Encoding, make_batches, make_buckets
from ..text.tokens import Tokens
from ..text.vocabulary import Vocabulary

_BATCH = 512


class NetworkModel:
    """Tokens to probabilities by a Keras network."""

    def __init__(
        self, path: Path, vocabulary: Vocabulary, encoding: Encoding, n_labels: int
    ) -> None:
        """Load a network in safe mode.

        Raises:
            OSError, ValueError, TypeError, KeyError: it does not load.
        """
        self._vocabulary, self._encoding, self._n_labels = vocabulary, encoding, n_labels
        self._network = keras.saving.load_model(path, compile=False, safe_mode=True)

    def predict(self, tokens: Tokens) -> Singles:
        """Predict the probability of each label, float32, (len(tokens), n_labels)."""
        probabilities = np.empty((len(tokens), self._n_labels), np.float32)
        encoded = self._vocabulary.encode(tokens)
        for batch in make_batches(make_buckets(encoded, self._encoding), _BATCH):
            probabilities[batch.rows] = self._network.predict_on_batch(batch.ids)
        return probabilities
