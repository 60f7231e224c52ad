"""How the best network and the linear baseline do on growing parts of train.

Owns when that is measured, where the verdict on the target depends on it, and what of it is
recorded. It costs about one training of the best network on all of train.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import numpy.typing as npt

from ...baselines.linear import fit_linear_curve
from ...baselines.priors import prior_probabilities
from ...baselines.regressions import CutOff
from ...data.split.parts import MIN_TEXTS, growing_parts
from ...data.split.split import Indices
from ...errors import TrackingError
from ...metrics.comparison import text_losses
from ...metrics.extrapolation import extrapolate
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
from ..setup import Setup, encode
from ..text_losses import read_text_losses

_FACTORS = (2.0, 4.0, 7.0, 10.0)
"""Multiples of train that the picture shows intervals at."""

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
        control.say(f"no learning curves: they need {MIN_TEXTS} train texts, there are {n_train}")
        return None
    parts = growing_parts(n_train, seed=session.plan.seed)
    try:
        of_best = read_text_losses(session.server, best.run_id)
        control.say(
            "learning curves: the best network and the linear baseline on growing parts of train"
        )
        linear = _fit_linear(session.setup, parts[:-1], control)
        network = _train(session.setup, runner, best, parts[:-1], control)
    except CutOff:
        return Ending.TIMEOUT
    except TrackingError as error:
        control.say(f"no learning curves: {error.message}")
        return None
    linear.append(text_losses(rival, runner.data.validation.labels, runner.data.task))
    _record(session, best, parts, [*network, of_best], linear, floor=summary.reach.limit)
    return None


def _train(
    setup: Setup, runner: TrainingRunner, best: Trial, parts: Sequence[Indices], control: Control
) -> list[Losses]:
    """Train the best network's hyperparameters on each part.

    Smaller parts get more epochs, as they have fewer steps in one. Where the network diverges, or
    ends above the label priors of its part, it is given the loss of those: they cost nothing.

    Raises:
        CutOff: time was over, or the user wanted to stop.
    """
    labels, split, task = setup.corpus.labels, setup.divided.split, setup.corpus.task
    truth = labels[split.validation]
    proposal = Proposal(
        best.number, best.hyperparameters, derive_seed(setup.plan.seed, best.number)
    )
    # Its epochs are no trial's: nobody hears of them.
    quiet = Control(is_interrupted=control.is_interrupted, deadline=control.deadline)
    losses = []
    for part in parts:
        n_epochs = math.ceil(setup.plan.n_epochs * math.sqrt(len(split.train) / len(part)))
        on_part = replace(runner, data=encode(setup.plan, setup.divided, part), n_epochs=n_epochs)
        priors = prior_probabilities(labels[split.train[part]], len(truth), task)
        found = text_losses(priors, truth, task)
        try:
            fitted = on_part.fit(proposal, quiet, lambda _report: True)
            if fitted is None or control.is_over():
                raise CutOff
            found = min(found, text_losses(fitted.outcome.probabilities, truth, task), key=np.mean)
        except FloatingPointError:
            pass
        losses.append(found)
    return losses


def _fit_linear(setup: Setup, parts: Sequence[Indices], control: Control) -> list[Losses]:
    """Fit the linear baseline on each part.

    Raises:
        CutOff: time was over, or the user wanted to stop.
    """
    corpus, split = setup.corpus, setup.divided.split
    truth = corpus.labels[split.validation]
    rows = [split.train[part] for part in parts]
    fitted = fit_linear_curve(corpus, rows, split.validation, is_over=control.is_over)
    return [text_losses(linear.probabilities, truth, corpus.task) for linear in fitted]


def _record(
    session: Session,
    best: Trial,
    parts: Sequence[Indices],
    network: Sequence[Losses],
    linear: Sequence[Losses],
    *,
    floor: float,
) -> None:
    target, seed = session.plan.target, session.plan.seed
    assert target is not None  # Without one there is no verdict to settle.
    sizes = [len(part) for part in parts]

    def make_line(name: str, losses: Sequence[Losses]) -> ScalingLine:
        of_texts = np.vstack(losses)
        carry_on = partial(extrapolate, sizes, of_texts, target=target, floor=floor, seed=seed)
        ends = [carry_on(factor=factor) for factor in _FACTORS]
        return ScalingLine(name, sizes, of_texts.mean(axis=1).tolist(), ends)

    lines = [make_line("best network", network), make_line("linear baseline", linear)]
    curves = LearningCurves(best.number, *(line.extrapolations[-1] for line in lines))
    session.store.write_curves(session.name, curves)
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
    run.file("scaling.csv", write_table(("size", *(line.name for line in lines)), means))
