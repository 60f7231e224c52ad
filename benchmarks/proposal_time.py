"""Make studies of many trials, and print how long the next proposal and what is left take.

    python benchmarks/proposal_time.py
    python benchmarks/proposal_time.py --trials 10000 --samplers tpe --turns 10

The studies are over the shipped space `genre` and lie in SQLite in a temporary folder: 40 % of the
trials complete with ten epochs, 60 % pruned, each with as many facts as a real one, values from a
smooth function of the hyperparameters. They are written at once, past Optuna.

Each row is of a process of its own. Cold is its first time after the imports, the opening of the
database included; a proposal then counts the reading of all trials, what is left is decided from
states and values alone. Warm are the median and the most of further times. Before each warm
proposal the last trial's training is written (ten epochs reported, facts noted, the trial told),
in the time that the last column gives. The rows are Markdown, for benchmarks/LOG.md.
"""

import argparse
import json
import math
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

import numpy as np
import sqlalchemy
from optuna.distributions import distribution_to_json

from search.engines.engine import Engine
from search.engines.samplers import distribution_of
from search.engines.sampling import OptunaProposer
from search.engines.store import StudyStore
from search.engines.strategy import Strategy
from search.engines.trials import Proposal, TrialState
from search.space.distribution import Categorical, Float, Int, Searched
from search.space.hyperparameters import Value
from search.space.shipped import open_space
from search.space.space import Space
from search.study.ending import ending_of
from search.study.objectives import Objectives
from search.study.settings import Budget

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
        print(json.dumps(measure(url) if measure else proposals(url, what, request.turns)))
        return
    print(f"Commit {commit()}, {versions()}\n")
    print("| trials | what | cold s | warm s | most | writes s |\n|" + " --- |" * 6)
    with tempfile.TemporaryDirectory() as folder:
        for n_trials in request.trials:
            url = f"sqlite:///{folder}/{n_trials}.db"
            write_study(url, n_trials)
            for what in (*MEASURES, *request.samplers):
                measured = in_a_new_process(what, url, request.turns)
                name = what if what in MEASURES else f"propose by {what}"
                print(f"| {n_trials:,} | {name} | {' | '.join(measured)} |", flush=True)


def in_a_new_process(what: str, url: str, n_turns: int) -> list[str]:
    command = [sys.executable, __file__, "--measure", what, url, "--turns", str(n_turns)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    cold, warm, writes = json.loads(done.stdout)
    shown = (cold, median(warm), max(warm), median(writes) if writes else math.nan)
    return ["" if math.isnan(seconds) else f"{seconds:.2f}" for seconds in shown]


def decisions(url: str) -> tuple[float, list[float], list[float]]:
    """Time what tells whether a study is at its end: cold from states and values alone."""
    budget = Budget(n_trials=1_000_000, target=0.05, patience=1_000_000)

    def decide_cold() -> None:
        store = StudyStore(url, must_exist=True)
        ending_of(store.outcomes(store.find(STUDY).name), OBJECTIVES, budget)

    cold, _ = timed(decide_cold)
    engine = open_engine(StudyStore(url), "random")

    def decide_warm() -> None:
        ending_of(engine.records(), OBJECTIVES, budget)

    engine.records()
    return cold, [timed(decide_warm)[0] for _ in range(N_REPEATED)], []


def readings(url: str) -> tuple[float, list[float], list[float]]:
    """Time the reading of all trials with all that is known of them."""
    cold, engine = timed(lambda: open_engine(StudyStore(url, must_exist=True), "random"))
    seconds, _ = timed(engine.records)
    return cold + seconds, [timed(engine.records)[0] for _ in range(N_REPEATED)], []


def proposals(url: str, sampler: str, n_turns: int) -> tuple[float, list[float], list[float]]:
    """Time proposals and the writes that follow each, in a study that is opened for it."""
    cold, engine = timed(lambda: open_engine(StudyStore(url, must_exist=True), sampler))
    seconds, proposal = timed(engine.ask)
    cold += seconds
    warm, writes = [], []
    for _ in range(n_turns):
        writes.append(timed(lambda proposal=proposal: finish(engine, proposal))[0])
        seconds, proposal = timed(engine.ask)
        warm.append(seconds)
    finish(engine, proposal)
    return cold, warm, writes


def timed(act: Callable[[], Result]) -> tuple[float, Result]:
    started = time.perf_counter()
    result = act()
    return time.perf_counter() - started, result


def open_engine(store: StudyStore, sampler: str) -> Engine:
    space = open_space("genre")
    proposer = OptunaProposer(
        Strategy(sampler=sampler, pruner="median"), space, seed=0, n_epochs=N_EPOCHS
    )
    return Engine(store.load(STUDY), space, proposer, seed=0)


def finish(engine: Engine, proposal: Proposal) -> None:
    """Write what a training writes; the pruner is asked, but not heeded."""
    rng = np.random.default_rng(proposal.number)
    value = loss(proposal.hyperparameters)
    engine.note(proposal.number, {"run_id": "0" * 32, "name": f"#{proposal.number}"})
    for epoch, reported in enumerate(curve(value, N_EPOCHS), 1):
        engine.report(proposal.number, epoch, reported)
    engine.note(proposal.number, facts_of(rng, value, N_EPOCHS))
    engine.tell(proposal.number, TrialState.COMPLETE, [value])


def write_study(url: str, n_trials: int) -> None:
    """Make a study with trials that have ended, all rows of a table at once."""
    space = open_space("genre")
    store = StudyStore(url)
    study = store.create(STUDY, {"fingerprint": {}}, directions=OBJECTIVES.directions)
    rng = np.random.default_rng(0)
    rows: Rows = {}
    for number in range(n_trials):
        for table, row in trial_rows(number, space, rng):
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


def trial_rows(
    number: int, space: Space, rng: np.random.Generator
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give a trial's rows, each with its table, as Optuna 5 has them."""
    key = {"trial_id": number + 1}
    is_pruned = rng.random() < SHARE_PRUNED
    n_epochs = int(rng.integers(2, 6)) if is_pruned else N_EPOCHS
    point = space.suggest(lambda _, values: drawn(values, rng))
    reported = curve(loss(point) + 0.001 * rng.standard_normal(), n_epochs)
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
        yield "trial_params", {**key, "param_name": name, **stored(space, name, value)}
    owner = {"host": "here", "pid": 1, "born": 1.0}
    known = {"owner": owner, "hyperparameters": point, "run_id": "0" * 32, "name": f"#{number}"}
    for name, fact in (known | facts_of(rng, reported[-1], n_epochs)).items():
        yield "trial_user_attributes", {**key, "key": name, "value_json": json.dumps(fact)}
    # What TPE shares of a running trial with other processes stays when it has ended.
    shared = {"key": "tpe:relative_params:0", "value_json": json.dumps(json.dumps(params))}
    yield "trial_system_attributes", {**key, **shared}


def stored(space: Space, name: str, value: Value) -> dict[str, Any]:
    values = space.hyperparameters[name].distribution
    assert isinstance(values, Searched)
    distribution = distribution_of(values)
    written = distribution_to_json(distribution)
    return {"param_value": distribution.to_internal_repr(value), "distribution_json": written}


def drawn(values: Searched, rng: np.random.Generator) -> Value:
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
            drawn = (
                math.exp(rng.uniform(math.log(low), math.log(high)))
                if log
                else (rng.integers(low, high + 1))
            )
            return int(drawn)


def loss(point: Any) -> float:
    """Give a loss with one optimum, near the best start of the space."""
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


def curve(value: float, n_epochs: int) -> list[float]:
    return [value + 0.04 * math.exp(-epoch) for epoch in range(1, n_epochs + 1)]


def facts_of(rng: np.random.Generator, value: float, n_epochs: int) -> dict[str, Any]:
    """Give what a trial notes in the end, in size and kind."""
    names = (f"metric_number_{index}" for index in range(N_METRICS))
    lines = ("train_loss", "val_loss", "train_accuracy", "val_accuracy")
    return {
        "metrics": {"val_loss": value, "epochs": n_epochs, "seconds": 50.0}
        | {name: float(number) for name, number in zip(names, rng.random(N_METRICS), strict=True)},
        "epochs": {line: rng.random(n_epochs).tolist() for line in lines},
        "against_baseline": dict.fromkeys(("difference", "low", "high", "level"), 0.1),
        "stopped": "epochs",
        "verdict": "overfit",
        "onset": "none",
    }


def versions() -> str:
    packages = (f"{name} {version(name)}" for name in ("optuna", "sqlalchemy", "numpy"))
    return ", ".join((f"Python {platform.python_version()}", *packages))


def commit() -> str:
    here = Path(__file__).parent
    command = ["git", "describe", "--always", "--dirty"]
    done = subprocess.run(command, cwd=here, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip()


MEASURES = {"decide what is left": decisions, "read all trials": readings}

if __name__ == "__main__":
    main()
