"""The power law of a learning curve: L(n) = c + a n^(-b), fitted to losses on parts of train.

Owns this one form and its fit; extrapolation.py estimates how far it can be trusted. Knows no
model.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .matrices import Floats

EXPONENTS: Floats = np.geomspace(0.01, 2.0, 200)
"""Candidates for b. Measured ones are between 0.07 and 0.35 (Hestness et al. 2017)."""


@dataclass(frozen=True, slots=True)
class PowerLaw:
    """A loss that falls toward an asymptote as a power of the number of texts."""

    asymptote: float
    """c: the loss that more texts cannot go below, in nats."""
    scale: float
    """a: at least 0; 0 for a curve that does not fall."""
    exponent: float
    """b: greater than 0; has no meaning if the scale is 0."""


def fit_power_law(sizes: npt.ArrayLike, losses: npt.ArrayLike, *, floor: float = 0.0) -> PowerLaw:
    """Fit L(n) = c + a n^(-b) by least squares of the relative errors.

    The fit keeps a at least 0 and c at least `floor`. The form is that of Hestness et al. (2017)
    and of the survey of Viering and Loog (2021). For each b of a grid the best c and a have a
    closed form, so the fit cannot end in a local minimum. If the curve rises, a is 0. Of equally
    good values of b the smallest is taken.

    Args:
        sizes: numbers of train texts, unique, greater than 0, (k,), k at least 3.
        losses: in nats, greater than 0, (k,).
        floor: the loss that no model can go below, at least 0.

    Raises:
        ValueError: there are fewer than three points, the shapes differ, or a value is NaN,
            infinite or out of range.
    """
    n, measured = check_curve(sizes, losses, floor)
    fits = fit_curves(n / n[-1], measured[None], np.ones((1, n.size)), floor)
    asymptote, scale, exponent = (float(fit[0]) for fit in fits)
    return PowerLaw(asymptote, scale * float(n[-1]) ** exponent, exponent)


def check_curve(sizes: npt.ArrayLike, losses: npt.ArrayLike, floor: float) -> tuple[Floats, Floats]:
    """Check that a law can be fitted, and return sizes and losses as float64, (k,) each.

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


def fit_curves(
    shares: Floats, losses: Floats, weights: Floats, floor: float
) -> tuple[Floats, Floats, Floats]:
    """Find the best c, a and b of many curves, as `fit_power_law` does of one.

    Args:
        shares: sizes divided by a common size, float64, (k,).
        losses: one curve a row, greater than 0, float64, (m, k).
        weights: 0 leaves a point out, 1 counts its squared relative error, float64, (m, k).
        floor: the smallest c.

    Returns:
        c, a and b, float64, (m,) each; a is for the shares, not for the sizes.
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
    # Where c is below the floor, c = floor is best, because the error is convex; fit a to that.
    at_floor = (precision * (losses - floor)) @ powers / (precision @ powers**2)
    below = asymptotes < floor
    scales = np.where(below, np.maximum(at_floor, 0.0), scales)
    asymptotes = np.where(below, floor, asymptotes)
    fitted = asymptotes[:, None] + scales[:, None] * powers
    errors = (weights[:, :, None] * (fitted / losses[:, :, None] - 1.0) ** 2).sum(axis=1)
    rows, best = np.arange(len(losses)), errors.argmin(axis=1)
    return asymptotes[rows, best], scales[rows, best], EXPONENTS[best]
