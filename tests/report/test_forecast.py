from dataclasses import replace

import pytest

from search.report.forecast import Forecast, TrialEstimate, format_duration, format_megabytes

TIMED = TrialEstimate((60.0, 30.0, 150.0), 1_000_000, None)
FORECAST = Forecast(
    study="films-genre-12345678",
    begun_from=None,
    is_new=True,
    n_done=0,
    n_trials=10,
    n_running=0,
    waiting=["small", "large"],
    ending=None,
    space="genre",
    data="films, 120 texts",
    strategy="engine optuna",
    baselines="are fitted first",
    n_epochs=15,
    n_confirmations=0,
    n_kept=3,
    estimate=TIMED,
    timeout_seconds=None,
    has_front=False,
    has_checkpoints=False,
)


def _line(forecast: Forecast, topic: str) -> str:
    return next(line for line in forecast.lines() if line.startswith(f"{topic}: "))


def test_a_new_study_has_a_line_a_topic() -> None:
    topics = [line.split(":")[0] for line in FORECAST.lines()]
    assert topics == ["study", "space", "data", "strategy", "baselines", "time", "disk"]
    line = _line(FORECAST, "study")
    assert "films-genre-12345678, new: 10 trials of 15 epochs" in line
    assert "first: small, large" in line


def test_a_resumed_study_says_what_is_left_and_what_waits() -> None:
    resumed = replace(FORECAST, is_new=False, n_done=9, waiting=["small", ""], n_running=1)
    line = _line(resumed, "study")
    assert "9 of 10 trials are done; 1 left; first: small;" in line
    assert "too few trials for an interrupted trial" in line
    assert "1 running elsewhere, or interrupted" in line


def test_a_finished_study_has_nothing_to_run() -> None:
    ended = replace(FORECAST, is_new=False, n_done=4, ending="target met", estimate=None)
    assert "4 of 10 trials are done; finished (target met)" in _line(ended, "study")
    assert "first:" not in _line(ended, "study")
    assert "no trial is left" in _line(ended, "time")
    assert "nothing is added" in _line(ended, "disk")
    assert ended.disk_bytes == 0


def test_timed_batches_are_a_limit_and_trials_that_were_run_are_not() -> None:
    # The mean of 60, 30 and 150 s is 80 s, ten of them 800 s or 13 min; the median 60 s.
    timed = _line(FORECAST, "time")
    assert timed.startswith("time: at most about 13 min for 10 trials; a trial of all its epochs")
    assert "batches of 3 networks" in timed
    assert "60 s (30 s to 2 min)" in timed
    assert "pruning usually make it shorter" in timed
    run = _line(replace(FORECAST, estimate=replace(TIMED, study="others")), "time")
    assert run.startswith("time: about 13 min for 10 trials; 3 trials of others took 60 s (")
    assert "at most" not in run


def test_a_timeout_and_fresh_seeds_are_counted_in() -> None:
    line = _line(replace(FORECAST, n_confirmations=6, timeout_seconds=600.0), "time")
    # 16 trainings of 80 s.
    assert "at most about 21 min for 10 trials and 6 trainings with fresh seeds" in line
    assert "stops after 10 min" in line


def test_disk_is_networks_trials_and_what_a_new_study_takes_once() -> None:
    assert FORECAST.disk_bytes == (3 + 6) * (4_000_000 + 120_000) + 10 * 600_000 + 8_000_000
    line = _line(FORECAST, "disk")
    assert "at most about 51.1 MB: 3 kept networks, and 6 more in the ensemble, of up to" in line
    assert "of up to 4.1 MB each (1,000,000 weights)" in line
    resumed = replace(FORECAST, is_new=False, n_done=9)
    assert resumed.disk_bytes == (3 + 6) * (4_000_000 + 120_000) + 600_000


def test_a_front_and_checkpoints_are_named() -> None:
    line = _line(replace(FORECAST, has_front=True, has_checkpoints=True), "disk")
    assert "4.1 MB more for each further network of the Pareto front" in line
    assert "a checkpoint of up to 16.0 MB for each trial" in line
    assert replace(FORECAST, has_checkpoints=True).disk_bytes == FORECAST.disk_bytes + 160_000_000


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        pytest.param(0.4, "0 s", id="below a second"),
        pytest.param(119.0, "119 s", id="seconds"),
        pytest.param(150.0, "2 min", id="minutes"),
        pytest.param(9000.0, "2.5 h", id="hours"),
    ],
)
def test_a_duration_is_written_with_about_two_digits(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


def test_a_size_is_written_in_megabytes_or_gigabytes() -> None:
    assert format_megabytes(5_400_000) == "5.4 MB"
    assert format_megabytes(12_300_000_000) == "12.3 GB"
