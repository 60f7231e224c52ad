"""What a learning curve predicts: its loss at ten times the texts, with an interval.

Owns the interval and its three sources: the validation texts, the noise of training, and the form
of the law. Knows no model, and draws no conclusion.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from .comparison import LEVEL, resample_means
from .matrices import Bools, Floats
from .power_law import PowerLaw, check_curve, fit_curves, fit_power_law

MIN_SIZES = 5
"""With fewer sizes, noise and the form of the curve cannot be separated."""

_N_MULTIPLES = 200
_N_FORMS = 3
_MAX_GROWTH = 2.0
"""The slope of an onset grows at most by this factor from one size to the next."""
_MAX_NOISE = 1.0
"""Largest standard deviation of a log loss; at this size the interval already covers everything."""


@dataclass(frozen=True, slots=True)
class Extrapolation:
    """What a learning curve predicts for more texts."""

    law: PowerLaw
    """The power law that fits the measured losses best."""
    n_texts: int
    """Number of train texts."""
    factor: float
    """The prediction is for this many times the train texts."""
    predicted: float
    """Median of the predictions at `factor` times the texts, in nats."""
    low: float
    """Lower end of their interval."""
    high: float
    """Upper end of their interval."""
    level: float
    """Share of the predictions inside the interval, in (0, 1)."""
    target: float
    """The loss to reach."""
    multiple: float | None
    """Median multiple of the texts at which the target is met; None if beyond `factor`."""
    multiple_low: float | None
    """Lower end of its interval; None if beyond `factor`."""
    multiple_high: float | None
    """Upper end of its interval; None if beyond `factor`, or never."""

    @property
    def is_beyond(self) -> bool:
        """Whether the complete interval at `factor` times the texts is above the target."""
        return self.low > self.target

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Self:
        """Make an extrapolation from its fields as JSON holds them.

        Raises:
            TypeError: a field is missing or unknown.
        """
        return cls(**{**fields, "law": PowerLaw(**fields["law"])})


def extrapolate(
    sizes: npt.ArrayLike,
    text_losses: Floats,
    *,
    target: float,
    floor: float = 0.0,
    factor: float = 10.0,
    seed: int,
    n_resamples: int = 1000,
) -> Extrapolation:
    """Predict the loss at `factor` times the texts, and the multiple that meets the target.

    Each resample does three things. It draws the validation texts with replacement, the same for
    all sizes. It adds training noise to every log loss; the standard deviation of the noise is
    drawn to fit the residuals of a parabola, so few residuals mean a wide range (Student's t). And
    it picks one of three forms at random:

    - the power law c + a n^(-b);
    - in the logarithms of n and of the loss above `floor`, a line, or a parabola if the curve
      steepens;
    - in the same logarithms, the last slope, which keeps growing from size to size as it last
      grew, at most twofold.

    The last two are for a curve that has just left the priors and falls faster and faster, which no
    power law does. The first two are fitted with one size left out, or none. No form rises beyond
    the last size. The interval holds the middle 90 % of the predictions.

    Args:
        sizes: numbers of train texts, ascending, (k,), k at least 5; the last is all of them.
        text_losses: those of the same validation texts at each size, float64, (k, m).
        target: the loss to reach, in nats.
        floor: the loss that no model can go below, at least 0.
        factor: how far to predict, greater than 1.
        seed: seed of all draws, at least 0.
        n_resamples: number of predictions, at least 1.

    Returns:
        The prediction. A flat curve predicts its own loss.

    Raises:
        ValueError: there are fewer than five sizes, the sizes do not ascend, or a value is NaN,
            infinite or out of range.
    """
    n, means = _check_arguments(sizes, text_losses, floor, factor)
    curves = resample_means(text_losses, seed=seed, n_resamples=n_resamples)
    multiples = np.geomspace(1.0, factor, _N_MULTIPLES)
    # A loss at or below the floor has no logarithm, so it is set just above the floor.
    excess = np.log(np.maximum(np.vstack([means, curves]) - floor, 1e-3 * means.min()))
    predicted = _predict(n / n[-1], excess[0], excess[1:], floor, multiples, seed)
    ends = [(1.0 - LEVEL) / 2.0, 0.5, (1.0 + LEVEL) / 2.0]
    low, middle, high = np.quantile(predicted[:, -1], ends)
    nearest, usual, farthest = _find_multiples(predicted <= target, multiples, ends)
    return Extrapolation(
        law=fit_power_law(n, means, floor=floor),
        n_texts=int(n[-1]),
        factor=factor,
        predicted=float(middle),
        low=float(low),
        high=float(high),
        level=LEVEL,
        target=target,
        multiple=usual,
        multiple_low=nearest,
        multiple_high=farthest,
    )


def _check_arguments(
    sizes: npt.ArrayLike, text_losses: Floats, floor: float, factor: float
) -> tuple[Floats, Floats]:
    """Return the sizes and the mean loss at each, float64, (k,) each; raise as `extrapolate`."""
    if text_losses.ndim != 2 or len(text_losses) < MIN_SIZES or not text_losses.shape[1]:
        raise ValueError(
            f"expected losses of the same texts at {MIN_SIZES} sizes, got {text_losses.shape}"
        )
    n, means = check_curve(sizes, text_losses.mean(axis=1), floor)
    if (np.diff(n) <= 0).any():
        raise ValueError(f"sizes must ascend, got {n.tolist()}")
    if not factor > 1.0:
        raise ValueError(f"expected a factor above 1, got {factor}")
    return n, means


def _predict(
    shares: Floats, measured: Floats, excess: Floats, floor: float, multiples: Floats, seed: int
) -> Floats:
    """Predict for each resample and multiple, (m, len(multiples)), from log losses, (m, k)."""
    # The texts are drawn with the seed alone; (seed, 1) gives independent draws.
    generator = np.random.default_rng((seed, 1))
    steps, ahead = np.log(shares), np.log(multiples)
    n_draws, n_sizes = excess.shape
    noise = _draw_training_noise(steps, measured, n_draws, generator)
    noisy = excess + noise[:, None] * generator.standard_normal(excess.shape)
    weights = np.ones_like(excess)
    left_out = generator.integers(0, n_sizes + 1, n_draws)
    rows = np.flatnonzero(left_out < n_sizes)
    weights[rows, left_out[rows]] = 0.0
    law, bend, onset = generator.integers(0, _N_FORMS, n_draws) == np.arange(_N_FORMS)[:, None]
    predicted = np.empty((n_draws, multiples.size))
    c, a, b = fit_curves(shares, floor + np.exp(noisy[law]), weights[law], floor)
    predicted[law] = c[:, None] + a[:, None] * multiples ** -b[:, None]
    predicted[bend] = _extrapolate_parabola(steps, noisy[bend], weights[bend], ahead)
    predicted[onset] = _extrapolate_onset(steps, noisy[onset], ahead)
    predicted[~law] = floor + np.exp(predicted[~law])
    return predicted


def _draw_training_noise(
    steps: Floats, measured: Floats, n_draws: int, generator: np.random.Generator
) -> Floats:
    """Draw standard deviations of a log loss around its curve, float64, (n_draws,)."""
    residuals = measured - np.polynomial.Polynomial.fit(steps, measured, 2)(steps)
    n_free = measured.size - 3
    variances = float((residuals**2).sum()) / generator.chisquare(n_free, n_draws)
    return np.asarray(np.minimum(np.sqrt(variances), _MAX_NOISE), dtype=np.float64)


def _extrapolate_parabola(steps: Floats, excess: Floats, weights: Floats, ahead: Floats) -> Floats:
    """Extrapolate log losses with a parabola if they steepen, else with a line."""
    line = _fit_polynomials(steps, excess, weights, 1)
    parabola = _fit_polynomials(steps, excess, weights, 2)
    steepens = parabola[:, 2] < 0.0
    coefficients = np.where(steepens[:, None], parabola, np.pad(line, ((0, 0), (0, 1))))
    excess_ahead = coefficients @ np.vander(ahead, 3, increasing=True).T
    return np.asarray(np.minimum.accumulate(excess_ahead, axis=1))


def _extrapolate_onset(steps: Floats, excess: Floats, ahead: Floats) -> Floats:
    """Extrapolate log losses with their last slope, which keeps growing as it last grew.

    The slopes are those of a parabola through the last four sizes; between only two sizes a slope
    would be mostly training noise.
    """
    parabola = _fit_polynomials(steps[-4:], excess[:, -4:], np.ones_like(excess[:, -4:]), 2)
    at = np.array([(steps[-3] + steps[-2]) / 2.0, (steps[-2] + steps[-1]) / 2.0])
    slopes = np.minimum(parabola[:, 1:2] + 2.0 * parabola[:, 2:3] * at, 0.0)
    # From a slope of 0 to a fall the growth is unlimited; from 0 to 0 there is none.
    before = np.minimum(slopes[:, :1], -1e-12)
    rate = np.log(np.clip(slopes[:, 1:] / before, 1.0, _MAX_GROWTH)) / (steps[-1] - steps[-2])
    # The integral of exp(rate x) from 0 to `ahead`; at a rate of 0 its limit is `ahead`.
    grown = np.where(rate > 1e-9, np.expm1(rate * ahead) / np.maximum(rate, 1e-9), ahead)
    return np.asarray(excess[:, -1:] + slopes[:, 1:] * grown, dtype=np.float64)


def _fit_polynomials(steps: Floats, values: Floats, weights: Floats, degree: int) -> Floats:
    """Fit a polynomial to each row by least squares, lowest power first, (m, degree + 1)."""
    powers = np.vander(steps, degree + 1, increasing=True)
    products = np.einsum("mk,ki,kj->mij", weights, powers, powers)
    right = (weights * values) @ powers
    return np.asarray(np.linalg.solve(products, right[:, :, None])[:, :, 0])


def _find_multiples(met: Bools, multiples: Floats, ends: list[float]) -> list[float | None]:
    """Find quantiles of the first multiple that meets the target; None if none does."""
    first = np.where(met.any(axis=1), multiples[met.argmax(axis=1)], np.inf)
    # There is no middle between a number and infinity, so the next higher draw is taken.
    quantiles = np.quantile(first, ends, method="higher")
    return [float(multiple) if np.isfinite(multiple) else None for multiple in quantiles]
