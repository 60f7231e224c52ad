"""What a kept model predicts for validation, as a file beside its weights. Owns its form.

Half precision, compressed: one to two bytes an entry. Of probabilities above a half the complement
is kept, marked by the sign, so that those near 1 are as precise as those near 0.
"""

import io
import zlib
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from ..errors import StudyError
from ..metrics.matrices import Singles

PREDICTIONS_FILE = "validation_probabilities.npz"
# numpy 2 and zipfile: RuntimeError where a damaged archive asks for a password or for a compression
# that nobody has, TypeError for an array that is in no archive.
_UNREADABLE = (OSError, KeyError, EOFError, BadZipFile, zlib.error, RuntimeError, TypeError)


def round_predictions(probabilities: Singles) -> Singles:
    """Round probabilities as the file does, so that a study that is resumed goes on with the same.

    The error is at most 0.05 % of the probability or of its complement, or 3e-8.
    """
    return _unfold(_fold(probabilities))


def pack_predictions(probabilities: Singles, split: str) -> bytes:
    """Write probabilities as the content of a file.

    Args:
        probabilities: in [0, 1], float32, (n_validation, L).
        split: SHA-256 of the split that validation is of.
    """
    content = io.BytesIO()
    np.savez_compressed(content, folded=_fold(probabilities), split=np.array(split))
    return content.getvalue()


def read_predictions(path: Path, split: str, shape: tuple[int, ...]) -> Singles:
    """Read probabilities from a file, float32.

    Args:
        path: of the file.
        split: SHA-256 of the split that they must be of.
        shape: that they must have.

    Raises:
        ValueError: the file is damaged, or a probability is NaN or outside [0, 1].
        StudyError: they are of another split.
    """
    try:
        # Opened here: numpy 2 leaves a broken archive open that it has opened itself.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            folded, found = arrays["folded"], str(arrays["split"])
    except _UNREADABLE as error:
        raise ValueError(f"{path.name} cannot be read: {error}") from error
    if folded.dtype != np.float16:
        raise ValueError(f"{path.name} cannot be read: it has {folded.dtype} numbers")
    if found != split or folded.shape != shape:
        raise StudyError(
            f"{path.name}: expected predictions for validation of the split {split[:12]}, "
            f"{shape}, found those of {found[:12]}, {folded.shape}",
            "Put the file back that the search wrote, or delete it: the model is then left out.",
        )
    probabilities = _unfold(folded)
    if not ((probabilities >= 0.0) & (probabilities <= 1.0)).all():
        raise ValueError(f"{path.name} has a probability that is NaN or outside [0, 1]")
    return probabilities


def _fold(probabilities: Singles) -> np.ndarray[tuple[int, ...], np.dtype[np.float16]]:
    folded = np.where(probabilities > 0.5, probabilities - 1.0, probabilities)
    # 1 becomes -0.0, whose sign says what it is; a -0.0 that is no 1 becomes 0.0.
    return np.where(probabilities > 0.5, -np.abs(folded), folded + 0.0).astype(np.float16)


def _unfold(folded: np.ndarray[tuple[int, ...], np.dtype[np.float16]]) -> Singles:
    values = folded.astype(np.float32)
    return np.where(np.signbit(folded), np.float32(1.0) + values, values)
