import json
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest

from search.metrics.extrapolation import Extrapolation, extrapolate

SIZES = np.array([300, 600, 1200, 2400, 4800])


def losses_about(means: list[float], noise: float = 0.0, seed: int = 0) -> np.ndarray:
    """Make losses of 300 texts whose means are those asked for, but for the noise of a size."""
    generator = np.random.default_rng(seed)
    hardness = generator.gamma(4.0, 0.25, 300)
    noisy = np.array(means) * np.exp(noise * generator.standard_normal(len(means)))
    return np.outer(noisy, hardness / hardness.mean())


def power_law(c: float, b: float, noise: float = 0.0, seed: int = 0) -> np.ndarray:
    return losses_about([c + 0.1 * (n / 300) ** -b for n in SIZES], noise, seed)


def test_the_interval_holds_the_truth_of_power_laws_nine_times_in_ten() -> None:
    held = []
    for seed in range(30):
        c, b = [(0.0, 0.1), (0.05, 0.2), (0.02, 0.4)][seed % 3]
        true = c + 0.1 * 160.0**-b
        found = extrapolate(
            SIZES, power_law(c, b, 0.01, seed), target=0.05, seed=seed, n_resamples=300
        )
        held.append(found.low <= true <= found.high)
    assert np.mean(held) >= 0.9


def test_more_noise_between_sizes_makes_a_wider_interval() -> None:
    widths = []
    for noise in (0.002, 0.05):
        found = extrapolate(SIZES, power_law(0.02, 0.3, noise), target=0.05, seed=0)
        widths.append(found.high - found.low)
    assert widths[1] > 1.5 * widths[0]


@pytest.mark.parametrize(
    "means",
    [
        pytest.param([0.135, 0.134, 0.120, 0.080, 0.0254], id="ends at 0.0254"),
        pytest.param([0.1344, 0.1315, 0.1177, 0.0775, 0.0373], id="ends at 0.0373"),
        pytest.param([0.135, 0.135, 0.134, 0.120, 0.080], id="ends at 0.080"),
        pytest.param([0.1315, 0.127, 0.1177, 0.101, 0.0775], id="ends at 0.0775"),
        pytest.param([0.1335, 0.1315, 0.127, 0.1177, 0.101], id="ends at 0.101"),
    ],
)
def test_a_curve_that_has_just_left_the_priors_is_never_beyond(means: list[float]) -> None:
    for seed in range(5):
        found = extrapolate(SIZES, losses_about(means, 0.01, seed), target=0.021, seed=seed)
        assert not found.is_beyond


def test_a_slow_curve_is_beyond_a_far_target_and_not_a_near_one() -> None:
    losses = losses_about([0.1607, 0.1535, 0.1456, 0.1379, 0.1310])
    assert extrapolate(SIZES, losses, target=0.05, seed=0).is_beyond
    assert not extrapolate(SIZES, losses, target=0.12, seed=0).is_beyond


def test_the_multiple_of_a_known_law_is_in_its_interval() -> None:
    # 0.02 + 0.1 m^-0.5 x^-0.5 with m = 16 is 0.035 at x = (0.025 / 0.015)^2 = 2.78.
    found = extrapolate(SIZES, power_law(0.02, 0.5, 0.002), target=0.035, floor=0.01, seed=0)
    assert found.multiple is not None
    assert found.multiple_low is not None
    assert found.multiple == pytest.approx(2.78, rel=0.25)
    assert found.multiple_low <= 2.78


def test_a_target_that_is_met_needs_no_more_texts() -> None:
    found = extrapolate(SIZES, power_law(0.0, 0.2), target=0.2, seed=0)
    assert (found.multiple, found.multiple_low, found.multiple_high) == (1.0, 1.0, 1.0)


def test_a_target_beyond_all_predictions_has_no_multiple() -> None:
    found = extrapolate(SIZES, power_law(0.1, 0.2), target=0.001, seed=0)
    assert (found.multiple, found.multiple_low, found.multiple_high) == (None, None, None)


def test_no_prediction_is_below_the_floor() -> None:
    found = extrapolate(SIZES, power_law(0.05, 0.5), target=0.01, floor=0.05, seed=0)
    assert found.low >= 0.05
    assert found.is_beyond


@pytest.mark.parametrize(
    "means",
    [pytest.param([0.1] * 5, id="flat"), pytest.param([0.1, 0.12, 0.09, 0.13, 0.1], id="ragged")],
)
def test_flat_and_ragged_curves_predict_no_rise_without_bound(means: list[float]) -> None:
    found = extrapolate(SIZES, losses_about(means), target=0.05, seed=0)
    assert found.low <= found.predicted <= found.high < 0.3


def test_a_flat_curve_stays_where_it_is() -> None:
    found = extrapolate(SIZES, np.full((5, 40), 0.1), target=0.05, seed=0)
    assert (found.low, found.high) == pytest.approx((0.1, 0.1), rel=1e-6)


def test_losses_below_the_floor_are_taken_as_at_it() -> None:
    found = extrapolate(
        SIZES, losses_about([0.1, 0.08, 0.06, 0.05, 0.04]), target=0.05, floor=0.045, seed=0
    )
    assert 0.045 <= found.low <= found.high


def test_the_same_seed_gives_the_same_numbers() -> None:
    losses = power_law(0.02, 0.3, 0.01)
    first = extrapolate(SIZES, losses, target=0.05, seed=3)
    assert extrapolate(SIZES, losses, target=0.05, seed=3) == first
    assert extrapolate(SIZES, losses, target=0.05, seed=4) != first


def test_an_extrapolation_survives_json() -> None:
    found = extrapolate(SIZES, power_law(0.02, 0.3), target=0.05, seed=0)
    assert Extrapolation.from_dict(json.loads(json.dumps(asdict(found)))) == found


@pytest.mark.parametrize(
    ("sizes", "losses", "options", "message"),
    [
        pytest.param(SIZES[:4], np.ones((4, 3)), {}, r"5 sizes.*\(4, 3\)", id="four sizes"),
        pytest.param(SIZES, np.ones((5, 0)), {}, "same texts", id="no texts"),
        pytest.param(SIZES[::-1], np.ones((5, 3)), {}, r"sizes.*ascend", id="falling sizes"),
        pytest.param(SIZES, np.full((5, 3), np.nan), {}, r"losses.*finite", id="nan"),
        pytest.param(SIZES, np.ones((5, 3)), {"factor": 1.0}, r"factor.*1", id="factor of 1"),
    ],
)
def test_curves_that_cannot_be_extrapolated_are_refused(
    sizes: Any, losses: Any, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        extrapolate(sizes, losses, target=0.05, seed=0, **options)
