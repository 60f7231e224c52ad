"""Did it overfit? Owns the rule by which a training run is judged; knows only its history."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from .history import EpochReport, History

_RISING_EPOCHS = 3
_LARGE_GAP = 0.25
_NEAR_PRIOR = 0.95


class Verdict(StrEnum):
    """What a training run was like."""

    UNDERFIT = "underfit"
    FIT = "fit"
    OVERFIT = "overfit"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """How train and validation loss went together."""

    gap: float
    """Validation minus train loss at the best epoch, in nats a cell."""
    onset: int | None
    """First epoch after which validation rises three times running while train falls."""
    verdict: Verdict


def diagnose(history: History, *, prior_loss: float) -> Diagnosis:
    """Judge a training run by this rule, the first that holds.

    - underfit: the train loss of the best epoch is above 95 % of the loss of the label priors
      (`prior_loss`, in nats), so the network has learned next to nothing;
    - overfit: there is an onset, or the gap at the best epoch is above a quarter of its
      validation loss;
    - fit: otherwise.
    """
    best = history.best
    gap = best.val_loss - best.train_loss
    onset = _onset(history.epochs)
    if best.train_loss > _NEAR_PRIOR * prior_loss:
        verdict = Verdict.UNDERFIT
    elif onset is not None or gap > _LARGE_GAP * best.val_loss:
        verdict = Verdict.OVERFIT
    else:
        verdict = Verdict.FIT
    return Diagnosis(gap, onset, verdict)


def _onset(epochs: tuple[EpochReport, ...]) -> int | None:
    for start in range(len(epochs) - _RISING_EPOCHS):
        window = epochs[start : start + _RISING_EPOCHS + 1]
        steps = list(pairwise(window))
        rises = all(after.val_loss > before.val_loss for before, after in steps)
        if rises and all(after.train_loss < before.train_loss for before, after in steps):
            return window[0].epoch
    return None
