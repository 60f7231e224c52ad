"""The baselines of a study: runs beside its trials, never counted as trials.

Owns when they are fitted and when they are taken from an earlier study: once for a corpus and its
split, whatever space and objective. What they predicted for validation is kept as an artifact.
"""

import io
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from ...baselines.linear import CutOff, fit_linear
from ...baselines.priors import prior_probabilities
from ...errors import TrackingError
from ...metrics.matrices import Probabilities
from ...store.stored_study import StoredStudy
from ...tracking.record import RunStatus
from ...training.measures import measure
from ...training.recorded_run import ended_on_error
from ...trial.baseline import LINEAR, PRIORS, Baseline
from ...trial.control import Control
from ..ending import Ending
from ..session import Session

_FILE = "validation_probabilities.npz"
_FIT_METRICS = ("strength", "n_words", "seconds")
"""Of the fit of the linear baseline, recorded among its measures."""


@dataclass(frozen=True, slots=True)
class _Fit:
    probabilities: Probabilities
    """For validation, float32, (n_validation, n_labels)."""
    metrics: Mapping[str, float]
    """Those of the fit itself."""


def fit_baselines(session: Session, control: Control) -> Ending | None:
    """Make sure that a study has its baselines.

    If time runs out during the linear fit, nothing is recorded: it is fitted again when the study
    is resumed.

    Args:
        session: gets a run for each baseline, and their measures.
        control: asked before each label's fit whether to stop.

    Returns:
        None where the baselines are there.
    """
    if _read(session, session.stored) is not None:
        return None
    fit = _find_fit(session)
    if fit is None:
        control.say(f"baseline: fitting {LINEAR}")
        try:
            fit = _fit(session, control)
        except CutOff:
            return Ending.TIMEOUT
    divided = session.setup.divided
    train_labels = divided.corpus.labels[divided.split.train]
    priors = prior_probabilities(train_labels, len(divided.split.validation), divided.corpus.task)
    baselines = [_record(session, PRIORS, _Fit(priors, {})), _record(session, LINEAR, fit)]
    session.store.write_baselines(session.name, baselines)
    control.say(
        f"baseline: {LINEAR} has a validation loss of {baselines[1].metrics['val_loss']:.4f}"
    )
    return None


def read_rival(session: Session) -> Probabilities | None:
    """Read what the linear baseline predicts for validation, float32, (n_validation, n_labels).

    None where the study has none.
    """
    kept = _read(session, session.stored)
    return None if kept is None else kept.probabilities


def _fit(session: Session, control: Control) -> _Fit:
    corpus, split = session.setup.corpus, session.setup.divided.split
    linear = fit_linear(corpus, split.train, split.validation, is_over=control.is_over)
    return _Fit(linear.probabilities, {name: float(getattr(linear, name)) for name in _FIT_METRICS})


def _find_fit(session: Session) -> _Fit | None:
    """Take the linear baseline of a study on the same data and split, the first that is there."""
    fingerprint = session.setup.fingerprint
    fits = (
        _read(session, other)
        for other in session.store.studies()
        if other.name != session.name and fingerprint.has_same_split(other.settings.fingerprint)
    )
    return next((fit for fit in fits if fit is not None), None)


def _read(session: Session, stored: StoredStudy) -> _Fit | None:
    """Read what a study's linear baseline predicted; None where it was not kept, or is gone."""
    linear = next((entry for entry in stored.baselines if entry.name == LINEAR), None)
    if linear is None:
        return None
    divided = session.setup.divided
    shape = (len(divided.split.validation), len(divided.corpus.label_names))
    with tempfile.TemporaryDirectory() as folder:
        try:
            path = session.server.record(linear.run_id).download(_FILE, Path(folder))
            # Opened here: numpy 2 leaves a broken archive open that it has opened itself.
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                probabilities: Probabilities = arrays["probabilities"]
        except (TrackingError, OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None
    if probabilities.shape != shape:
        return None
    return _Fit(probabilities, {n: linear.metrics[n] for n in _FIT_METRICS if n in linear.metrics})


def _record(session: Session, name: str, fit: _Fit) -> Baseline:
    divided = session.setup.divided
    labels = divided.corpus.labels[divided.split.validation]
    corpus = divided.corpus
    measured = measure(fit.probabilities, labels, corpus.label_names, corpus.task, title=name)
    metrics = {**measured.metrics, **fit.metrics}
    run = session.tracker.beside("baseline", name)
    with ended_on_error(run):
        run.metrics(metrics | measured.label_metrics)
        content = io.BytesIO()
        np.savez_compressed(content, probabilities=fit.probabilities)
        for path, file in (measured.files | {_FILE: content.getvalue()}).items():
            run.file(path, file)
        run.end(RunStatus.FINISHED)
    return Baseline(name, run.run_id, metrics)
