"""Train one preset, recorded as a trial is. Owns the order of what happens.

Nothing is selected by such a training, so it may read the test split: once, when that was asked
for.
"""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..data.corpus import Corpus
from ..errors import ExportError, StudyError
from ..export.bundle import check_free, write_bundle
from ..export.predictor import Predictor
from ..space.embeddings import use_file_embeddings_in_preset
from ..space.preset import Preset
from ..study.description import describe_corpus
from ..study.sealed_test import measure_test, raw_texts
from ..tracking.mlflow_tracker import MlflowRecord, MlflowServer
from ..tracking.record import RunStatus
from ..tracking.trainings import MODEL_PATH
from ..training.recorded_run import RecordedRun, ended_on_error
from ..training.result import TrainingResult
from ..trial.control import Control
from ..trial.events import TrialStarted
from ..trial.objective import VAL_LOSS, Objective
from ..trial.training import Training
from ..trial.weights import Weights
from .preparation import Preparation, describe_training, make_proposal, prepare


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


@dataclass(frozen=True, slots=True)
class TrainPlan:
    """What is trained, and how."""

    preset: Preset
    n_epochs: int | None = None
    """None for the preset's own."""
    seed: int = 0
    """Of split and training."""
    objective: Objective = VAL_LOSS
    """By which the best epoch is known."""
    weights: Weights = Weights.LAST
    """Which epoch's weights count."""
    reads_test: bool = False
    """Whether test is read, once, with the network that was trained."""
    experiment: str = "genre-search"
    tracking_uri: str | None = None
    directory: Path | None = None
    """Where the bundle is written; None for MLflow alone."""
    force: bool = False
    """Whether a bundle that is there is replaced."""
    embeddings: Path | None = None
    """File of word vectors that the embedding starts from."""

    @property
    def started_preset(self) -> Preset:
        """The preset, as word vectors from a file change it."""
        if self.embeddings is None:
            return self.preset
        return use_file_embeddings_in_preset(self.preset)

    @property
    def epochs(self) -> int:
        """Epochs of the training."""
        return self.n_epochs or self.preset.n_epochs


def train_preset(plan: TrainPlan, read: Callable[[], Corpus], control: Control) -> TrainReport:
    """Train a preset in a run of its own.

    Args:
        plan: what is trained, and how.
        read: gives the corpus, once the plan was found to be possible.
        control: gets sentences and events, and is asked before each batch whether to stop.

    Raises:
        DataError: the corpus cannot be used; nothing was written.
        ExportError: the bundle's folder cannot be written.
        StudyError: the training diverged.
        TrackingError: MLflow does not answer.
        KeyboardInterrupt: the user wanted to stop; the run is ended as KILLED.
    """
    if plan.directory is not None:
        check_free(plan.directory, force=plan.force)
    corpus = read()
    preparation = prepare(
        corpus,
        [plan.started_preset],
        seed=plan.seed,
        objective=plan.objective,
        weights=plan.weights,
        embeddings=plan.embeddings,
        control=control,
    )
    server = MlflowServer(plan.tracking_uri)
    server.check()
    run_id = server.open_run(plan.experiment, f"{plan.preset.name} on {corpus.name}")
    record = server.record(run_id)
    with ended_on_error(record):
        result = _train(plan, preparation, record, control)
        test_metrics = _keep(plan, preparation, record, result)
        record.end(RunStatus.FINISHED)
    return TrainReport(
        name=plan.preset.name,
        corpus=corpus.name,
        n_labels=len(corpus.label_names),
        training=result.training,
        label_metrics=result.label_metrics,
        test_metrics=test_metrics,
        run_id=run_id,
        experiment_id=server.find_experiment(run_id) or "",
        tracking_uri=server.uri,
    )


def _train(
    plan: TrainPlan, preparation: Preparation, record: MlflowRecord, control: Control
) -> TrainingResult:
    """Train, and write what came of it.

    Raises:
        KeyboardInterrupt: the user wanted to stop.
        StudyError: the training diverged.
    """
    preset = plan.started_preset
    describe_corpus(record, preparation.divided)
    describe_training(record, preset, seed=plan.seed, n_epochs=plan.epochs)
    control.listen(TrialStarted(0, preset.name, 0, preparation.count_parameters(preset)))
    run = RecordedRun(record, plan.objective)
    try:
        result = run.train_to_end(
            preparation.make_runner(plan.epochs), make_proposal(preset, seed=plan.seed), control
        )
    except FloatingPointError as error:
        raise StudyError(
            f"{preset.name}: training diverged: {error}",
            "Lower learning_rate, or set clip_norm, in a file of hyperparameters.",
        ) from error
    if result is None:
        raise KeyboardInterrupt
    return result


def _keep(
    plan: TrainPlan, preparation: Preparation, record: MlflowRecord, result: TrainingResult
) -> dict[str, float]:
    """Keep the network, and return its test metrics; empty where test is not read."""
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder, MODEL_PATH)
        model.mkdir()
        result.save(model)
        test_metrics = _read_test(preparation, record, model) if plan.reads_test else {}
        record.folder(MODEL_PATH, model)
        if plan.directory is not None:
            _copy_bundle(model, plan.directory)
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


def _read_test(preparation: Preparation, record: MlflowRecord, model: Path) -> dict[str, float]:
    """Measure the network on test, and write that down in its bundle and its run."""
    predictor = Predictor(model)
    corpus, split = preparation.divided.corpus, preparation.divided.split
    test_metrics = measure_test(predictor, raw_texts(corpus), corpus, split)
    metrics = {**predictor.bundle.metrics, "test": test_metrics}
    write_bundle(replace(predictor.bundle, metrics=metrics), model)
    record.metrics({f"test/{name}": value for name, value in test_metrics.items()})
    record.tags({"test_read": "once, by the network of this run"})
    return test_metrics
