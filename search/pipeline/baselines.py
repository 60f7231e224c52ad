"""The baselines of a study: runs beside its trials, never counted as trials.

Owns when they are fitted and when they are taken from an earlier study: once for a corpus and its
split, whatever space and objective. What they predicted for validation is kept as an artifact.
"""

import io
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from ..baselines.linear import CutOff, fit_linear
from ..baselines.priors import prior_probabilities
from ..engines.store import BASELINES
from ..errors import TrackingError
from ..metrics.matrices import Probabilities
from ..report.baseline import LINEAR, PRIORS, BaselineRecord
from ..study.measures import measure
from ..tracking.record import RunStatus
from .opened import OpenStudy

_FILE = "validation_probabilities.npz"
_FACTS = ("strength", "n_words", "seconds")
"""Of the fit of the linear baseline, recorded among its measures."""


def open_baselines(
    study: OpenStudy, say: Callable[[str], None], is_over: Callable[[], bool]
) -> Probabilities | None:
    """Make sure that a study has its baselines; give what the linear one predicts for validation.

    Where time is over while the linear one is fitted, nothing is recorded: it is fitted anew when
    the study goes on.

    Args:
        study: gets a run for each baseline, and their measures.
        say: called with a sentence where they are fitted.
        is_over: asked before each label's fit whether to stop.

    Returns:
        Probabilities, float32, (n_validation, n_labels); None where time was over.
    """
    kept = _read(study, study.results.get(BASELINES, {}))
    if kept is not None:
        return kept
    fitted = _of_another_study(study)
    if fitted is None:
        say(f"baseline: fitting {LINEAR}")
        try:
            fitted = _fit(study, is_over)
        except CutOff:
            return None
    probabilities, facts = fitted
    split, labels = study.prepared.divided.split, study.prepared.divided.corpus.labels
    priors = prior_probabilities(labels[split.train], len(split.validation))
    records = [
        _record(study, PRIORS, priors, {}),
        _record(study, LINEAR, probabilities, facts),
    ]
    study.keep(BASELINES, {record.name: record.as_dict() for record in records})
    say(f"baseline: {LINEAR} has a validation loss of {records[1].metrics['val_loss']:.4f}")
    return probabilities


def _fit(study: OpenStudy, is_over: Callable[[], bool]) -> tuple[Probabilities, dict[str, float]]:
    corpus, split = study.prepared.divided.corpus, study.prepared.divided.split
    linear = fit_linear(
        [corpus.texts[row] for row in split.train],
        corpus.labels[split.train],
        [corpus.texts[row] for row in split.validation],
        corpus.labels[split.validation],
        is_over=is_over,
    )
    return linear.probabilities, {name: float(getattr(linear, name)) for name in _FACTS}


def _of_another_study(study: OpenStudy) -> tuple[Probabilities, dict[str, float]] | None:
    """Take the linear baseline of a study on the same data and split, the first that is there."""
    fingerprint = study.prepared.fingerprint
    others = (other for other in study.store.studies() if other.name != study.prepared.name)
    for other in others:
        known, kept = other.facts["fingerprint"], other.results.get(BASELINES, {})
        is_same = known["data"] == fingerprint.data and known["split"] == fingerprint.split
        probabilities = _read(study, kept) if is_same else None
        if probabilities is not None:
            metrics = kept[LINEAR]["metrics"]
            return probabilities, {name: metrics[name] for name in _FACTS if name in metrics}
    return None


def _read(study: OpenStudy, kept: Mapping[str, Any]) -> Probabilities | None:
    """Read what a linear baseline predicted; None where it was not kept, or is gone."""
    if LINEAR not in kept:
        return None
    n_cells = (
        len(study.prepared.divided.split.validation),
        len(study.prepared.divided.corpus.label_names),
    )
    with tempfile.TemporaryDirectory() as folder:
        try:
            path = study.server.record(kept[LINEAR]["run_id"]).download(_FILE, Path(folder))
            # Opened here: numpy 2 leaves a broken archive open that it has opened itself.
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                probabilities: Probabilities = arrays["probabilities"]
        except (TrackingError, OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None
    return probabilities if probabilities.shape == n_cells else None


def _record(
    study: OpenStudy, name: str, probabilities: Probabilities, facts: dict[str, float]
) -> BaselineRecord:
    corpus, split = study.prepared.divided.corpus, study.prepared.divided.split
    measured = measure(
        probabilities, corpus.labels[split.validation], corpus.label_names, title=name
    )
    metrics = measured.metrics | facts
    run = study.tracker.beside("baseline", name)
    run.metrics(metrics | measured.label_metrics)
    content = io.BytesIO()
    np.savez_compressed(content, probabilities=probabilities)
    for path, file in (measured.files | {_FILE: content.getvalue()}).items():
        run.file(path, file)
    run.end(RunStatus.FINISHED)
    return BaselineRecord(name, run.run_id, metrics)
