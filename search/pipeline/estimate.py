"""How long the trials of a study would take, and how large their networks would be.

Owns whose trials say it where some were run, and which networks are timed where none were.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ..engines.engine import Engine
from ..engines.store import StudyFacts, StudyStore
from ..engines.trials import SpaceExhausted, TrialRecord
from ..errors import StudyError
from ..model.parameters import count_parameters
from ..space.hyperparameters import Hyperparameters
from ..training.determinism import make_deterministic
from ..training.pace import measure_pace
from .prepared import Prepared
from .proposing import proposer_of
from .studies import records_of

_N_DRAWN = 2
"""Drawn configurations that are timed, beside the first known good start."""
_CLOSING_SECONDS = 1.5
"""What a trial takes for its measures, pictures and record once it is trained: the median of 40
trials on 8,807 texts with 42 labels (1.1 to 2.9)."""
_ALIKE = ("data", "space", "epochs", "engine")
"""Parts of two fingerprints by which trials of one study take as long as those of the other."""


@dataclass(frozen=True, slots=True)
class TrialEstimate:
    """How long a trial takes, and how large its network is."""

    seconds: tuple[float, ...]
    """Of each trial that was run, or that each configuration would take at most; at least one."""
    n_parameters: int
    """Weights of the largest of these networks."""
    study: str | None
    """Whose trials were run; None where configurations were timed for all their epochs."""


def estimate_trial(
    prepared: Prepared, store: StudyStore | None, records: Sequence[TrialRecord]
) -> TrialEstimate:
    """Estimate a trial by those that were run, of this study or of one like it, else by timing.

    Args:
        prepared: the study.
        store: with this and other studies, if there are any.
        records: of this study's trials.

    Raises:
        StudyError: the space gives nothing that could be timed.
    """
    if known := _estimate_of(records, prepared.name):
        return known
    for other in _like(prepared, store):
        if store is not None and (known := _estimate_of(records_of(store, other.name), other.name)):
            return known
    return _timed(prepared)


def count_weights(prepared: Prepared, hyperparameters: Hyperparameters) -> int:
    """Count the weights that a network of these hyperparameters has in a study."""
    return count_parameters(
        hyperparameters,
        vocabulary_size=hyperparameters.n_embedding_rows(prepared.data.vocabulary.size),
        n_labels=len(prepared.divided.corpus.label_names),
    )


def _estimate_of(records: Sequence[TrialRecord], study: str) -> TrialEstimate | None:
    run = [
        (record, (record.ended - record.started).total_seconds())
        for record in records
        if record.counts and record.started is not None and record.ended is not None
    ]
    sizes = [record.facts.get("metrics", {}).get("parameters", 0) for record, _ in run]
    return TrialEstimate(tuple(s for _, s in run), int(max(sizes)), study) if run else None


def _like(prepared: Prepared, store: StudyStore | None) -> list[StudyFacts]:
    """List the other studies whose trials take as long, the one searched last first."""
    here = prepared.fingerprint.as_dict()
    alike = [
        study
        for study in ([] if store is None else store.studies())
        if study.name != prepared.name
        and all(study.facts["fingerprint"].get(part) == here.get(part) for part in _ALIKE)
    ]
    return sorted(alike, key=lambda study: study.last_searched, reverse=True)


def _timed(prepared: Prepared) -> TrialEstimate:
    """Time the first start and two draws, each for all epochs that a trial may have.

    Raises:
        StudyError: the space gives nothing that could be timed.
    """
    request = prepared.request
    if request.is_deterministic:
        make_deterministic()
    seconds, sizes = [], []
    for hyperparameters, seed in _first_proposals(prepared):
        try:
            pace = measure_pace(hyperparameters, prepared.data, seed=seed)
        except FloatingPointError:
            continue
        seconds.append(pace.seconds(request.n_epochs) + _CLOSING_SECONDS)
        sizes.append(count_weights(prepared, hyperparameters))
    if not seconds:
        raise StudyError(
            f"{prepared.space.name}: expected a network that can be timed, found none among the "
            "first that the study would try",
            "Raise --max-parameters, or narrow the space.",
        )
    return TrialEstimate(tuple(seconds), max(sizes), None)


def _first_proposals(prepared: Prepared) -> Iterator[tuple[Hyperparameters, int]]:
    """Give what a new study would try first, and the first it would draw, with their seeds.

    Networks that --max-parameters refuses are left out.
    """
    request = prepared.request
    limit = request.budget.max_parameters
    with TemporaryDirectory() as folder:
        store = StudyStore(f"sqlite:///{Path(folder, 'studies.db')}")
        study = store.create(prepared.name, {}, directions=request.objectives.directions)
        engine = Engine(study, prepared.space, proposer_of(prepared), seed=request.seed)
        for preset in prepared.enqueued:
            engine.enqueue(preset.name, preset.configuration(), preset.hyperparameters)
        engine.enqueue_starts()
        n_starts = len(engine.waiting())
        for index in range(n_starts + _N_DRAWN):
            try:
                proposal = engine.ask()
            except SpaceExhausted:
                return
            hyperparameters = Hyperparameters.of(proposal.hyperparameters)
            is_allowed = limit is None or count_weights(prepared, hyperparameters) <= limit
            if is_allowed and (index == 0 or index >= n_starts):
                yield hyperparameters, proposal.seed
