"""A search request made ready: everything that is known before a store is opened.

Owns the reading of the space, and the fingerprint of a study.
"""

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..data.open import NAMED_CORPORA
from ..data.split import Indices
from ..data.word_vectors import sha256_of
from ..engines.compatibility import check_strategy
from ..engines.strategy import OPTUNA, Strategy, choose_strategy
from ..space.embeddings import check_needs_no_file, with_file_embeddings
from ..space.preset import Preset
from ..space.shipped import open_preset, open_space
from ..space.space import Space
from ..study.settings import Fingerprint, check_name, default_name
from ..training.examples import TrainingData
from .divided import Divided, divide, training_data
from .request import SearchRequest


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that is known before a store is opened."""

    request: SearchRequest
    divided: Divided
    space: Space
    enqueued: tuple[Preset, ...]
    """Presets that are tried before everything else."""
    fingerprint: Fingerprint
    data: TrainingData
    """What its trials are trained on."""

    @property
    def name(self) -> str:
        """Name of the study."""
        request, strategy = self.request, self.request.strategy
        usual = choose_strategy(n_objectives=len(request.objectives.names))
        variant = {} if strategy == usual else strategy.as_dict()
        return (
            request.fork
            or request.study
            or default_name(self.divided.corpus.name, self.space.name, self.fingerprint, variant)
        )

    @property
    def origin(self) -> str | None:
        """Name of the study that this one begins from, if any."""
        return self.request.start_from or (self.request.study if self.request.fork else None)


def prepare(request: SearchRequest, say: Callable[[str], None]) -> Prepared:
    """Read and check everything that a request names.

    Raises:
        StudyError, SpaceError, DataError: the name, the space or the corpus cannot be used.
    """
    for option in ("study", "fork", "start_from"):
        name = getattr(request, option)
        if name is not None:
            check_name(name, f"--{option.replace('_', '-')}")
    space, enqueued = _opened_space(request)
    n_objectives = len(request.objectives.names)
    strategy = request.strategy
    check_strategy(strategy, space, n_objectives=n_objectives, n_epochs=request.n_epochs)
    divided = divide(request.data, seed=request.seed, say=say, is_strict=request.is_strict)
    fingerprint = Fingerprint(
        data=divided.corpus.sha256,
        split=divided.split.sha256,
        space=space.hash,
        objective=str(request.objectives),
        n_epochs=request.n_epochs,
        seed=request.seed,
        max_gap=request.budget.max_gap,
        embeddings=None if request.embeddings is None else sha256_of(request.embeddings),
        engine=_engine_of(request.strategy),
    )
    data = _data_of(request, divided, space, say=say)
    return Prepared(request, divided, space, enqueued, fingerprint, data)


def _engine_of(strategy: Strategy) -> str | None:
    """Describe the engine whose state belongs to a study; Optuna's samplers have none."""
    if strategy.engine == OPTUNA:
        return None
    options = (f"{name}={value}" for name, value in sorted(strategy.tuner_options.items()))
    return " ".join((strategy.engine, strategy.tuner, *options))


def facts_of(prepared: Prepared, run_id: str) -> dict[str, Any]:
    """Collect what the store keeps of a study: what it takes to go on, and to read it back."""
    request = prepared.request
    source = asdict(request.data)
    if request.data.source not in NAMED_CORPORA and Path(request.data.source).exists():
        source["source"] = os.path.abspath(request.data.source)
    return {
        "fingerprint": prepared.fingerprint.as_dict(),
        "source": source,
        "corpus": prepared.divided.corpus.name,
        "space": prepared.space.name,
        "target": request.budget.target,
        "prior_loss": prepared.divided.prior_loss,
        "forced_loss": prepared.divided.forced_loss,
        "floor": prepared.divided.corpus.floor,
        "leaks": prepared.divided.audit.leaks,
        "study_run_id": run_id,
        "strategy": request.strategy.as_dict(),
        "n_trials": request.budget.n_trials,
        "embeddings": None if request.embeddings is None else str(request.embeddings.absolute()),
    }


def trained_on(prepared: Prepared, part: Indices) -> TrainingData:
    """Encode what a network is trained on that learns from a part of train alone.

    Args:
        prepared: the study.
        part: positions in train.
    """
    return _data_of(prepared.request, prepared.divided, prepared.space, part=part)


def _data_of(
    request: SearchRequest,
    divided: Divided,
    space: Space,
    *,
    part: Indices | None = None,
    say: Callable[[str], None] = lambda _sentence: None,
) -> TrainingData:
    return training_data(
        divided,
        seed=request.seed,
        n_dimensions=int(space.highest("embedding_size")),
        part=part,
        embeddings=request.embeddings,
        say=say,
    )


def _opened_space(request: SearchRequest) -> tuple[Space, tuple[Preset, ...]]:
    """Read the space and the presets that are enqueued, as word vectors from a file change them.

    Raises:
        SpaceError: one of them cannot be used, or starts from a file where none is given.
    """
    space = open_space(request.space)
    enqueued = tuple(open_preset(name) for name in dict.fromkeys(request.enqueued))
    if request.embeddings is not None:
        return with_file_embeddings(space), enqueued
    check_needs_no_file(space)
    for preset in enqueued:
        check_needs_no_file(preset)
    return space, enqueued
