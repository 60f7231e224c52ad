"""TPE over arrays."""

import math
import warnings

import numpy as np
import optuna
import pytest
from optuna.samplers import TPESampler
from optuna.samplers._tpe import _truncnorm

from search.engines.tpe import ArrayTPESampler


def history() -> optuna.Study:
    study = optuna.create_study()
    rng = np.random.default_rng(0)
    for _ in range(60):
        trial = study.ask()
        x, n = rng.uniform(-2.0, 2.0), int(rng.integers(1, 257))
        study.enqueue_trial({"x": x, "n": n, "cell": "gru" if x > 0 else "lstm"})
        study.tell(trial, state=optuna.trial.TrialState.FAIL)
        trial = study.ask()
        suggest(trial)
        study.tell(trial, x * x + math.log(n) / 9)
    return study


def suggest(trial: optuna.Trial) -> tuple[float, int, object]:
    x = trial.suggest_float("x", -2.0, 2.0)
    return (
        x,
        trial.suggest_int("n", 1, 256, log=True),
        trial.suggest_categorical("cell", ["lstm", "gru"]),
    )


@pytest.mark.parametrize("seed", range(4))
def test_proposes_what_optuna_s_own_proposes(seed: int) -> None:
    study = history()
    proposals = []
    for kind in (TPESampler, ArrayTPESampler):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            study.sampler = kind(seed=seed, multivariate=True, group=True)
        trial = study.ask()
        proposals.append(suggest(trial))
        study.tell(trial, state=optuna.trial.TrialState.FAIL)
    (x, *others), (our_x, *our_others) = proposals
    assert our_x == pytest.approx(x, abs=1e-8)
    assert our_others == others


def test_computes_over_arrays_while_it_draws_and_only_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = history()
    original = _truncnorm._log_ndtr
    monkeypatch.setattr(_truncnorm, "_log_ndtr_single", None)
    study.sampler = ArrayTPESampler(seed=0)
    suggest(study.ask())
    assert _truncnorm._log_ndtr is original
