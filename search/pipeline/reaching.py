"""How the best network and the linear baseline do on growing parts of train.

Owns when that is worth measuring: where the target is not reached, and the best network is level
with the linear baseline or ahead of it. It costs up to three trainings, once a winner.
"""

import csv
import io
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..baselines.linear import fit_linear_curve
from ..data.parts import MIN_TEXTS, Indices, growing_parts
from ..engines.store import REACH
from ..engines.trials import TrialRecord, derived_seed
from ..metrics.comparison import Standing, text_losses
from ..metrics.extrapolation import Extrapolation, extrapolate
from ..metrics.matrices import Probabilities
from ..plots.figures import png
from ..plots.scaling import PredictedLoss, ScalingLine, scaling_curve
from ..report.learning_curves import LearningCurves
from ..report.summary import Summary
from ..space.hyperparameters import Hyperparameters
from ..training.fit import Plan, Trainer
from ..training.history import Objective
from .opened import OpenStudy
from .prepared import training_data

_MOST_PASSES = 8
"""Passes over the smallest parts in an epoch."""
_FACTOR = 10.0
_FACTORS = (2.0, 4.0, 7.0, _FACTOR)
"""Multiples of train that the picture shows intervals at."""

Losses = npt.NDArray[np.float64]


def measure_reach(
    study: OpenStudy,
    rival: Probabilities,
    *,
    is_over: Callable[[], bool],
    say: Callable[[str], None],
) -> bool:
    """Measure learning curves where the target calls for them and they are not there yet.

    Args:
        study: gets the curves as a result, and a picture.
        rival: what the linear baseline predicts for validation when fitted on all of train.
        is_over: asked before each batch whether to stop.
        say: called with a sentence before it begins.

    Returns:
        Whether nothing is left to measure; False where time was over.
    """
    summary = study.summary()
    best, target = summary.best, summary.target
    if best is None or target is None or not _is_wanted(summary):
        return True
    prepared = study.prepared
    split, labels = prepared.split, prepared.corpus.labels
    if len(split.train) < MIN_TEXTS:
        return True
    say("learning curves: the best network and the linear baseline on growing parts of train")
    parts = growing_parts(len(split.train), seed=prepared.request.seed)
    network = _network_losses(study, best, parts, is_over)
    if network is None:
        return False
    truth = labels[split.validation]
    whole = text_losses(rival, truth)
    linear = np.vstack([*_linear_losses(study, parts[:-1]), whole])
    network = np.vstack([network, _losses_of(study, best)])
    sizes = [len(part) for part in parts]
    floor = max(prepared.forced_loss, prepared.corpus.floor or 0.0)

    def carried_on(losses: Losses, factor: float) -> Extrapolation:
        seed = prepared.request.seed
        return extrapolate(sizes, losses, target=target, floor=floor, factor=factor, seed=seed)

    curves = LearningCurves(best.number, carried_on(network, _FACTOR), carried_on(linear, _FACTOR))
    study.keep(REACH, curves.as_dict())
    _record(study, sizes, {"best network": network, "linear baseline": linear}, carried_on)
    return True


def _is_wanted(summary: Summary) -> bool:
    reach, compared = summary.reach, summary.comparison
    if summary.objective is not Objective.VAL_LOSS or reach.network is not None:
        return False
    if reach.best is None or summary.target is None or compared is None:
        return False
    is_settled = min(reach.best, reach.baseline_loss or np.inf) <= summary.target
    is_settled = is_settled or reach.limit > summary.target
    return not is_settled and compared.standing is not Standing.LOSES


def _network_losses(
    study: OpenStudy, best: TrialRecord, parts: Sequence[Indices], is_over: Callable[[], bool]
) -> Losses | None:
    """Train the best network's hyperparameters on each part but the whole, (k - 1, n_validation).

    A part is passed over several times an epoch, so that it is trained for as many steps as the
    whole, and stops early like it.
    """
    request = study.prepared.request
    hyperparameters = Hyperparameters.of(best.hyperparameters)
    losses = []
    for part in parts[:-1]:
        data = training_data(study.prepared, part)
        seed = derived_seed(request.seed, best.number)
        trainer = Trainer(hyperparameters, data, seed=seed)
        n_passes = min(_MOST_PASSES, round(len(parts[-1]) / len(part)))
        plan = Plan(request.objective, request.n_epochs, is_over, n_passes)
        outcome = trainer.fit(plan, lambda _report: True)
        if outcome is None or is_over():
            return None
        losses.append(text_losses(outcome.probabilities, data.validation.labels))
    return np.vstack(losses)


def _linear_losses(study: OpenStudy, parts: Sequence[Indices]) -> list[Losses]:
    corpus, split = study.prepared.corpus, study.prepared.split
    truth = corpus.labels[split.validation]
    fitted = fit_linear_curve(
        [corpus.texts[row] for row in split.train],
        corpus.labels[split.train],
        [corpus.texts[row] for row in split.validation],
        truth,
        parts=parts,
    )
    return [text_losses(linear.probabilities, truth) for linear in fitted]


def _losses_of(study: OpenStudy, best: TrialRecord) -> Losses:
    """Read the loss of each validation text at the trial itself."""
    with tempfile.TemporaryDirectory() as folder:
        run = study.server.record(best.facts["run_id"])
        text = run.download("text_losses.csv", Path(folder)).read_text(encoding="utf-8")
    return np.array([float(row["loss"]) for row in csv.DictReader(io.StringIO(text))])


def _record(
    study: OpenStudy,
    sizes: Sequence[int],
    losses: dict[str, Losses],
    carried_on: Callable[[Losses, float], Extrapolation],
) -> None:
    lines = []
    for name, of_texts in losses.items():
        curves = [carried_on(of_texts, factor) for factor in _FACTORS]
        law = curves[0].law
        line = ScalingLine(
            name=name,
            sizes=sizes,
            losses=of_texts.mean(axis=1).tolist(),
            law=(law.asymptote, law.scale, law.exponent),
            predicted=[
                PredictedLoss(round(curve.factor * sizes[-1]), curve.low, curve.high)
                for curve in curves
            ],
        )
        lines.append(line)
    prepared = study.prepared
    figure = scaling_curve(
        lines,
        target=prepared.request.budget.target,
        prior=prepared.prior_loss,
        floor=max(prepared.forced_loss, prepared.corpus.floor or 0.0) or None,
        title=f"{prepared.name}: loss by texts in train",
    )
    run = study.tracker.study
    run.file("plots/scaling.png", png(figure))
    table = "size," + ",".join(losses) + "\n"
    for index, size in enumerate(sizes):
        table += f"{size}," + ",".join(f"{of[index].mean():.6f}" for of in losses.values()) + "\n"
    run.file("scaling.csv", table.encode())
