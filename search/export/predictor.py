"""Texts to probabilities with a bundle. Owns loading the network; knows no study."""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt

from ..errors import ExportError
from ..text.buckets import batches_of, buckets_of
from ..text.label_names import LabelNames
from .bundle import MODEL_FILE, Bundle, read_bundle

_BATCH = 512


class Predictor:
    """A bundle with its network in memory."""

    def __init__(self, directory: Path) -> None:
        """Load a bundle.

        Raises:
            ExportError: the folder is no whole bundle, or its network does not load.
        """
        self.bundle: Bundle = read_bundle(directory)
        path = directory / MODEL_FILE
        try:
            self._network = keras.saving.load_model(path, compile=False, safe_mode=True)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise ExportError(
                f"{path}: expected a Keras network, but it does not load: {error}",
                "Export it again with `genre-search best --export DIR`.",
            ) from error

    def predict(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Give each label's probability for each text, float32, (n_texts, n_labels).

        Names are masked first where they were in training. A text's prediction does not depend on
        the others. Without texts: (0, n_labels).
        """
        probabilities = np.empty((len(texts), len(self.bundle.label_names)), np.float32)
        if self.bundle.masked_names:
            names = LabelNames(self.bundle.masked_names)
            texts = [names.mask(text) for text in texts]
        encoded = self.bundle.vocabulary.encode(texts)
        for batch in batches_of(buckets_of(encoded, self.bundle.encoding), _BATCH):
            probabilities[batch.rows] = self._network.predict_on_batch(batch.ids)
        return probabilities
