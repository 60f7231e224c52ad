import json
from dataclasses import asdict

import numpy as np
import pytest
from scipy.optimize import curve_fit

from search.metrics.power_law import PowerLaw, fit_power_law

SIZES = np.array([300.0, 600.0, 1200.0, 2400.0, 4800.0])


def predict(law: PowerLaw, n_texts: float) -> float:
    return float(law.asymptote + law.scale * n_texts**-law.exponent)


@pytest.mark.parametrize(
    ("c", "a", "b"),
    [
        pytest.param(0.0, 0.3, 0.1, id="down to 0"),
        pytest.param(0.05, 1.0, 0.3, id="down to 0.05"),
        pytest.param(0.02, 5.0, 0.6, id="steep, down to 0.02"),
    ],
)
def test_a_known_law_is_found_again(c: float, a: float, b: float) -> None:
    law = fit_power_law(SIZES, c + a * SIZES**-b)
    assert predict(law, 48_000) == pytest.approx(c + a * 48_000**-b, rel=0.02)
    assert law.exponent == pytest.approx(b, rel=0.1)


def test_a_noisy_fit_is_as_near_as_that_of_scipy() -> None:
    losses = (0.03 + 1.0 * SIZES**-0.4) * np.array([1.01, 0.99, 1.0, 1.01, 0.995])

    def formula(n: np.ndarray, c: float, a: float, b: float) -> np.ndarray:
        return np.asarray(c + a * n**-b)

    (c, a, b), _ = curve_fit(formula, SIZES, losses, p0=(0.03, 1.0, 0.4), sigma=losses)
    theirs = ((formula(SIZES, c, a, b) / losses - 1) ** 2).sum()
    law = fit_power_law(SIZES, losses)
    ours = sum((predict(law, n) / loss - 1) ** 2 for n, loss in zip(SIZES, losses, strict=True))
    assert ours == pytest.approx(theirs, rel=0.02)


def test_the_asymptote_is_not_below_the_floor() -> None:
    law = fit_power_law(SIZES, 0.5 * SIZES**-0.2, floor=0.05)
    assert law.asymptote >= 0.05
    assert law.scale > 0


@pytest.mark.parametrize(
    "losses",
    [pytest.param([0.2] * 5, id="flat"), pytest.param([0.1, 0.11, 0.12, 0.13, 0.14], id="rising")],
)
def test_a_curve_that_does_not_fall_has_no_slope(losses: list[float]) -> None:
    law = fit_power_law(SIZES, losses)
    assert predict(law, 48_000) == pytest.approx(predict(law, 300), rel=1e-6)
    assert min(losses) <= law.asymptote <= max(losses) + 1e-9


def test_a_law_survives_json() -> None:
    law = PowerLaw(0.01, 0.5, 0.2)
    assert PowerLaw(**json.loads(json.dumps(asdict(law)))) == law


@pytest.mark.parametrize(
    ("sizes", "losses", "message"),
    [
        pytest.param([1, 2], [0.2, 0.1], "three sizes or more", id="two sizes"),
        pytest.param([1, 2, 3], [0.2, 0.1], "one loss a size", id="a loss too few"),
        pytest.param([1, 2, 2], [0.3, 0.2, 0.1], r"sizes.*different", id="a size twice"),
        pytest.param([0, 1, 2], [0.3, 0.2, 0.1], "greater than 0", id="a size of 0"),
        pytest.param([1, 2, 3], [0.3, np.nan, 0.1], r"losses.*finite", id="nan"),
        pytest.param([1, 2, 3], [0.3, 0.0, 0.1], r"losses.*greater than 0", id="a loss of 0"),
    ],
)
def test_points_that_make_no_curve_are_refused(
    sizes: list[float], losses: list[float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        fit_power_law(sizes, losses)


def test_a_floor_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match=r"floor.*0 or greater"):
        fit_power_law(SIZES, 1 / SIZES, floor=-0.1)
