"""Optuna's TPE, fast in long studies too. Owns the speed only; the draws are those of TPE.

Optuna 5.0 computes the logarithm of the normal distribution element by element in Python, which
takes three quarters of a proposal's time with ten thousand trials. SciPy computes it for whole
arrays, and agrees to 2e-10 over [-1000, 1000].
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import optuna
from optuna.distributions import BaseDistribution
from optuna.samplers import TPESampler
from optuna.samplers._tpe import _truncnorm
from optuna.trial import FrozenTrial
from scipy.special import log_ndtr


class ArrayTPESampler(TPESampler):
    """TPE that computes its densities over arrays."""

    def _sample(
        self, study: optuna.Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        with _arrays():
            return super()._sample(study, trial, search_space)


@contextmanager
def _arrays() -> Iterator[None]:
    """Replace Optuna's function by SciPy's while this sampler draws."""
    names = vars(_truncnorm)
    original = names["_log_ndtr"]
    names["_log_ndtr"] = log_ndtr
    try:
        yield
    finally:
        names["_log_ndtr"] = original
