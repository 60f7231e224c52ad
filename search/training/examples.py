"""What a network is trained on and measured on. Owns encoded texts with their labels."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..data.corpus import LabelMatrix
from ..model.embedding import FileStart, SvdStart
from ..space.hyperparameters import Hyperparameters
from ..text.vocabulary import EncodedTexts, Vocabulary


@dataclass(frozen=True, slots=True)
class Examples:
    """Encoded texts with labels, in one order."""

    texts: EncodedTexts
    labels: LabelMatrix
    """uint8, (n_texts, n_labels)."""

    def sample(self, size: int, *, seed: int) -> "Examples":
        """Draw `size` examples without replacement, in their order; all, where there are fewer."""
        if size >= len(self.texts):
            return self
        chosen = np.sort(np.random.default_rng(seed).choice(len(self.texts), size, replace=False))
        parts = [
            self.texts.ids[self.texts.offsets[row] : self.texts.offsets[row + 1]] for row in chosen
        ]
        offsets: npt.NDArray[np.int64] = np.concatenate(
            ([0], np.cumsum([len(part) for part in parts]))
        )
        return Examples(EncodedTexts(np.concatenate(parts), offsets), self.labels[chosen])


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Everything that the trials of a study share. The test part of the split is not in it."""

    vocabulary: Vocabulary
    """Counted on train, uncut."""
    train: Examples
    train_sample: Examples
    """A fixed part of train, as large as validation, on which overfitting is measured."""
    validation: Examples
    svd_start: SvdStart
    """Word vectors of the train texts."""
    file_start: FileStart | None = None
    """Word vectors from a file; None where the user gave none."""

    def start_of(self, hyperparameters: Hyperparameters) -> npt.NDArray[np.float32] | None:
        """Give the start of a network's embedding, (rows, embedding_size), or None for random.

        Raises:
            ValueError: it is to start from a file, and there is none.
        """
        initialization = hyperparameters.embedding_initialization
        if initialization == "random":
            return None
        start = self.svd_start if initialization == "svd" else self.file_start
        if start is None:
            raise ValueError("embedding_initialization is file, but no file was read")
        n_rows = hyperparameters.n_embedding_rows(self.vocabulary.size)
        return start.vectors(n_rows, hyperparameters.embedding_size)
