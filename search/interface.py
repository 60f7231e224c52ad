"""The functions of the Python interface. Owns their arguments; the rooms below do the work.

What they load is heavy, so each loads it when it is called.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import naming_parameter
from .presets.cells import find_cells, vary_cells
from .presets.plan import TrainingPlan
from .space.embeddings import use_file_embeddings_in_preset
from .space.files import is_path
from .space.preset import Preset, read_preset
from .space.shipped_files import open_preset
from .study.study import Study
from .training.quiet import load_keras, quiet_dependencies
from .trial.arguments import check_known, check_several, check_whole
from .trial.control import Control
from .trial.events import Event
from .trial.interrupts import Ask, catching_signals
from .trial.objective import find_quality
from .trial.weights import Weights

# Only annotations need them: they load pandas, Keras or MLflow.
if TYPE_CHECKING:
    from .export.predictor import Predictor
    from .presets.comparison import CompareReport
    from .presets.training import TrainReport
    from .report.studies import StudyRow
    from .study.corpora import Readable


open_study = Study.open


def list_studies(
    *,
    tracking_uri: str | None = None,
    storage: str | None = None,
    on_message: Callable[[str], None] = lambda _sentence: None,
) -> list[StudyRow]:
    """List the studies that either store has, the one searched last first.

    Args:
        tracking_uri: of MLflow.
        storage: address of the database of studies.
        on_message: called with a sentence where MLflow does not answer.

    Raises:
        StudyError: there is no database of studies, and no study in MLflow; or it cannot be read.
    """
    quiet_dependencies()
    from .study.catalogue import list_rows
    from .study.places import Places

    return list_rows(Places(tracking_uri, storage), on_message)


def load(directory: str | Path) -> Predictor:
    """Load a bundle, to predict with it.

    Raises:
        ExportError: the folder is no complete bundle, or a model of it does not load.
    """
    from .export.bundle import read_bundle
    from .export.predictor import Predictor

    if read_bundle(Path(directory)).has_network:
        load_keras()
    return Predictor(Path(directory))


def train(
    preset: Preset | str | Path,
    corpus: Readable,
    *,
    epochs: int | None = None,
    weights: str = "last",
    objective: str = "val_loss",
    seed: int = 0,
    evaluate_test: bool = False,
    export: str | Path | None = None,
    force: bool = False,
    embeddings: str | Path | None = None,
    experiment: str = "genre-search",
    tracking_uri: str | None = None,
    on_message: Callable[[str], None] = lambda _sentence: None,
    on_event: Callable[[Event], None] = lambda _event: None,
    is_interrupted: Ask | None = None,
) -> TrainReport:
    """Train one preset, or hyperparameters of your own, and record it in MLflow as a trial is.

    Args:
        preset: a preset, the name of a shipped one, or the path of a YAML or JSON file.
        corpus: a corpus, or the path or name of one.
        epochs: of the training; None for the preset's own.
        weights: last or best: the epoch whose network is used; best stops three epochs after it.
        objective: by which the best epoch is known, val_loss or macro_f1.
        seed: of the split and of every random draw, 0 or more.
        evaluate_test: whether the test split is read, once; that is recorded.
        export: folder to write the network to as a bundle.
        force: whether a bundle that is there is replaced.
        embeddings: file of word vectors that the embedding starts from.
        experiment: of MLflow.
        tracking_uri: of MLflow; by default $MLFLOW_TRACKING_URI, else MLflow's own default.
        on_message: called with each sentence that a user should read.
        on_event: called with each event of the training.
        is_interrupted: asked between two batches whether to stop; by default Ctrl-C stops there.

    Raises:
        DataError, SpaceError: the corpus or the preset cannot be used; nothing was written.
        ExportError: the bundle's folder cannot be written.
        StudyError: an argument is wrong, or the training diverged.
        TrackingError: MLflow does not answer.
        KeyboardInterrupt: the user wanted to stop; the run is ended as KILLED.
    """
    check_whole("seed", seed, least=0)
    plan = TrainingPlan(
        (_read_preset("preset", preset, embeddings),),
        n_epochs=epochs,
        seeds=(seed,),
        objective=find_quality(objective),
        weights=_find_weights(weights),
        embeddings=None if embeddings is None else Path(embeddings),
        experiment=experiment,
        tracking_uri=tracking_uri,
    )
    directory = None if export is None else Path(export)
    if directory is not None:
        from .export.bundle import check_free

        check_free(directory, force=force)
    load_keras()
    from .presets.training import train_preset
    from .study.corpora import read_corpus

    with catching_signals(is_interrupted, on_message) as ask:
        control = Control(on_message, on_event, ask)
        return train_preset(
            plan, read_corpus(corpus), control, reads_test=evaluate_test, directory=directory
        )


def compare(
    presets: Sequence[Preset | str | Path],
    corpus: Readable,
    *,
    cells: Sequence[str] = (),
    epochs: int | None = None,
    seeds: Sequence[int] = (0,),
    weights: str = "last",
    objective: str = "val_loss",
    experiment: str = "genre-search",
    tracking_uri: str | None = None,
    on_message: Callable[[str], None] = lambda _sentence: None,
    on_event: Callable[[Event], None] = lambda _event: None,
    is_interrupted: Ask | None = None,
) -> CompareReport:
    """Train presets on one corpus and one split, and put their results in one table.

    Args:
        presets: at least one, with different names; as of `train`.
        corpus: a corpus, or the path or name of one.
        cells: train each preset with each of these cells (simple_rnn, lstm, gru), all else equal.
        epochs: of every training; None for each preset's own.
        seeds: of the trainings, all different; the first is that of the split too.
        weights: last or best: the epoch whose network is used.
        objective: by which the best epoch is known, val_loss or macro_f1.
        experiment: of MLflow.
        tracking_uri: of MLflow; by default $MLFLOW_TRACKING_URI, else MLflow's own default.
        on_message: called with each sentence that a user should read.
        on_event: called with each event of the trainings.
        is_interrupted: asked between two batches whether to stop; by default Ctrl-C stops there.

    Raises:
        DataError, SpaceError: the corpus or a preset cannot be used; nothing was written.
        StudyError: an argument is wrong.
        TrackingError: MLflow does not answer.
    """
    check_several(presets=presets, cells=cells, seeds=seeds)
    templates = [_read_preset("presets", preset) for preset in presets]
    for seed in seeds:
        check_whole("seeds", seed, least=0)
    plan = TrainingPlan(
        vary_cells(templates, find_cells(cells)) if cells else tuple(templates),
        n_epochs=epochs,
        seeds=tuple(seeds),
        objective=find_quality(objective),
        weights=_find_weights(weights),
        experiment=experiment,
        tracking_uri=tracking_uri,
    )
    load_keras()
    from .presets.comparison import compare_presets
    from .study.corpora import read_corpus

    with catching_signals(is_interrupted, on_message) as ask:
        return compare_presets(plan, read_corpus(corpus), Control(on_message, on_event, ask))


def _read_preset(
    parameter: str, preset: Preset | str | Path, embeddings: str | Path | None = None
) -> Preset:
    """Give a preset, by its shipped name or the path of its file.

    Args:
        parameter: by which it is given.
        preset: itself, or its name or path.
        embeddings: file of word vectors that it is to start from, if any.

    Raises:
        SpaceError: there is none of that name, or the file has problems.
    """
    with naming_parameter(parameter):
        if not isinstance(preset, Preset):
            is_file = is_path(str(preset))
            preset = read_preset(Path(preset)) if is_file else open_preset(str(preset))
    return preset if embeddings is None else use_file_embeddings_in_preset(preset)


def _find_weights(weights: str) -> Weights:
    check_known("weights", weights, [*Weights])
    return Weights(weights)
