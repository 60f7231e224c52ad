"""The power law of a learning curve: L(n) = c + a n^(-b), fitted to losses on parts of train.

Owns the law of a curve's own fit and refuses every other form; `extrapolation.py` asks how far
such a law can be trusted. Knows no model.
"""

import math
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from .matrices import Floats

EXPONENTS: Floats = np.geomspace(0.01, 2.0, 200)
"""What b is chosen from. Measured ones lie between 0.07 and 0.35 (Hestness et al. 2017)."""


@dataclass(frozen=True, slots=True)
class PowerLaw:
    """A loss that falls toward an asymptote with a power of the number of texts."""

    asymptote: float
    """c: the loss that no number of texts gets below, in nats."""
    scale: float
    """a: 0 or greater; 0 for a curve that does not fall."""
    exponent: float
    """b: greater than 0; means nothing where the scale is 0."""

    def at(self, n_texts: float) -> float:
        """Give the loss at a number of train texts, greater than 0."""
        return self.asymptote + self.scale * math.exp(-self.exponent * math.log(n_texts))

    def as_dict(self) -> dict[str, float]:
        """Give the fields as JSON takes them."""
        return asdict(self)

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Self:
        """Read what `as_dict` gave.

        Raises:
            TypeError: a field is missing or unknown.
        """
        return cls(**fields)


def fit_power_law(sizes: npt.ArrayLike, losses: npt.ArrayLike, *, floor: float = 0.0) -> PowerLaw:
    """Fit L(n) = c + a n^(-b) by least squares of the relative errors.

    There a is at least 0 and c at least `floor`. The form is that of Hestness et al. (2017) and
    of the survey of Viering and Loog (2021). For each b of a grid the best c and a are had in
    closed form, so the fit cannot be caught in a poor minimum. A curve that rises as a whole
    gives a of 0; of equally good b the smallest is taken.

    Args:
        sizes: numbers of train texts, different, greater than 0, (k,), k at least 3.
        losses: in nats, greater than 0, (k,).
        floor: loss that no model gets below, 0 or greater.

    Returns:
        The law.

    Raises:
        ValueError: fewer than three points, shapes that differ, or a value that is NaN, infinite
            or out of range.
    """
    n, measured = check_curve(sizes, losses, floor)
    shares = n / n[-1]
    asymptotes, scales = fit_by_exponent(shares, measured[None], np.ones((1, n.size)), floor)
    found = asymptotes[0] + scales[0] * shares[:, None] ** -EXPONENTS
    errors = (((found - measured[:, None]) / measured[:, None]) ** 2).sum(axis=0)
    best = int(np.argmin(errors))
    exponent = float(EXPONENTS[best])
    scale = float(scales[0, best]) * float(n[-1]) ** exponent
    return PowerLaw(float(asymptotes[0, best]), scale, exponent)


def check_curve(sizes: npt.ArrayLike, losses: npt.ArrayLike, floor: float) -> tuple[Floats, Floats]:
    """Return sizes and losses as float64, (k,) each, where a law can be fitted to them.

    Raises:
        ValueError: as `fit_power_law`.
    """
    n, measured = np.asarray(sizes, np.float64), np.asarray(losses, np.float64)
    if n.ndim != 1 or n.shape != measured.shape or n.size < 3:
        raise ValueError(
            f"expected one loss a size, of three sizes or more, got {n.shape} and {measured.shape}"
        )
    if not (np.isfinite(n).all() and (n > 0).all() and np.unique(n).size == n.size):
        raise ValueError(f"sizes must be different and greater than 0, got {n.tolist()}")
    if not (np.isfinite(measured).all() and (measured > 0).all()):
        raise ValueError(f"losses must be finite and greater than 0, got {measured.tolist()}")
    if not 0.0 <= floor < np.inf:
        raise ValueError(f"floor must be 0 or greater and finite, got {floor:g}")
    return n, measured


def fit_by_exponent(
    shares: Floats, losses: Floats, weights: Floats, floor: float
) -> tuple[Floats, Floats]:
    """Find the best c and a of many curves for every b of EXPONENTS.

    Args:
        shares: sizes as shares of a common one, float64, (k,).
        losses: a curve a row, greater than 0, float64, (m, k).
        weights: 0 leaves a point out, 1 counts its squared relative error, float64, (m, k).
        floor: the least c.

    Returns:
        c and a, float64, (m, len(EXPONENTS)) each; a belongs to the shares.
    """
    powers = shares[:, None] ** -EXPONENTS
    precision = weights / losses**2
    total = precision.sum(axis=1, keepdims=True)
    mean_power = precision @ powers / total
    mean_loss = (precision * losses).sum(axis=1, keepdims=True) / total
    product = (precision * losses) @ powers / total - mean_power * mean_loss
    square = precision @ powers**2 / total - mean_power**2
    scales = np.maximum(product / np.maximum(square, 1e-12), 0.0)
    asymptotes = mean_loss - scales * mean_power
    # Below the floor: the best a for c at the floor. The error is convex, so the bound is best.
    at_floor = (precision * (losses - floor)) @ powers / (precision @ powers**2)
    below = asymptotes < floor
    scales = np.where(below, np.maximum(at_floor, 0.0), scales)
    return np.where(below, floor, asymptotes), scales
