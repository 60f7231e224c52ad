"""How far a learning curve reaches: its loss at ten times the texts, with an honest interval.

Owns the interval and what goes into it: the texts it was measured on, the noise of training, and
the form of the law. Knows no model and gives no verdict.
"""

from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from .comparison import resampled_means
from .matrices import Floats
from .power_law import EXPONENTS, PowerLaw, check_curve, fit_by_exponent, fit_power_law

MIN_SIZES = 5
"""Fewer cannot tell noise from the form of the curve."""

_N_MULTIPLES = 200
_N_FORMS = 3
_MAX_GROWTH = 2.0
"""The slope of an onset grows at most by this from one size to the next."""
_MAX_NOISE = 1.0
"""Largest standard deviation of a log loss; beyond it anything goes as it is."""


@dataclass(frozen=True, slots=True)
class Extrapolation:
    """What a learning curve says of more texts."""

    law: PowerLaw
    """The single power law nearest to the measured losses."""
    n_texts: int
    """Train texts that there are."""
    factor: float
    """How many times as many texts the prediction is for."""
    predicted: float
    """Middle of the predictions at `factor` times the texts, in nats."""
    low: float
    """Lower end of their interval."""
    high: float
    """Upper end of their interval."""
    level: float
    """Share of the predictions that the interval holds, in (0, 1)."""
    target: float
    """The loss that was asked about."""
    multiple: float | None
    """Middle multiple of the texts at which the target is met; None where beyond `factor`."""
    multiple_low: float | None
    """Lower end of its interval; None where beyond `factor`."""
    multiple_high: float | None
    """Upper end of its interval; None where beyond `factor`, or never."""

    @property
    def is_beyond(self) -> bool:
        """Whether the whole interval at `factor` times the texts lies above the target."""
        return self.low > self.target

    def as_dict(self) -> dict[str, Any]:
        """Give the fields as JSON takes them."""
        return asdict(self)

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Self:
        """Read what `as_dict` gave.

        Raises:
            TypeError: a field is missing or unknown.
        """
        return cls(**{**fields, "law": PowerLaw.from_dict(fields["law"])})


def extrapolate(
    sizes: npt.ArrayLike,
    text_losses: Floats,
    *,
    target: float,
    floor: float = 0.0,
    factor: float = 10.0,
    seed: int,
    level: float = 0.9,
    n_resamples: int = 1000,
) -> Extrapolation:
    """Predict the loss at `factor` times the texts, and the multiple that meets the target.

    Each resample draws the validation texts again, the same for all sizes; adds to every log loss
    a noise of training, whose size is drawn from what the residuals of a parabola leave open
    (Student's t where they are few); and takes one of three forms at random. The first is the
    power law c + a n^(-b). The other two are for a curve that has just left the priors and falls
    ever faster, which no power law does; they are of the logarithms of n and of the loss above
    `floor`: a line or, where the curve steepens, a parabola; and the last slope, growing from
    size to size as it last grew, where it did, up to twofold. The first two are fitted with one
    size left out, or none. No form rises beyond the last size. The interval holds the middle
    `level` of the predictions.

    Args:
        sizes: numbers of train texts, ascending, (k,), k at least 5; the last is all there are.
        text_losses: of the same validation texts at each size, float64, (k, m).
        target: the loss asked about, in nats.
        floor: loss that no model gets below, 0 or greater.
        factor: how far to predict, greater than 1.
        seed: of all draws, 0 or more.
        level: share of predictions in the intervals, in (0, 1).
        n_resamples: number of predictions, 1 or more.

    Returns:
        The prediction. A flat curve predicts what it has.

    Raises:
        ValueError: fewer than five sizes, sizes that do not ascend, or a value that is NaN,
            infinite or out of range.
    """
    if text_losses.ndim != 2 or len(text_losses) < MIN_SIZES or not text_losses.shape[1]:
        raise ValueError(
            f"expected losses of the same texts at {MIN_SIZES} sizes, got {text_losses.shape}"
        )
    n, means = check_curve(sizes, text_losses.mean(axis=1), floor)
    if (np.diff(n) <= 0).any():
        raise ValueError(f"sizes must ascend, got {n.tolist()}")
    if not (factor > 1.0 and 0.0 < level < 1.0):
        raise ValueError(f"expected factor above 1 and level in (0, 1), got {factor} and {level}")
    curves = resampled_means(text_losses, seed=seed, n_resamples=n_resamples)
    multiples = np.geomspace(1.0, factor, _N_MULTIPLES)
    # Rows of 0 would have no logarithm: a floor that noise falls below is met, not passed.
    excess = np.log(np.maximum(np.vstack([means, curves]) - floor, 1e-3 * means.min()))
    predicted = _predict(n / n[-1], excess[0], excess[1:], floor, multiples, seed)
    ends = [(1.0 - level) / 2.0, 0.5, (1.0 + level) / 2.0]
    low, middle, high = np.quantile(predicted[:, -1], ends)
    nearest, usual, farthest = _multiples_to(target, predicted, multiples, ends)
    return Extrapolation(
        law=fit_power_law(n, means, floor=floor),
        n_texts=int(n[-1]),
        factor=factor,
        predicted=float(middle),
        low=float(low),
        high=float(high),
        level=level,
        target=target,
        multiple=usual,
        multiple_low=nearest,
        multiple_high=farthest,
    )


def _predict(
    shares: Floats, measured: Floats, excess: Floats, floor: float, multiples: Floats, seed: int
) -> Floats:
    """Predict by resample and multiple, (m, len(multiples)); `excess` is log losses, (m, k)."""
    # The seed alone draws the texts; these draws are others.
    generator = np.random.default_rng((seed, 1))
    steps = np.log(shares)
    n_draws, n_sizes = excess.shape
    noise = _noise_of_training(steps, measured, n_draws, generator)
    noisy = excess + noise[:, None] * generator.standard_normal(excess.shape)
    weights = np.ones_like(excess)
    left_out = generator.integers(0, n_sizes + 1, n_draws)
    rows = np.flatnonzero(left_out < n_sizes)
    weights[rows, left_out[rows]] = 0.0
    law, bend, onset = generator.integers(0, _N_FORMS, n_draws) == np.arange(_N_FORMS)[:, None]
    predicted = np.empty((n_draws, multiples.size))
    predicted[law] = _by_power_law(
        shares, floor + np.exp(noisy[law]), weights[law], floor, multiples
    )
    predicted[bend] = floor + np.exp(_by_parabola(steps, noisy[bend], weights[bend], multiples))
    predicted[onset] = floor + np.exp(_by_onset(steps, noisy[onset], multiples))
    return predicted


def _noise_of_training(
    steps: Floats, measured: Floats, n_draws: int, generator: np.random.Generator
) -> Floats:
    """Draw standard deviations of a log loss about its curve, float64, (n_draws,)."""
    residuals = measured - np.polynomial.Polynomial.fit(steps, measured, 2)(steps)
    n_free = measured.size - 3
    variances = float((residuals**2).sum()) / generator.chisquare(n_free, n_draws)
    return np.asarray(np.minimum(np.sqrt(variances), _MAX_NOISE), dtype=np.float64)


def _by_power_law(
    shares: Floats, losses: Floats, weights: Floats, floor: float, multiples: Floats
) -> Floats:
    """Extrapolate each curve by its own best power law."""
    asymptotes, scales = fit_by_exponent(shares, losses, weights, floor)
    fitted = asymptotes[:, None] + scales[:, None] * (shares[:, None] ** -EXPONENTS)
    errors = (weights[:, :, None] * (fitted / losses[:, :, None] - 1.0) ** 2).sum(axis=1)
    best = errors.argmin(axis=1)
    rows = np.arange(len(best))
    falls = multiples ** -EXPONENTS[best][:, None]
    found = asymptotes[rows, best][:, None] + scales[rows, best][:, None] * falls
    return np.asarray(found, dtype=np.float64)


def _by_parabola(steps: Floats, excess: Floats, weights: Floats, multiples: Floats) -> Floats:
    """Extrapolate log losses by a parabola where they steepen, else by a line."""
    ahead = np.log(multiples)
    line = _fit_polynomials(steps, excess, weights, 1)
    parabola = _fit_polynomials(steps, excess, weights, 2)
    steepens = parabola[:, 2] < 0.0
    coefficients = np.where(steepens[:, None], parabola, np.pad(line, ((0, 0), (0, 1))))
    found = coefficients @ np.vander(ahead, 3, increasing=True).T
    return np.asarray(np.minimum.accumulate(found, axis=1))


def _by_onset(steps: Floats, excess: Floats, multiples: Floats) -> Floats:
    """Extrapolate log losses by their last slope, growing as it last grew.

    Slopes are those of a parabola through the last four sizes: of two sizes alone they are mostly
    noise of training.
    """
    parabola = _fit_polynomials(steps[-4:], excess[:, -4:], np.ones_like(excess[:, -4:]), 2)
    at = np.array([(steps[-3] + steps[-2]) / 2.0, (steps[-2] + steps[-1]) / 2.0])
    slopes = np.minimum(parabola[:, 1:2] + 2.0 * parabola[:, 2:3] * at, 0.0)
    # A slope of 0 before a fall grows without bound, and two slopes of 0 do not grow.
    before = np.minimum(slopes[:, :1], -1e-12)
    rate = np.log(np.clip(slopes[:, 1:] / before, 1.0, _MAX_GROWTH)) / (steps[-1] - steps[-2])
    ahead = np.log(multiples)
    # The integral of slope exp(rate x) from 0 to `ahead`, whose limit at a rate of 0 is a line.
    grown = np.where(rate > 1e-9, np.expm1(rate * ahead) / np.maximum(rate, 1e-9), ahead)
    return np.asarray(excess[:, -1:] + slopes[:, 1:] * grown, dtype=np.float64)


def _fit_polynomials(steps: Floats, values: Floats, weights: Floats, degree: int) -> Floats:
    """Fit a polynomial to each row by least squares, lowest power first, (m, degree + 1)."""
    powers = np.vander(steps, degree + 1, increasing=True)
    products = np.einsum("mk,ki,kj->mij", weights, powers, powers)
    right = (weights * values) @ powers
    solved = np.linalg.solve(products, right[:, :, None])[:, :, 0]
    return np.asarray(solved, dtype=np.float64)


def _multiples_to(
    target: float, predicted: Floats, multiples: Floats, ends: list[float]
) -> list[float | None]:
    """Find quantiles of the first multiple that meets the target; None where none does."""
    met = predicted <= target
    first = np.where(met.any(axis=1), multiples[met.argmax(axis=1)], np.inf)
    # Between a number and infinity there is no middle: the next greater draw is taken.
    found = np.quantile(first, ends, method="higher")
    return [float(multiple) if np.isfinite(multiple) else None for multiple in found]
