"""How the best network and the linear baseline do on growing parts of train.

Owns when that is measured, where the verdict on the target calls for it, and what of it is
recorded. It costs about one training of the winner on all of train.
"""

import csv
import io
import math
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..baselines.linear import CutOff, fit_linear_curve
from ..baselines.priors import prior_probabilities
from ..data.parts import MIN_TEXTS, Indices, growing_parts
from ..engines.store import REACH
from ..engines.trials import TrialRecord, derived_seed
from ..errors import TrackingError
from ..metrics.comparison import text_losses
from ..metrics.extrapolation import Extrapolation, extrapolate
from ..metrics.matrices import Probabilities
from ..plots.figures import png
from ..plots.scaling import PredictedLoss, ScalingLine, scaling_curve
from ..report.learning_curves import LearningCurves
from ..space.hyperparameters import Hyperparameters
from ..study.measures import table_csv
from ..training.fit import Plan, Trainer
from .opened import OpenStudy
from .prepared import Prepared, trained_on

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
    """Measure learning curves where they would settle the verdict and are not there yet.

    Args:
        study: gets the curves as a result, and a picture.
        rival: what the linear baseline predicts for validation when fitted on all of train.
        is_over: asked before each batch, and each label's fit, whether to stop.
        say: called with a sentence before it begins.

    Returns:
        Whether nothing is left to measure; False where time was over.
    """
    summary, prepared = study.summary(), study.prepared
    best = summary.best
    if best is None or not summary.reach.lacks_curves:
        return True
    n_train = len(prepared.divided.split.train)
    if n_train < MIN_TEXTS:
        say(f"no learning curves: they need {MIN_TEXTS} texts in train, there are {n_train}")
        return True
    try:
        whole = _losses_of(study, best)
    except TrackingError as error:
        say(f"no learning curves: {error.message}")
        return True
    say("learning curves: the best network and the linear baseline on growing parts of train")
    parts = growing_parts(n_train, seed=prepared.request.seed)
    linear = _linear_losses(prepared, parts[:-1], is_over)
    if linear is None:
        return False
    network = _network_losses(prepared, best, parts[:-1], is_over)
    if network is None:
        return False
    truth = prepared.divided.corpus.labels[prepared.divided.split.validation]
    curves = {
        "best network": np.vstack([*network, whole]),
        "linear baseline": np.vstack([*linear, text_losses(rival, truth)]),
    }
    _record(study, best, [len(part) for part in parts], curves, limit=summary.reach.limit)
    return True


def _losses_of(study: OpenStudy, best: TrialRecord) -> Losses:
    """Read the loss of each validation text at the winner itself.

    Raises:
        TrackingError: its run is gone.
    """
    with tempfile.TemporaryDirectory() as folder:
        run = study.server.record(best.facts["run_id"])
        text = run.download("text_losses.csv", Path(folder)).read_text(encoding="utf-8")
    return np.array([float(row["loss"]) for row in csv.DictReader(io.StringIO(text))])


def _network_losses(
    prepared: Prepared,
    best: TrialRecord,
    parts: Sequence[Indices],
    is_over: Callable[[], bool],
) -> list[Losses] | None:
    """Train the winner's hyperparameters on each part; None where time was over.

    Smaller parts get more epochs, as they have fewer steps in one. Where the network diverges, or
    ends above the label priors of its part, it is worth those: they cost nothing.
    """
    request, corpus = prepared.request, prepared.divided.corpus
    hyperparameters = Hyperparameters.of(best.hyperparameters)
    train, truth = prepared.divided.split.train, corpus.labels[prepared.divided.split.validation]
    losses = []
    for part in parts:
        n_epochs = math.ceil(request.n_epochs * math.sqrt(len(train) / len(part)))
        seed = derived_seed(request.seed, best.number)
        trainer = Trainer(hyperparameters, trained_on(prepared, part), seed=seed)
        found = text_losses(prior_probabilities(corpus.labels[train[part]], len(truth)), truth)
        try:
            outcome = trainer.fit(Plan(request.objective, n_epochs, is_over), lambda _report: True)
            if outcome is None or is_over():
                return None
            found = min(found, text_losses(outcome.probabilities, truth), key=np.mean)
        except FloatingPointError:
            pass
        losses.append(found)
    return losses


def _linear_losses(
    prepared: Prepared, parts: Sequence[Indices], is_over: Callable[[], bool]
) -> list[Losses] | None:
    """Fit the linear baseline on each part; None where time was over."""
    corpus, split = prepared.divided.corpus, prepared.divided.split
    truth = corpus.labels[split.validation]
    try:
        fitted = fit_linear_curve(
            [corpus.texts[row] for row in split.train],
            corpus.labels[split.train],
            [corpus.texts[row] for row in split.validation],
            truth,
            parts=parts,
            is_over=is_over,
        )
    except CutOff:
        return None
    return [text_losses(linear.probabilities, truth) for linear in fitted]


def _record(
    study: OpenStudy,
    best: TrialRecord,
    sizes: Sequence[int],
    curves: dict[str, Losses],
    *,
    limit: float,
) -> None:
    request = study.prepared.request
    target = request.budget.target
    assert target is not None  # Without one there is no verdict to settle.

    def carried_on(losses: Losses, factor: float) -> Extrapolation:
        return extrapolate(
            sizes, losses, target=target, floor=limit, factor=factor, seed=request.seed
        )

    ends = [carried_on(losses, _FACTOR) for losses in curves.values()]
    study.keep(REACH, LearningCurves(best.number, *ends).as_dict())
    figure = scaling_curve(
        [
            ScalingLine(
                name=name,
                sizes=sizes,
                losses=losses.mean(axis=1).tolist(),
                law=(end.law.asymptote, end.law.scale, end.law.exponent),
                predicted=[
                    PredictedLoss(round(factor * sizes[-1]), found.low, found.high)
                    for factor in _FACTORS
                    for found in [carried_on(losses, factor)]
                ],
            )
            for (name, losses), end in zip(curves.items(), ends, strict=True)
        ],
        target=target,
        prior=study.prepared.divided.prior_loss,
        floor=limit or None,
        title=f"{study.prepared.name}: loss by texts in train",
    )
    run = study.tracker.study
    run.file("plots/scaling.png", png(figure))
    means = zip(sizes, *(losses.mean(axis=1) for losses in curves.values()), strict=True)
    run.file("scaling.csv", table_csv(("size", *curves), means))
