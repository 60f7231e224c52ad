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

    @property
    def name(self) -> str:
        """Name of the study."""
        given = self.request.study
        return given or default_name(self.divided.corpus.name, self.space.name, self.fingerprint)


def prepare(request: SearchRequest, say: Callable[[str], None]) -> Prepared:
    """Read and check everything that a request names.

    Raises:
        StudyError, SpaceError, DataError: the name, the space or the corpus cannot be used.
    """
    if request.study is not None:
        check_name(request.study)
    space = open_space(request.space)
    enqueued = tuple(open_preset(name) for name in dict.fromkeys(request.enqueued))
    divided = divide(request.data, seed=request.seed, say=say, is_strict=request.is_strict)
    fingerprint = Fingerprint(
        data=divided.corpus.sha256,
        split=divided.split.sha256,
        space=space.hash,
        objective=request.objective.value,
        n_epochs=request.n_epochs,
        seed=request.seed,
        max_gap=request.budget.max_gap,
    )
    return Prepared(request, divided, space, enqueued, fingerprint)


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
    }


def trained_on(prepared: Prepared, part: Indices | None = None) -> TrainingData:
    """Encode what the trials of a study are trained on; `part` as `training_data` takes it."""
    return training_data(
        prepared.divided,
        seed=prepared.request.seed,
        n_dimensions=int(prepared.space.highest("embedding_size")),
        part=part,
    )
