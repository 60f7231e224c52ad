"""A trial's bundle, verified and measured. Owns when a study's test split is read: once."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..data.corpus import Corpus
from ..data.split import Split, split_corpus
from ..engines.store import TEST, StudyFacts, StudyStore
from ..engines.trials import TrialRecord
from ..errors import ExportError
from ..export.bundle import check_free, write_bundle
from ..export.predictor import Predictor
from ..metrics.losses import cross_entropy
from ..report.summary import Summary
from ..study.result import MODEL_PATH
from ..tracking.mlflow_studies import StudyRuns
from ..tracking.mlflow_tracker import MlflowServer
from .places import DataSource, Places
from .studies import records_of, required_trial, summary_of
from .testing import measure_test, raw_texts

_TOLERANCE = 1e-4
"""Nats by which the loss of the bundle may differ from that of training."""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was exported."""

    directory: Path
    trial: TrialRecord
    test_metrics: Mapping[str, float]
    is_test_read_now: bool
    """False where the number is the one recorded when the test split was read."""


def export_best(
    places: Places,
    name: str | None,
    directory: Path,
    *,
    force: bool,
    again: bool,
    number: int | None = None,
) -> ExportReport:
    """Write the bundle of the winner, or of another trial, verified and measured on test.

    The test split is read once, for one trial; exporting the same one later reuses the number.

    Args:
        places: where the stores are.
        name: of the study; None for the one searched last.
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
    study = store.find(name)
    summary = summary_of(study, records_of(store, study.name))
    trial = required_trial(summary, number)
    directory = directory.resolve()
    check_free(directory, force=force)
    readings = study.test_readings
    recorded = readings.get(str(trial.number))
    if readings and recorded is None and not again:
        raise ExportError(
            f"study {study.name}: its test split was read for trial {', '.join(readings)}; reading "
            f"it for trial {trial.number} too would choose between trials by their test results",
            "Say --again yes if that is what you want; it will be recorded.",
        )
    with _staging(directory) as staging:
        server = MlflowServer(places.tracking_uri)
        model = _download(server, summary, trial, staging)
        measured = _complete(study, trial, model, recorded)
        if recorded is None:
            _record_reading(server, store, study, trial, measured)
        _move(model, directory, staging)
    return ExportReport(directory, trial, measured, recorded is None)


def _download(server: MlflowServer, summary: Summary, trial: TrialRecord, directory: Path) -> Path:
    """Copy a trial's network into a directory.

    Raises:
        ExportError: it was not kept, or was dropped for better ones; with those that are there.
    """
    if not _has_network(server, trial):
        kept = [str(record.number) for record in summary.records if _has_network(server, record)]
        raise ExportError(
            f"trial {trial.number}: its network was not kept",
            f"Those of trials {', '.join(kept)} are: export one of them with --trial. "
            "A search with a higher --keep keeps more."
            if kept
            else "None is: raise --keep and run the search again under another --study.",
        )
    return server.record(trial.facts["run_id"]).download(MODEL_PATH, directory)


def _has_network(server: MlflowServer, trial: TrialRecord) -> bool:
    """Tell whether a trial's network is there: what was kept may have been dropped later."""
    if not trial.facts.get("has_model"):
        return False
    return StudyRuns(server).size(trial.facts["run_id"], MODEL_PATH) > 0


def _complete(
    study: StudyFacts,
    trial: TrialRecord,
    model: Path,
    known: Mapping[str, float] | None,
) -> dict[str, float]:
    """Verify the bundle from raw texts on, read test unless it is known, and write both down."""
    source, corpus, split = _reopen(study)
    predictor = Predictor(model)
    raw = raw_texts(source, corpus)
    texts = [raw[row] for row in split.validation]
    loss = cross_entropy(predictor.predict(texts), corpus.labels[split.validation])
    trained = trial.facts["metrics"]["val_loss"]
    if abs(loss - trained) > _TOLERANCE:
        raise ExportError(
            f"trial {trial.number}: the bundle has a validation loss of {loss:.6f}, training "
            f"had {trained:.6f}",
            "This should not happen: please report it with both numbers and the versions.",
        )
    measured = dict(known or {})
    if known is None:
        measured = measure_test(predictor, raw, corpus, split)
    metrics = {**predictor.bundle.metrics, "test": measured}
    write_bundle(replace(predictor.bundle, metrics=metrics), model)
    return measured


def _reopen(study: StudyFacts) -> tuple[DataSource, Corpus, Split]:
    """Read the study's corpus again, and make sure that it is the same."""
    fingerprint: dict[str, Any] = study.facts["fingerprint"]
    source = DataSource(**study.facts["source"])
    corpus = source.open()
    split = split_corpus(corpus, seed=fingerprint["seed"])
    if corpus.sha256 != fingerprint["data"]:
        raise ExportError(
            f"{study.facts['source']['source']}: expected the data of study {study.name} (SHA-256 "
            f"{fingerprint['data'][:12]}), found other data ({corpus.sha256[:12]})",
            "Put the file back as it was when the study was searched.",
        )
    if split.sha256 != fingerprint["split"]:
        raise ExportError(
            f"study {study.name}: expected its split (SHA-256 {fingerprint['split'][:12]}), but "
            f"this version divides the same data otherwise ({split.sha256[:12]})",
            "Export with the version that searched it, or search again under another --study.",
        )
    return source, corpus, split


def _record_reading(
    server: MlflowServer,
    store: StudyStore,
    study: StudyFacts,
    trial: TrialRecord,
    measured: Mapping[str, float],
) -> None:
    readings = study.test_readings | {str(trial.number): dict(measured)}
    store.record(study.name, TEST, readings)
    named = {f"test/{key}": value for key, value in measured.items()}
    server.record(trial.facts["run_id"]).metrics(named)
    server.record(study.facts["study_run_id"]).tags({"test_read_for_trials": ", ".join(readings)})


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
            "Name another with --export.",
        ) from error


def _move(model: Path, directory: Path, staging: Path) -> None:
    """Put a finished bundle in its place; what was there goes only when that is done."""
    if directory.exists():
        directory.rename(staging / "before")
    model.rename(directory)
