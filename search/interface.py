"""The functions of the Python interface. Owns their arguments; the rooms below do the work.

What they load is heavy, so each loads it when it is called.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import StudyError, naming_parameter
from .presets.cells import find_cells, vary_cells
from .space.files import is_path
from .space.preset import Preset, read_preset
from .space.problem import suggest_names
from .space.shipped_files import open_preset
from .study.study import Study
from .training.quiet import load_keras, quiet_dependencies
from .trial.arguments import check_whole
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
        ExportError: the folder is no complete bundle, or its network does not load.
    """
    load_keras()
    from .export.predictor import Predictor

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
        weights: epoch whose network counts, last or best; best also stops three epochs after it.
        objective: by which the best epoch is known, val_loss or macro_f1.
        seed: of the split and of everything that is drawn, 0 or more.
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
    with naming_parameter("preset"):
        read = _read_preset(preset)
    quality, kept = find_quality(objective), _find_weights(weights)
    check_whole("epochs", epochs, least=1, is_optional=True)
    check_whole("seed", seed, least=0)
    load_keras()
    from .presets.training import TrainPlan, train_preset
    from .study.corpora import read_corpus

    plan = TrainPlan(
        read,
        n_epochs=epochs,
        seed=seed,
        objective=quality,
        weights=kept,
        reads_test=evaluate_test,
        experiment=experiment,
        tracking_uri=tracking_uri,
        directory=None if export is None else Path(export),
        force=force,
        embeddings=None if embeddings is None else Path(embeddings),
    )
    with catching_signals(is_interrupted, on_message) as ask:
        control = Control(on_message, on_event, ask)
        return train_preset(plan, lambda: read_corpus(corpus), control)


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
        weights: epoch whose network counts, last or best.
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
    _check_several(presets=presets, cells=cells, seeds=seeds)
    with naming_parameter("presets"):
        templates = [_read_preset(preset) for preset in presets]
    compared = vary_cells(templates, find_cells(cells)) if cells else tuple(templates)
    quality, kept = find_quality(objective), _find_weights(weights)
    check_whole("epochs", epochs, least=1, is_optional=True)
    for seed in seeds:
        check_whole("seeds", seed, least=0)
    _check_different("presets", [preset.name for preset in compared])
    _check_different("seeds", seeds)
    load_keras()
    from .presets.comparison import ComparePlan, compare_presets
    from .study.corpora import read_corpus

    plan = ComparePlan(
        compared,
        n_epochs=epochs,
        seeds=tuple(seeds),
        objective=quality,
        weights=kept,
        experiment=experiment,
        tracking_uri=tracking_uri,
    )
    with catching_signals(is_interrupted, on_message) as ask:
        return compare_presets(plan, read_corpus(corpus), Control(on_message, on_event, ask))


def _read_preset(preset: Preset | str | Path) -> Preset:
    """Give a preset, by its shipped name or the path of its file.

    Raises:
        SpaceError: there is none of that name, or the file has problems.
    """
    if isinstance(preset, Preset):
        return preset
    return read_preset(Path(preset)) if is_path(str(preset)) else open_preset(str(preset))


def _find_weights(weights: str) -> Weights:
    try:
        return Weights(weights)
    except ValueError as error:
        raise StudyError(
            f"expected last or best, got {weights!r}",
            f"{suggest_names(str(weights), [*Weights]).capitalize()}.",
            parameter="weights",
        ) from error


def _check_several(**lists: object) -> None:
    """Refuse one string where several are expected: its letters would be taken for them."""
    for parameter, value in lists.items():
        if isinstance(value, str):
            raise StudyError(
                "expected a list of names, got one string", "Put it in a list.", parameter=parameter
            )


def _check_different(parameter: str, values: Sequence[object]) -> None:
    if not values:
        raise StudyError("expected at least one, got none", parameter=parameter)
    for value, count in Counter(values).items():
        if count > 1:
            times = "twice" if count == 2 else f"{count} times"
            raise StudyError(
                f"expected different ones, got {value} {times}",
                "Leave it out the second time.",
                parameter=parameter,
            )
