"""What a network is trained on and measured on. Owns encoded texts with their labels."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..data.corpus import LabelMatrix
from ..model.embedding import SvdStart
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
