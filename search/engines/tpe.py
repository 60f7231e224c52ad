"""Optuna's TPE, as fast in a long study as in a short one. Owns that; what it draws is TPE's.

Optuna 5.0 computes the logarithm of the normal distribution element by element in Python, which
for ten thousand trials is three quarters of a proposal. SciPy has it for whole arrays, and agrees
to 2e-10 over [-1000, 1000].
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
    """TPE whose densities are computed over arrays."""

    def _sample(
        self, study: optuna.Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        with _arrays():
            return super()._sample(study, trial, search_space)


@contextmanager
def _arrays() -> Iterator[None]:
    """Put SciPy's function in place of Optuna's while a sampler of ours draws."""
    names = vars(_truncnorm)
    original = names["_log_ndtr"]
    names["_log_ndtr"] = log_ndtr
    try:
        yield
    finally:
        names["_log_ndtr"] = original
