"""Whether a training overfitted. Owns the rule by which it is judged; knows only its history."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ..trial.diagnosis import Diagnosis, Verdict
from ..trial.epoch import EpochReport
from .result import Outcome

_RISING_EPOCHS = 3
_SLOPE_EPOCHS = 4
_LARGE_GAP = 0.25
_NEAR_PRIOR = 0.95
_FAR_ABOVE_PRIOR = 1.5
_SETTLED_EPOCHS = 3
_RISEN = 1.1
_WOBBLE = 0.05


def diagnose(outcome: Outcome, *, prior_loss: float) -> Diagnosis:
    """Judge a training by the first of these rules that holds.

    - diverged: the loss that was minimised ends more than a tenth above its lowest epoch, by more
      than a twentieth of what the label priors give (less is a wobble near zero), or, from the
      third epoch on, at more than one and a half times what they give and what training began
      with (before that losses that are no likelihood are still on their way down to it);
    - underfit: at the epoch whose weights are used neither the train loss nor the loss that was
      minimised is below 95 % of what the label priors give, so the network has learned next to
      nothing (one of them is enough: dropout raises the first, and a loss that is no likelihood
      the second);
    - overfit: there is an onset, or the gap there is above a quarter of its validation loss;
    - fit: otherwise.

    Args:
        outcome: of the training.
        prior_loss: cross-entropy of the label priors, in nats an entry.
    """
    epochs, used = outcome.history.epochs, outcome.history.used
    gap = used.val_loss - used.train_loss
    onset = _find_onset(epochs)
    has_learned = (
        used.train_loss <= _NEAR_PRIOR * prior_loss
        or used.fit_loss <= _NEAR_PRIOR * outcome.prior_fit_loss
    )
    if _diverged(outcome):
        verdict = Verdict.DIVERGED
    elif not has_learned:
        verdict = Verdict.UNDERFIT
    elif onset is not None or gap > _LARGE_GAP * used.val_loss:
        verdict = Verdict.OVERFIT
    else:
        verdict = Verdict.FIT
    return Diagnosis(gap, onset, _fit_slope(epochs), verdict)


def _diverged(outcome: Outcome) -> bool:
    losses = [report.fit_loss for report in outcome.history.epochs]
    last, lowest = losses[-1], min(losses)
    far = _FAR_ABOVE_PRIOR * max(outcome.prior_fit_loss, outcome.start_fit_loss)
    is_far = len(losses) >= _SETTLED_EPOCHS and last > far
    has_risen = last > _RISEN * lowest and last - lowest > _WOBBLE * outcome.prior_fit_loss
    return is_far or has_risen


def _fit_slope(epochs: Sequence[EpochReport]) -> float:
    losses = [report.val_loss for report in epochs[-_SLOPE_EPOCHS:]]
    if len(losses) == 1:
        return 0.0
    return float(np.polyfit(range(len(losses)), losses, 1)[0])


def _find_onset(epochs: Sequence[EpochReport]) -> int | None:
    overfits = [
        after.val_loss > before.val_loss and after.train_loss < before.train_loss
        for before, after in pairwise(epochs)
    ]
    for start in range(len(overfits) - _RISING_EPOCHS + 1):
        if all(overfits[start : start + _RISING_EPOCHS]):
            return epochs[start].epoch
    return None
