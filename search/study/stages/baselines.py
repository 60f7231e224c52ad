"""The baselines of a study: runs beside its trials, never counted as trials.

Owns when they are fitted and when they are taken from an earlier study: once for a corpus and its
split, whatever space and objective. The linear one is kept as a bundle, with what it predicts for
validation.
"""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ...baselines.linear import fit_linear
from ...baselines.priors import prior_probabilities
from ...baselines.regressions import CutOff
from ...candidates.kept_predictions import (
    PREDICTIONS_FILE,
    pack_predictions,
    read_predictions,
)
from ...errors import ExportError, StudyError, TrackingError
from ...export.bundle import read_bundle
from ...metrics.matrices import Probabilities, Singles
from ...tracking.mlflow_studies import StudyRuns
from ...tracking.record import RunStatus
from ...tracking.trainings import MODEL_PATH
from ...training.measures import Measured, measure
from ...training.recorded_run import ended_on_error
from ...trial.baseline import LINEAR, PRIORS, Baseline
from ...trial.control import Control
from ..ending import Ending
from ..models import list_masked_names, save_linear
from ..roster import read_model_predictions
from ..session import Session


@dataclass(frozen=True, slots=True)
class _Fit:
    probabilities: Probabilities
    """For validation, float32, (n_validation, n_labels)."""
    metrics: Mapping[str, float]
    """Those of the fit itself."""
    save: Callable[[Measured, Path], object] | None = None
    """Writes its bundle into a folder that is there; None where it has none."""


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
    if read_rival(session) is not None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        fit = _borrow(session, Path(folder))
        if fit is None:
            control.say(f"baseline: fitting {LINEAR}")
            try:
                fit = _fit(session, control)
            except CutOff:
                return Ending.TIMEOUT
        divided = session.setup.divided
        labels, task = divided.corpus.labels[divided.split.train], divided.corpus.task
        priors = prior_probabilities(labels, len(divided.split.validation), task)
        baselines = [_record(session, PRIORS, _Fit(priors, {})), _record(session, LINEAR, fit)]
    before = session.stored.baselines
    session.store.write_baselines(session.name, baselines)
    for replaced in before:
        with suppress(TrackingError):
            StudyRuns(session.server).delete(replaced.run_id)
    control.say(
        f"baseline: {LINEAR} has a validation loss of {baselines[1].metrics['val_loss']:.4f}"
    )
    return None


def read_rival(session: Session) -> Singles | None:
    """Read what the linear baseline predicts for validation, float32, (n_validation, n_labels).

    None where the study has none, or its model is gone.
    """
    linear = session.stored.linear
    if linear is None:
        return None
    try:
        return read_model_predictions(session.server, linear.run_id, *_describe_validation(session))
    except (ValueError, StudyError):
        return None


def _fit(session: Session, control: Control) -> _Fit:
    divided = session.setup.divided
    split = divided.split
    linear = fit_linear(divided.corpus, split.train, split.validation, is_over=control.is_over)
    metrics = {
        "strength": linear.strength,
        "n_words": float(linear.n_words),
        "parameters": float(linear.n_parameters),
        "milliseconds_per_text": linear.milliseconds_per_text,
        "seconds": linear.seconds,
    }
    origin = {"study": session.name, "study_seed": session.plan.seed}

    def save(measured: Measured, directory: Path) -> None:
        save_linear(divided, linear, measured, origin, directory)
        predictions = pack_predictions(linear.probabilities, split.sha256)
        (directory / PREDICTIONS_FILE).write_bytes(predictions)

    return _Fit(linear.probabilities, metrics, save)


def _borrow(session: Session, folder: Path) -> _Fit | None:
    """Take the linear baseline of a study on the same data and split, the first that is whole.

    Args:
        session: of the study that borrows.
        folder: gets the bundle; until the fit was saved.
    """
    fingerprint = session.setup.fingerprint
    for other in session.store.studies():
        linear = other.linear
        if other.name == session.name or linear is None:
            continue
        if not fingerprint.has_same_split(other.settings.fingerprint):
            continue
        fit = _fetch(session, linear, Path(tempfile.mkdtemp(dir=folder)))
        if fit is not None:
            return fit
    return None


def _fetch(session: Session, linear: Baseline, directory: Path) -> _Fit | None:
    """Copy a baseline's bundle into a directory; None where it is gone, or masks other names."""
    try:
        bundle = session.server.record(linear.run_id).download(MODEL_PATH, directory)
        masked = read_bundle(bundle).masked_names
        path = bundle / PREDICTIONS_FILE
        probabilities = read_predictions(path, *_describe_validation(session))
    except (ValueError, StudyError, TrackingError, ExportError):
        return None
    if masked != list_masked_names(session.setup.divided.corpus):
        return None
    return _Fit(probabilities, linear.metrics, partial(_copy, bundle))


def _describe_validation(session: Session) -> tuple[str, tuple[int, ...]]:
    """Give the hash of the split, and the shape of the labels of validation."""
    divided = session.setup.divided
    n_texts, n_labels = len(divided.split.validation), len(divided.corpus.label_names)
    return divided.split.sha256, (n_texts, n_labels)


def _copy(bundle: Path, _measured: Measured, directory: Path) -> None:
    shutil.copytree(bundle, directory, dirs_exist_ok=True)


def _record(session: Session, name: str, fit: _Fit) -> Baseline:
    divided = session.setup.divided
    labels = divided.corpus.labels[divided.split.validation]
    corpus = divided.corpus
    measured = measure(fit.probabilities, labels, corpus.label_names, corpus.task, title=name)
    metrics = {**measured.metrics, **fit.metrics}
    run = session.tracker.beside("baseline", name)
    with ended_on_error(run):
        run.metrics(metrics | measured.label_metrics)
        for path, file in measured.files.items():
            run.file(path, file)
        if fit.save is not None:
            with tempfile.TemporaryDirectory() as folder:
                fit.save(measured, Path(folder))
                run.folder(MODEL_PATH, Path(folder))
        run.end(RunStatus.FINISHED)
    return Baseline(name, run.run_id, metrics)
