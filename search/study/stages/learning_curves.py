"""How the best network and the linear baseline do on growing parts of train.

Owns when that is measured, where the verdict on the target depends on it, and what of it is
recorded. It costs about one training of the winner on all of train.
"""

import csv
import io
import math
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...baselines.linear import CutOff, fit_linear_curve
from ...baselines.priors import prior_probabilities
from ...data.split.parts import MIN_TEXTS, growing_parts
from ...data.split.split import Indices
from ...errors import TrackingError
from ...metrics.comparison import text_losses
from ...metrics.extrapolation import Extrapolation, extrapolate
from ...metrics.learning_curves import LearningCurves
from ...plots.figures import png
from ...plots.scaling import ScalingLine, scaling_curve
from ...training.measures import write_table
from ...training.runner import TrainingRunner
from ...trial.control import Control
from ...trial.proposal import Proposal, derive_seed
from ...trial.trial import Trial
from ..ending import Ending
from ..session import Session
from ..setup import Setup

_FACTORS = (2.0, 4.0, 7.0, 10.0)
"""Multiples of train that the picture shows intervals at."""

_NAMES = ("best network", "linear baseline")

Losses = npt.NDArray[np.float64]


def measure_learning_curves(
    session: Session, runner: TrainingRunner, control: Control
) -> Ending | None:
    """Measure learning curves where they would settle the verdict and are not there yet.

    Args:
        session: gets the curves as a result, and a picture.
        runner: of the study's trials.
        control: asked before each batch, and each label's fit, whether to stop.

    Returns:
        None where nothing is left to measure.
    """
    summary = session.summarize()
    best, rival = summary.best, runner.rival
    if best is None or rival is None or not summary.reach.lacks_curves:
        return None
    n_train = len(session.setup.divided.split.train)
    if n_train < MIN_TEXTS:
        control.say(
            f"no learning curves: they need {MIN_TEXTS} texts in train, there are {n_train}"
        )
        return None
    try:
        of_best = _read_losses(session, best)
    except TrackingError as error:
        control.say(f"no learning curves: {error.message}")
        return None
    control.say(
        "learning curves: the best network and the linear baseline on growing parts of train"
    )
    parts = growing_parts(n_train, seed=session.plan.seed)
    curves = _measure(session.setup, runner, best, parts[:-1], control)
    if curves is None:
        return Ending.TIMEOUT
    whole = [of_best, text_losses(rival, runner.data.validation.labels)]
    losses = {
        name: np.vstack([*curve, end])
        for name, curve, end in zip(_NAMES, curves, whole, strict=True)
    }
    _record(session, best, [len(part) for part in parts], losses, floor=summary.reach.limit)
    return None


def _measure(
    setup: Setup, runner: TrainingRunner, best: Trial, parts: Sequence[Indices], control: Control
) -> tuple[list[Losses], list[Losses]] | None:
    """Train the network and fit the linear baseline on each part; None where time was over."""
    linear = _fit_linear(setup, parts, control)
    network = None if linear is None else _train(setup, runner, best, parts, control)
    return None if linear is None or network is None else (network, linear)


def _read_losses(session: Session, best: Trial) -> Losses:
    """Read the loss of each validation text at the winner itself.

    Raises:
        TrackingError: its run is gone.
    """
    with tempfile.TemporaryDirectory() as folder:
        run = session.server.record(best.run_id)
        text = run.download("text_losses.csv", Path(folder)).read_text(encoding="utf-8")
    return np.array([float(row["loss"]) for row in csv.DictReader(io.StringIO(text))])


def _train(
    setup: Setup,
    runner: TrainingRunner,
    best: Trial,
    parts: Sequence[Indices],
    control: Control,
) -> list[Losses] | None:
    """Train the winner's hyperparameters on each part; None where time was over.

    Smaller parts get more epochs, as they have fewer steps in one. Where the network diverges, or
    ends above the label priors of its part, it is given the loss of those: they cost nothing.
    """
    labels, split = setup.corpus.labels, setup.divided.split
    truth = labels[split.validation]
    proposal = Proposal(
        best.number, best.hyperparameters, derive_seed(setup.plan.seed, best.number)
    )
    # Its epochs are no trial's: nobody hears of them.
    quiet = Control(is_interrupted=control.is_interrupted, deadline=control.deadline)
    losses = []
    for part in parts:
        n_epochs = math.ceil(setup.plan.n_epochs * math.sqrt(len(split.train) / len(part)))
        on_part = replace(runner, data=setup.encode_part(part), n_epochs=n_epochs)
        found = text_losses(prior_probabilities(labels[split.train[part]], len(truth)), truth)
        try:
            fitted = on_part.fit(proposal, quiet, lambda _report: True)
            if fitted is None or control.is_over():
                return None
            found = min(found, text_losses(fitted.outcome.probabilities, truth), key=np.mean)
        except FloatingPointError:
            pass
        losses.append(found)
    return losses


def _fit_linear(setup: Setup, parts: Sequence[Indices], control: Control) -> list[Losses] | None:
    """Fit the linear baseline on each part; None where time was over."""
    corpus, split = setup.corpus, setup.divided.split
    truth = corpus.labels[split.validation]
    try:
        rows = [split.train[part] for part in parts]
        fitted = fit_linear_curve(corpus, rows, split.validation, is_over=control.is_over)
    except CutOff:
        return None
    return [text_losses(linear.probabilities, truth) for linear in fitted]


def _record(
    session: Session,
    best: Trial,
    sizes: Sequence[int],
    losses: Mapping[str, Losses],
    *,
    floor: float,
) -> None:
    target, seed = session.plan.target, session.plan.seed
    assert target is not None  # Without one there is no verdict to settle.

    def carry_on(of_texts: Losses, factor: float) -> Extrapolation:
        return extrapolate(sizes, of_texts, target=target, floor=floor, factor=factor, seed=seed)

    lines = [
        ScalingLine(
            name,
            sizes,
            of_texts.mean(axis=1).tolist(),
            [carry_on(of_texts, factor) for factor in _FACTORS],
        )
        for name, of_texts in losses.items()
    ]
    network, linear = (line.extrapolations[-1] for line in lines)
    session.store.write_curves(session.name, LearningCurves(best.number, network, linear))
    figure = scaling_curve(
        lines,
        target=target,
        prior=session.setup.divided.prior_loss,
        floor=floor or None,
        title=f"{session.name}: loss by texts in train",
    )
    run = session.tracker.study
    run.file("plots/scaling.png", png(figure))
    means = zip(sizes, *(line.losses for line in lines), strict=True)
    run.file("scaling.csv", write_table(("size", *losses), means))
