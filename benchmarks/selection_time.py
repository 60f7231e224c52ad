"""Seconds that the choice of the winner takes, on drawn predictions.

    python benchmarks/selection_time.py

100 trials on 1,000 texts with 42 labels, about 6 % of the entries positive. Prints the greedy
selection among 100 kept models, for both objectives; the whole comparison and the optimism of 100
trials of which six and the linear baseline are kept; and packing and reading one model's
predictions. Rows are Markdown, for benchmarks/LOG.md.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from search.candidates.contest import compare_candidates, enter_candidates
from search.candidates.kept_predictions import pack_predictions, read_predictions
from search.candidates.models import Model, Models
from search.candidates.optimism import Trials, measure_optimism
from search.metrics.comparison import text_losses
from search.metrics.task import Task
from search.trial.candidate import Component, Kind
from search.trial.objective import OBJECTIVES

N_TRIALS, N_TEXTS, N_LABELS, N_KEPT = 100, 1000, 42, 6


def main() -> None:
    models = make_models(np.random.default_rng(0))
    kept = replace(models, members=[*models.members[:N_KEPT], models.members[-1]])
    losses = [text_losses(m.probabilities, m_labels := models.labels) for m in models.members]
    trials = Trials(np.stack(losses), np.ones(len(losses)))
    print("| what | val_loss | macro_f1 |\n| --- | --- | --- |")
    both = [
        [replace(of, objective=OBJECTIVES[name]) for of in (models, kept)]
        for name in ("val_loss", "macro_f1")
    ]
    show("selection among 100 kept models", *(
        lambda m=m: m.choose(Kind.ENSEMBLE, m.all_texts) for m, _ in both
    ))  # fmt: skip
    show("three candidates, six networks kept", *(
        lambda k=k: compare_candidates(enter_candidates(k), k, seed=0) for _, k in both
    ))  # fmt: skip
    contests = [compare_candidates(enter_candidates(k), k, seed=0) for _, k in both]
    show(
        "optimism of 100 trials",
        lambda: measure_optimism(contests[0], both[0][1], seed=0, trials=trials),
        lambda: measure_optimism(contests[1], both[1][1], seed=0),
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "predictions.npz")
        probabilities = models.members[0].probabilities
        show("packing and writing predictions", lambda: path.write_bytes(
            pack_predictions(probabilities, "split")))  # fmt: skip
        show("reading them", lambda: read_predictions(path, "split", m_labels.shape))
        print(f"\n{path.stat().st_size / probabilities.size:.2f} bytes an entry")


def make_models(generator: np.random.Generator) -> Models:
    """Make networks of rising quality, whose errors are partly the same, and a last model."""
    rates = np.geomspace(0.005, 0.25, N_LABELS)
    labels = (generator.random((N_TEXTS, N_LABELS)) < rates).astype(np.uint8)
    shared = 2.0 * labels + generator.normal(size=labels.shape)
    members = []
    for number in range(N_TRIALS):
        own = generator.normal(size=labels.shape) * generator.uniform(0.5, 1.5)
        logits = shared + own + np.log(rates / (1.0 - rates)) - 0.5
        component = Component(f"#{number}", str(number), number=number)
        probabilities = (1.0 / (1.0 + np.exp(-logits))).astype(np.float32)
        members.append(Model(component, probabilities, 1_000_000, 1.0))
    last = replace(members[-1], component=Component("linear", "linear"))
    return Models([*members[:-1], last], labels, Task.MULTILABEL, OBJECTIVES["val_loss"])


def show(what: str, *calls: Callable[[], object]) -> None:
    """Print the seconds of each call."""
    cells = []
    for call in calls:
        started = time.perf_counter()
        call()
        cells.append(f"{time.perf_counter() - started:.3f} s")
    print(f"| {what} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
