"""Train one preset, recorded as a trial is. Owns the order of what happens.

Nothing is selected by such a training, so it may read the test split: once, when that was asked
for.
"""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..data.corpus import Corpus
from ..data.division import DividedCorpus
from ..errors import ExportError, StudyError
from ..export.bundle import write_bundle
from ..export.predictor import Predictor
from ..study.description import describe_corpus
from ..study.sealed_test import measure_test, raw_texts
from ..tracking.mlflow_tracker import MlflowRecord, MlflowServer
from ..tracking.record import RunStatus
from ..tracking.trainings import MODEL_PATH
from ..training.recorded_run import ended_on_error
from ..training.result import TrainingResult
from ..trial.control import Control
from ..trial.training import Training
from .plan import TrainingPlan
from .preparation import Preparation, prepare


@dataclass(frozen=True, slots=True)
class TrainReport:
    """What a training came to."""

    name: str
    corpus: str
    n_labels: int
    """Outputs of the network."""
    training: Training
    label_metrics: Mapping[str, float]
    """F1 of each label."""
    test_metrics: Mapping[str, float]
    """Empty where test was not read."""
    run_id: str
    experiment_id: str
    tracking_uri: str


def train_preset(
    plan: TrainingPlan,
    corpus: Corpus,
    control: Control,
    *,
    reads_test: bool = False,
    directory: Path | None = None,
) -> TrainReport:
    """Train a preset in a run of its own.

    Args:
        plan: what is trained, and how: one preset with one seed.
        corpus: what it is trained on.
        control: gets sentences and events, and is asked before each batch whether to stop.
        reads_test: whether test is read, once, with the network that was trained.
        directory: where the bundle is written; None for MLflow alone.

    Raises:
        DataError: the corpus cannot be used; nothing was written.
        ExportError: the bundle's folder cannot be written.
        StudyError: the training diverged.
        TrackingError: MLflow does not answer.
        KeyboardInterrupt: the user wanted to stop; the run is ended as KILLED.
    """
    (preset,) = plan.presets
    preparation = prepare(plan, corpus, control)
    server = MlflowServer(plan.tracking_uri)
    run_id = server.open_run(plan.experiment, f"{preset.name} on {corpus.name}")
    record = server.record(run_id)
    with ended_on_error(record):
        describe_corpus(record, preparation.divided)
        result = _train(preparation, record)
        test_metrics = _keep(
            preparation.divided, record, result, reads_test=reads_test, directory=directory
        )
        record.end(RunStatus.FINISHED)
    return TrainReport(
        name=preset.name,
        corpus=corpus.name,
        n_labels=len(corpus.label_names),
        training=result.training,
        label_metrics=result.label_metrics,
        test_metrics=test_metrics,
        run_id=run_id,
        experiment_id=server.find_experiment(run_id) or "",
        tracking_uri=server.uri,
    )


def _train(preparation: Preparation, record: MlflowRecord) -> TrainingResult:
    """Train the one preset of a plan.

    Raises:
        KeyboardInterrupt: the user wanted to stop.
        StudyError: the training diverged.
    """
    (preset,), (seed,) = preparation.plan.presets, preparation.plan.seeds
    try:
        result = preparation.train(record, preset, seed)
    except FloatingPointError as error:
        raise StudyError(
            f"{preset.name}: training diverged: {error}",
            "Lower learning_rate, or set clip_norm, in a file of hyperparameters.",
        ) from error
    if result is None:
        raise KeyboardInterrupt
    return result


def _keep(
    divided: DividedCorpus,
    record: MlflowRecord,
    result: TrainingResult,
    *,
    reads_test: bool,
    directory: Path | None,
) -> dict[str, float]:
    """Keep the network, and return its test metrics; empty where test is not read."""
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder, MODEL_PATH)
        model.mkdir()
        result.save(model)
        test_metrics = _read_test(divided, record, model) if reads_test else {}
        record.folder(MODEL_PATH, model)
        if directory is not None:
            _copy_bundle(model, directory)
    return test_metrics


def _copy_bundle(model: Path, directory: Path) -> None:
    try:
        shutil.copytree(model, directory, dirs_exist_ok=True)
    except OSError as error:
        raise ExportError(
            f"{directory}: expected a folder that can be written, but: {error}",
            "The network is kept in MLflow; name another folder.",
            parameter="export",
        ) from error


def _read_test(divided: DividedCorpus, record: MlflowRecord, model: Path) -> dict[str, float]:
    """Measure the network on test, and write that down in its bundle and its run."""
    predictor = Predictor(model)
    test_metrics = measure_test(predictor, raw_texts(divided.corpus), divided.corpus, divided.split)
    metrics = {**predictor.bundle.metrics, "test": test_metrics}
    write_bundle(replace(predictor.bundle, metrics=metrics), model)
    record.metrics({f"test/{name}": value for name, value in test_metrics.items()})
    record.tags({"test_read": "once, by the network of this run"})
    return test_metrics
