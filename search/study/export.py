"""A trial's bundle, verified and measured. Owns when a study's test split is read: once."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ..data.corpus import Corpus
from ..data.split.split import Split, split_corpus
from ..errors import ExportError
from ..export.bundle import check_free, write_bundle
from ..export.predictor import Predictor
from ..metrics.losses import cross_entropy
from ..metrics.task import Task
from ..report.summary import Summary
from ..store.stored_study import StoredStudy
from ..store.study_store import StudyStore
from ..tracking.mlflow_studies import StudyRuns
from ..tracking.mlflow_tracker import MlflowServer
from ..tracking.trainings import MODEL_PATH
from ..trial.trial import Trial
from .places import Places
from .reading import find_trial
from .sealed_test import measure_test, raw_texts

_TOLERANCE = 1e-4
"""Nats by which the loss of the bundle may differ from that of training."""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was exported."""

    directory: Path
    trial: Trial
    test_metrics: Mapping[str, float]
    is_test_read_now: bool
    """False where the number is the one recorded when the test split was read."""


def export_trial(
    places: Places, name: str, directory: Path, *, force: bool, again: bool, number: int | None
) -> ExportReport:
    """Write the bundle of the winner, or of another trial, verified and measured on test.

    The test split is read once, for one trial; exporting the same one later reuses the number.

    Args:
        places: where the stores are.
        name: of the study.
        directory: the bundle's folder.
        force: whether a bundle that is there is replaced.
        again: whether test may be read for another trial than the one it was read for.
        number: of the trial; None for the winner.

    Raises:
        StudyError: there is no such study, or no such complete trial.
        ExportError: the folder is there, the network was not kept, the data have changed, the
            bundle does not predict what training did, or test was read for another trial.
        DataError: the corpus cannot be read any more.
    """
    store = places.open_store(must_exist=True)
    stored = store.find(name)
    summary = Summary(stored, store.trials(stored.name))
    trial = find_trial(summary, number)
    directory = directory.resolve()
    check_free(directory, force=force)
    recorded = stored.test_readings.get(trial.number)
    if stored.test_readings and recorded is None and not again:
        read = ", ".join(map(str, stored.test_readings))
        raise ExportError(
            f"study {stored.name}: its test split was read for trial {read}; reading it for trial "
            f"{trial.number} too would choose between trials by their test results",
            "Set `again` if that is what you want; it will be recorded.",
        )
    with _staging(directory) as staging:
        server = MlflowServer(places.tracking_uri)
        model = _download(server, summary, trial, staging)
        measured = _complete(stored, trial, model, recorded)
        if recorded is None:
            _record_reading(server, store, stored, trial, measured)
        if directory.exists():
            # Kept until the finished bundle is in its place.
            directory.rename(staging / "before")
        model.rename(directory)
    return ExportReport(directory, trial, measured, recorded is None)


def _download(server: MlflowServer, summary: Summary, trial: Trial, directory: Path) -> Path:
    """Copy a trial's network into a directory.

    Raises:
        ExportError: it was not kept, or was dropped for better ones; with those that are there.
    """
    if not _has_network(server, trial):
        kept = [str(entry.number) for entry in summary.trials if _has_network(server, entry)]
        raise ExportError(
            f"trial {trial.number}: its network was not kept",
            f"Those of trials {', '.join(kept)} are: export one of them with `trial`. "
            "A search with a higher `keep` keeps more."
            if kept
            else "None is: raise `keep` and run the search again under another `name`.",
        )
    return server.record(trial.run_id).download(MODEL_PATH, directory)


def _has_network(server: MlflowServer, trial: Trial) -> bool:
    """Tell whether a trial's network is there: what was kept may have been dropped later."""
    return trial.has_model and StudyRuns(server).size(trial.run_id, MODEL_PATH) > 0


def _complete(
    stored: StoredStudy, trial: Trial, model: Path, known: Mapping[str, float] | None
) -> dict[str, float]:
    """Verify the bundle from raw texts on, read test unless it is known, and write both down."""
    corpus, split = _reopen(stored)
    predictor = Predictor(model)
    raw = raw_texts(corpus)
    texts = [raw[row] for row in split.validation]
    truth = corpus.labels[split.validation]
    loss = cross_entropy(predictor.predict_probabilities(texts), truth, corpus.task)
    trained = trial.metrics["val_loss"]
    if abs(loss - trained) > _TOLERANCE:
        raise ExportError(
            f"trial {trial.number}: the bundle has a validation loss of {loss:.6f}, training "
            f"had {trained:.6f}",
            "This should not happen: please report it with both numbers and the versions.",
        )
    measured = measure_test(predictor, raw, corpus, split) if known is None else dict(known)
    metrics = {**predictor.bundle.metrics, "test": measured}
    write_bundle(replace(predictor.bundle, metrics=metrics), model)
    return measured


def _reopen(stored: StoredStudy) -> tuple[Corpus, Split]:
    """Read the study's corpus again, and make sure that it is the same."""
    fingerprint, source = stored.settings.fingerprint, stored.settings.source
    corpus = source.open()
    if corpus.task.is_multiclass and fingerprint.task is None:
        # Studies that are older than this task read one name a text as several labels.
        corpus = replace(source, task=Task.MULTILABEL.value).open()
    if corpus.sha256 != fingerprint.data:
        raise ExportError(
            f"{source.source}: expected the data of study {stored.name} (SHA-256 "
            f"{fingerprint.data[:12]}), found other data ({corpus.sha256[:12]})",
            "Put the file back as it was when the study was searched.",
        )
    split = split_corpus(corpus, seed=fingerprint.seed)
    if split.sha256 != fingerprint.split:
        raise ExportError(
            f"study {stored.name}: expected its split (SHA-256 {fingerprint.split[:12]}), but "
            f"this version divides the same data otherwise ({split.sha256[:12]})",
            "Export with the version that searched it, or search again under another `name`.",
        )
    return corpus, split


def _record_reading(
    server: MlflowServer,
    store: StudyStore,
    stored: StoredStudy,
    trial: Trial,
    measured: Mapping[str, float],
) -> None:
    readings = {**stored.test_readings, trial.number: measured}
    store.write_test_readings(stored.name, readings)
    named = {f"test/{key}": value for key, value in measured.items()}
    server.record(trial.run_id).metrics(named)
    numbers = ", ".join(map(str, readings))
    server.record(stored.settings.study_run_id).tags({"test_read_for_trials": numbers})


@contextmanager
def _staging(directory: Path) -> Iterator[Path]:
    """Make a folder beside the bundle's, so that whatever cannot be written is found out first.

    Raises:
        ExportError: nothing can be written there.
    """
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=f".{directory.name}-", dir=directory.parent
        ) as name:
            yield Path(name)
    except OSError as error:
        raise ExportError(
            f"{directory}: expected a folder that can be written, but: {error}",
            "Name another folder.",
        ) from error
