"""Train one preset, recorded as a trial is. Owns the order of what a `train` does.

Nothing is selected by such a run, so it may read the test part: once, when that was asked for.
"""

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..engines.trials import Proposal, derived_seed
from ..errors import StudyError
from ..export.bundle import check_free, write_bundle
from ..export.predictor import Predictor
from ..space.embeddings import check_needs_no_file
from ..space.preset import Preset
from ..study.events import EpochEnded, Event, TrialStarted
from ..study.result import MODEL_PATH, TrialResult
from ..study.trial import TrainedTrial, TrialRunner
from ..tracking.mlflow_tracker import MlflowRecord, MlflowServer
from ..tracking.record import Record, RunStatus
from ..training.examples import TrainingData
from ..training.history import EpochReport, Objective, Taken
from .divided import Divided, divide, training_data
from .recorded import ended_on_error, train_recorded
from .recording import describe_corpus, save_network
from .request import TrainRequest
from .testing import measure_test, raw_texts


@dataclass(frozen=True, slots=True)
class TrainReport:
    """What a training came to."""

    name: str
    corpus: str
    n_labels: int
    """Outputs of the network."""
    metrics: Mapping[str, float]
    """On validation, at the epoch that was taken."""
    verdict: str
    onset: str
    """First epoch of overfitting, or "none"."""
    epochs: Mapping[str, Sequence[float]]
    """Losses and accuracies by epoch."""
    test_metrics: Mapping[str, float]
    """Empty where test was not read."""
    run_id: str
    experiment_id: str
    tracking_uri: str


def train(
    request: TrainRequest,
    listen: Callable[[Event], None],
    say: Callable[[str], None],
    is_interrupted: Callable[[], bool],
) -> TrainReport:
    """Train a preset in a run of its own.

    Raises:
        DataError: the corpus cannot be used; nothing was written.
        ExportError: the bundle's folder cannot be written.
        StudyError: the training diverged.
        TrackingError: MLflow does not answer.
        KeyboardInterrupt: the user wanted to stop; the run is ended as KILLED.
    """
    preset = request.preset
    if request.directory is not None:
        check_free(request.directory, force=request.force)
    divided = divide(
        request.data, seed=request.seed, say=say, validation_share=preset.validation_share
    )
    tell_outputs(preset, divided, say)
    data = preset_data(divided, [preset], seed=request.seed, embeddings=request.embeddings, say=say)
    server = MlflowServer(request.tracking_uri)
    server.check()
    run_id = server.open_run(request.experiment, f"{preset.name} on {divided.corpus.name}")
    run = server.record(run_id)
    with ended_on_error(run):
        result, tested = _train(request, divided, data, run, listen, is_interrupted)
        run.end(RunStatus.FINISHED)
    return TrainReport(
        name=preset.name,
        corpus=divided.corpus.name,
        n_labels=len(divided.corpus.label_names),
        metrics=result.metrics,
        verdict=result.tags["verdict"],
        onset=result.tags["onset"],
        epochs=result.facts["epochs"],
        test_metrics=tested,
        run_id=run_id,
        experiment_id=server.experiment_of(run_id) or "",
        tracking_uri=server.uri,
    )


def tell_outputs(preset: Preset, divided: Divided, say: Callable[[str], None]) -> None:
    """Tell where a preset gets another number of outputs than it was made for."""
    n_labels = len(divided.corpus.label_names)
    if preset.n_labels not in (None, n_labels):
        made, here = (f"{n} output{'' if n == 1 else 's'}" for n in (preset.n_labels, n_labels))
        say(
            f"{preset.name} was made for {made}, {divided.corpus.name} needs {here}: "
            "only the output layer changes"
        )


def preset_data(
    divided: Divided,
    presets: Sequence[Preset],
    *,
    seed: int,
    embeddings: Path | None = None,
    say: Callable[[str], None] = lambda _sentence: None,
) -> TrainingData:
    """Encode train and validation for presets that are trained on the same texts.

    Args:
        divided: the corpus.
        presets: at least one.
        seed: of the sample of train, and of embeddings from an SVD.
        embeddings: file of word vectors that embeddings may start from.
        say: called with how much of the vocabulary is in that file.

    Raises:
        DataError: the file cannot be read.
        SpaceError: a preset starts from a file, and there is none.
    """
    for preset in presets if embeddings is None else ():
        check_needs_no_file(preset)
    n_dimensions = max(preset.configuration().embedding_size for preset in presets)
    return training_data(
        divided, seed=seed, n_dimensions=n_dimensions, embeddings=embeddings, say=say
    )


def runner_of(
    divided: Divided, data: TrainingData, *, n_epochs: int, objective: Objective, takes: Taken
) -> TrialRunner:
    """Make what trains presets on a corpus, as the trials of a study are trained.

    Args:
        divided: the corpus.
        data: what `preset_data` gives of it.
        n_epochs: to train.
        objective: by which the best epoch is known.
        takes: which epoch's weights count.
    """

    def save(trained: TrainedTrial, directory: Path) -> None:
        save_network(divided, trained, {"preset": trained.proposal.name}, directory)

    return TrialRunner(
        data=data,
        label_names=divided.corpus.label_names,
        objective=objective,
        n_epochs=n_epochs,
        target=None,
        prior_loss=divided.prior_loss,
        floor=divided.corpus.floor,
        rival=None,
        save=save,
        takes=takes,
    )


def describe_training(run: Record, preset: Preset, *, seed: int, n_epochs: int) -> None:
    """Write down what is trained in a run."""
    run.params(preset.hyperparameters)
    run.tags({"kind": "training", "preset": preset.name, "seed": seed, "epochs": n_epochs})


def proposal_of(preset: Preset, *, seed: int, number: int = 0, name: str = "") -> Proposal:
    """Give what is trained of a preset, with the seed that a training with `--seed` has.

    Args:
        preset: what is trained.
        seed: as the user gave it, 0 or more.
        number: among those that are trained one after another.
        name: of the training; empty for the preset's.
    """
    return Proposal(number, preset.hyperparameters, derived_seed(seed), name=name or preset.name)


def epoch_listener(
    number: int, objective: Objective, listen: Callable[[Event], None]
) -> Callable[[EpochReport], None]:
    """Make what tells of each epoch of one training, beside the best epoch that it had so far."""
    values: list[float] = []

    def on_epoch(report: EpochReport) -> None:
        values.append(report.value(objective))
        best = min(values) if objective.is_minimized else max(values)
        listen(EpochEnded(number, report, values[-1], best))

    return on_epoch


def _train(
    request: TrainRequest,
    divided: Divided,
    data: TrainingData,
    run: MlflowRecord,
    listen: Callable[[Event], None],
    is_interrupted: Callable[[], bool],
) -> tuple[TrialResult, dict[str, float]]:
    """Train and keep the network. Second, what test gave.

    Raises:
        KeyboardInterrupt: the user wanted to stop.
        StudyError: the training diverged.
    """
    preset = request.preset
    describe_corpus(run, divided)
    describe_training(run, preset, seed=request.seed, n_epochs=request.n_epochs)
    runner = runner_of(
        divided,
        data,
        n_epochs=request.n_epochs,
        objective=request.objective,
        takes=request.takes,
    )
    n_parameters = runner.count_parameters(preset.configuration())
    listen(TrialStarted(0, preset.name, 0, n_parameters))
    proposal = proposal_of(preset, seed=request.seed)
    on_epoch = epoch_listener(0, request.objective, listen)
    try:
        result = train_recorded(runner, proposal, run, is_over=is_interrupted, on_epoch=on_epoch)
    except FloatingPointError as error:
        raise StudyError(
            f"{preset.name}: training diverged: {error}",
            "Lower learning_rate, or set clip_norm, in a file for --params.",
        ) from error
    if result is None:
        raise KeyboardInterrupt
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder, MODEL_PATH)
        model.mkdir()
        result.save(model)
        tested = _read_test(request, divided, run, model) if request.reads_test else {}
        run.folder(MODEL_PATH, model)
        if request.directory is not None:
            shutil.copytree(model, request.directory, dirs_exist_ok=True)
    return result, tested


def _read_test(
    request: TrainRequest, divided: Divided, run: MlflowRecord, model: Path
) -> dict[str, float]:
    """Measure the network on test, and write that down in its bundle and its run."""
    predictor = Predictor(model)
    raw = raw_texts(request.data, divided.corpus)
    tested = measure_test(predictor, raw, divided.corpus, divided.split)
    metrics = {**predictor.bundle.metrics, "test": tested}
    write_bundle(replace(predictor.bundle, metrics=metrics), model)
    run.metrics({f"test/{name}": value for name, value in tested.items()})
    run.tags({"test_read": "once, by the network of this run"})
    return tested
