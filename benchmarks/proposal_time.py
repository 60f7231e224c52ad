"""Make studies of many trials, and print how long the next proposal and what is left take.

    python benchmarks/proposal_time.py
    python benchmarks/proposal_time.py --trials 10000 --samplers tpe --turns 10

The studies search the shipped space `genre` and lie in SQLite in a temporary folder. 40 % of the
trials are complete with ten epochs and 60 % are pruned. Each has as many attributes as a real one,
and its value is a smooth function of its hyperparameters. All rows are written at once, past
Optuna.

Each row of the table is measured in a process of its own. Cold is the first time after the imports,
with the opening of the database; a cold proposal includes reading all trials, while a cold decision
reads states and values only. Warm are the median and the maximum of further times. Before each warm
proposal the training of the last trial is written (ten epochs reported, the trial saved and ended);
the last column gives the time of that. The rows are Markdown, for benchmarks/LOG.md.
"""

import argparse
import json
import math
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

import numpy as np
import sqlalchemy
from optuna.distributions import distribution_to_json

from search.data.corpus import DataSource
from search.engines.optuna_proposer import OptunaProposer
from search.engines.strategy import Strategy
from search.metrics.comparison import Comparison
from search.space.distribution import Categorical, Float, Int, Searched
from search.space.hyperparameters import Value
from search.space.shipped_files import open_space
from search.space.space import Space
from search.store.codec import OWNER, encode_trial
from search.store.distributions import to_optuna
from search.store.stored_study import StudySettings
from search.store.study_store import StudyStore
from search.store.trial_store import TrialStore
from search.study.budget import Budget
from search.study.ending import find_ending
from search.trial.diagnosis import Diagnosis, Verdict
from search.trial.epoch import Curves
from search.trial.fingerprint import Fingerprint
from search.trial.objective import Objectives
from search.trial.process import Process
from search.trial.proposal import Proposal
from search.trial.state import StopReason, TrialState
from search.trial.training import Training
from search.trial.trial import Trial

SIZES = (100, 1_000, 10_000)
SAMPLERS = ("tpe", "random", "qmc", "nsgaii", "cmaes")
N_EPOCHS = 10
SHARE_PRUNED = 0.6
N_REPEATED = 5
N_METRICS = 32
STUDY = "many"
OBJECTIVES = Objectives.parse("val_loss")

Rows = dict[str, list[dict[str, Any]]]
Result = TypeVar("Result")
Times = tuple[float, list[float], list[float]]
"""Seconds: cold, warm, and of the writes before each warm one."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, nargs="+", default=SIZES)
    parser.add_argument("--samplers", nargs="+", default=SAMPLERS)
    parser.add_argument("--turns", type=int, default=5, help="warm repetitions, at least 1")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    request = parser.parse_args()
    if request.measure:
        what, url = request.measure
        measure = MEASURES.get(what)
        print(json.dumps(measure(url) if measure else time_proposals(url, what, request.turns)))
        return
    print(f"Commit {find_commit()}, {list_versions()}\n")
    print("| trials | what | cold s | warm s | most | writes s |\n|" + " --- |" * 6)
    with tempfile.TemporaryDirectory() as folder:
        for n_trials in request.trials:
            url = f"sqlite:///{folder}/{n_trials}.db"
            write_study(url, n_trials)
            for what in (*MEASURES, *request.samplers):
                measured = measure_in_a_new_process(what, url, request.turns)
                name = what if what in MEASURES else f"propose by {what}"
                print(f"| {n_trials:,} | {name} | {' | '.join(measured)} |", flush=True)


def measure_in_a_new_process(what: str, url: str, n_turns: int) -> list[str]:
    command = [sys.executable, __file__, "--measure", what, url, "--turns", str(n_turns)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    cold, warm, writes = json.loads(done.stdout)
    shown = (cold, median(warm), max(warm), median(writes) if writes else math.nan)
    return ["" if math.isnan(seconds) else f"{seconds:.2f}" for seconds in shown]


def time_decisions(url: str) -> Times:
    """Time the decision whether a search ends: cold from states and values only."""
    budget = Budget(n_trials=1_000_000, patience=1_000_000)

    def decide_cold() -> None:
        store = StudyStore(url, must_exist=True)
        find_ending(store.outcomes(store.find(STUDY).name), OBJECTIVES, budget, target=0.05)

    cold, _ = run_timed(decide_cold)
    trials = open_trials(StudyStore(url), "random")

    def decide_warm() -> None:
        find_ending(trials.trials(), OBJECTIVES, budget, target=0.05)

    trials.trials()
    return cold, [run_timed(decide_warm)[0] for _ in range(N_REPEATED)], []


def time_readings(url: str) -> Times:
    """Time the reading of all trials with all their attributes."""
    cold, trials = run_timed(lambda: open_trials(StudyStore(url, must_exist=True), "random"))
    seconds, _ = run_timed(trials.trials)
    return cold + seconds, [run_timed(trials.trials)[0] for _ in range(N_REPEATED)], []


def time_proposals(url: str, sampler: str, n_turns: int) -> Times:
    """Time proposals, and the writes after each, in a study that is opened for it."""
    cold, trials = run_timed(lambda: open_trials(StudyStore(url, must_exist=True), sampler))
    seconds, proposal = run_timed(trials.ask)
    cold += seconds
    warm, writes = [], []
    for _ in range(n_turns):
        writes.append(run_timed(lambda proposal=proposal: finish(trials, proposal))[0])
        seconds, proposal = run_timed(trials.ask)
        warm.append(seconds)
    finish(trials, proposal)
    return cold, warm, writes


def run_timed(act: Callable[[], Result]) -> tuple[float, Result]:
    started = time.perf_counter()
    result = act()
    return time.perf_counter() - started, result


def open_trials(store: StudyStore, sampler: str) -> TrialStore:
    space = open_space("genre")
    proposer = OptunaProposer(
        Strategy(sampler=sampler, pruner="median"), space, seed=0, n_epochs=N_EPOCHS
    )
    return TrialStore(store.load(STUDY), space, proposer, seed=0)


def finish(trials: TrialStore, proposal: Proposal) -> None:
    """Write what a training writes; the pruner is asked, but its answer is not used."""
    rng = np.random.default_rng(proposal.number)
    value = compute_loss(proposal.hyperparameters)
    trial = make_trial(proposal.number, proposal.hyperparameters)
    trials.save(trial)
    for epoch, reported in enumerate(make_curve(value, N_EPOCHS), 1):
        trials.report(proposal.number, epoch, reported)
    training = make_training(rng, value, N_EPOCHS)
    trials.end(replace(trial, state=TrialState.COMPLETE, values=(value,), training=training))


def write_study(url: str, n_trials: int) -> None:
    """Make a study with ended trials, and write all rows of a table at once."""
    space = open_space("genre")
    store = StudyStore(url)
    study = store.create(STUDY, make_settings(), directions=OBJECTIVES.directions)
    rng = np.random.default_rng(0)
    rows: Rows = {}
    for number in range(n_trials):
        for table, row in list_rows(number, space, rng):
            rows.setdefault(table, []).append(row)
    for row in rows["trials"]:
        row["study_id"] = study._study_id
    database = sqlalchemy.create_engine(url)
    metadata = sqlalchemy.MetaData()
    metadata.reflect(database)
    with database.begin() as connection:
        for table in ("trials", *(table for table in rows if table != "trials")):
            connection.execute(sqlalchemy.insert(metadata.tables[table]), rows[table])
    database.dispose()


def list_rows(
    number: int, space: Space, rng: np.random.Generator
) -> Iterator[tuple[str, dict[str, Any]]]:
    """List a trial's rows, each with its table, as Optuna 5 writes them."""
    key = {"trial_id": number + 1}
    is_pruned = rng.random() < SHARE_PRUNED
    n_epochs = int(rng.integers(2, 6)) if is_pruned else N_EPOCHS
    point = space.suggest(lambda _, values: draw(values, rng))
    reported = make_curve(compute_loss(point) + 0.001 * rng.standard_normal(), n_epochs)
    started = datetime(2026, 1, 1) + timedelta(minutes=number)
    yield (
        "trials",
        {**key, "number": number, "state": "PRUNED" if is_pruned else "COMPLETE",
         "datetime_start": started, "datetime_complete": started + timedelta(seconds=50)},
    )  # fmt: skip
    last = {"value": reported[-1], "value_type": "FINITE"}
    yield "trial_values", {**key, "objective": 0, **last}
    for epoch, value in enumerate(reported, 1):
        kept = {"intermediate_value": value, "intermediate_value_type": "FINITE"}
        yield "trial_intermediate_values", {**key, "step": epoch, **kept}
    params = {name: value for name, value in point.items() if name in space.searched}
    for name, value in params.items():
        yield "trial_params", {**key, "param_name": name, **encode_param(space, name, value)}
    trial = replace(make_trial(number, point), training=make_training(rng, reported[-1], n_epochs))
    attributes = {OWNER: Process("here", 1, 1.0).as_dict()} | encode_trial(trial)
    for name, attribute in attributes.items():
        written = {"key": name, "value_json": json.dumps(attribute)}
        yield "trial_user_attributes", {**key, **written}
    # TPE leaves with a trial what it shared of it with other processes.
    shared = {"key": "tpe:relative_params:0", "value_json": json.dumps(json.dumps(params))}
    yield "trial_system_attributes", {**key, **shared}


def encode_param(space: Space, name: str, value: Value) -> dict[str, Any]:
    values = space.hyperparameters[name].distribution
    assert isinstance(values, Searched)
    distribution = to_optuna(values)
    written = distribution_to_json(distribution)
    return {"param_value": distribution.to_internal_repr(value), "distribution_json": written}


def draw(values: Searched, rng: np.random.Generator) -> Value:
    match values:
        case Categorical(choices):
            return choices[rng.integers(len(choices))]
        case Float(low, high, log):
            return (
                math.exp(rng.uniform(math.log(low), math.log(high)))
                if log
                else (float(rng.uniform(low, high)))
            )
        case Int(low, high, log):
            number = (
                math.exp(rng.uniform(math.log(low), math.log(high)))
                if log
                else (rng.integers(low, high + 1))
            )
            return int(number)


def compute_loss(point: Any) -> float:
    """Compute a loss with one optimum, near the best start of the space."""
    return float(
        0.13
        + 0.005 * math.log(point["learning_rate"] / 2e-3) ** 2
        + 0.003 * math.log(point["units_1"] / 64) ** 2
        + 0.003 * math.log(point["embedding_size"] / 200) ** 2
        + 0.05 * (point["dropout"] - 0.55) ** 2
        + 0.04 * (point["word_dropout"] - 0.3) ** 2
        + 0.003 * (point["cell"] != "lstm")
        + 0.004 * (point["pooling"] != "sqrtn")
    )


def make_curve(value: float, n_epochs: int) -> list[float]:
    return [value + 0.04 * math.exp(-epoch) for epoch in range(1, n_epochs + 1)]


def make_trial(number: int, hyperparameters: Mapping[str, Value]) -> Trial:
    """Make a running trial with a run."""
    return Trial(
        number,
        TrialState.RUNNING,
        hyperparameters=hyperparameters,
        name=f"#{number}",
        run_id="0" * 32,
    )


def make_training(rng: np.random.Generator, value: float, n_epochs: int) -> Training:
    """Make a training as large as a real one."""
    names = (f"metric_number_{index}" for index in range(N_METRICS))
    measured = {"val_loss": value, "epochs": n_epochs, "seconds": 50.0, "gap": 0.1, "slope": 0.0}
    random = {name: float(n) for name, n in zip(names, rng.random(N_METRICS), strict=True)}
    return Training(
        metrics=measured | random,
        curves=Curves(*(rng.random(n_epochs).tolist() for _ in range(5))),
        diagnosis=Diagnosis(gap=0.1, onset=None, slope=0.0, verdict=Verdict.OVERFIT),
        stop_reason=StopReason.EPOCHS,
        comparison=Comparison(difference=0.1, low=0.1, high=0.1, level=0.1),
    )


def make_settings() -> StudySettings:
    fingerprint = Fingerprint(
        data="d" * 64, split="e" * 64, space="f" * 64, objective="val_loss", epochs=10, seed=0
    )
    return StudySettings(
        fingerprint=fingerprint,
        source=DataSource("films.csv"),
        corpus="films",
        space="genre",
        target=0.05,
        prior_loss=0.2,
        forced_loss=0.0,
        floor=None,
        leaks=False,
        study_run_id="0" * 32,
        strategy={"engine": "optuna"},
        n_trials=1_000_000,
        embeddings=None,
    )


def list_versions() -> str:
    packages = (f"{name} {version(name)}" for name in ("optuna", "sqlalchemy", "numpy"))
    return ", ".join((f"Python {platform.python_version()}", *packages))


def find_commit() -> str:
    here = Path(__file__).parent
    command = ["git", "describe", "--always", "--dirty"]
    done = subprocess.run(command, cwd=here, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip()


MEASURES = {"decide what is left": time_decisions, "read all trials": time_readings}

if __name__ == "__main__":
    main()
