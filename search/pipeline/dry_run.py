"""A search that is told and not done. Owns what is looked up for it, and that nothing is written.

The studies are read from a copy of their database, and MLflow is not asked at all: its client makes
a database where there is none.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ..engines.engine import Engine
from ..engines.snapshot import snapshot
from ..engines.store import BASELINES, StudyFacts, StudyStore
from ..engines.strategy import KERAS_TUNER, Strategy
from ..engines.trials import TrialRecord, TrialState
from ..errors import StudyError
from ..report.forecast import Forecast
from ..space.hyperparameters import shown
from ..study.confirmation import N_SEEDS
from ..study.ending import Ending, ending_of
from ..study.standing import disproved_by, kept_of, n_done
from .estimate import estimate_trial
from .prepared import Prepared, prepare
from .proposing import limits_of, proposer_of
from .request import SearchRequest
from .studies import confirmations_of, find_known


def dry_run(request: SearchRequest, say: Callable[[str], None]) -> Forecast:
    """Find out what a search would do, take and need, without doing any of it.

    Args:
        request: what to search, and for how long.
        say: called with each sentence that the user should read.

    Raises:
        DataError, SpaceError: the corpus or the space cannot be used.
        StudyError: the study is another one than was asked for, as the search would say.
    """
    prepared = prepare(request, say)
    for limit in limits_of(prepared):
        say(limit)
    with snapshot(request.places.store_url) as store:
        return _forecast(prepared, store)


def _forecast(prepared: Prepared, store: StudyStore | None) -> Forecast:
    request = prepared.request
    known, records, waiting = _standing(prepared, store)
    ending = _ending(prepared, known, records)
    n_confirmations = _n_confirmations(prepared, known, records, is_ended=ending is not None)
    is_idle = ending is not None and not n_confirmations
    trial = None if is_idle else estimate_trial(prepared, store, records)
    return Forecast(
        study=prepared.name,
        begun_from=prepared.origin,
        is_new=known is None,
        n_done=n_done(records),
        n_trials=request.budget.n_trials,
        n_running=sum(record.state is TrialState.RUNNING for record in records),
        waiting=waiting,
        ending=None if ending is None else ending.value,
        space=_describe_space(prepared),
        data=_describe_data(prepared),
        strategy=_describe_strategy(request.strategy),
        baselines=_describe_baselines(prepared, known, store),
        n_epochs=request.n_epochs,
        n_confirmations=n_confirmations,
        n_kept=request.n_kept,
        seconds=() if trial is None else trial.seconds,
        timed_study=None if trial is None else trial.study,
        timeout_seconds=request.budget.timeout_seconds,
        n_parameters=0 if trial is None else trial.n_parameters,
        has_front=request.objectives.are_several,
        has_checkpoints=request.strategy.engine == KERAS_TUNER
        and request.strategy.tuner == "hyperband",
    )


def _standing(
    prepared: Prepared, store: StudyStore | None
) -> tuple[StudyFacts | None, list[TrialRecord], list[str]]:
    """Find the study, its trials, and the names of what it would try next.

    Raises:
        StudyError: it was begun with other settings, or the one to begin from is not there.
    """
    starts = [preset.name for preset in prepared.enqueued]
    starts += [start.name for start in prepared.space.starts]
    if store is None:
        if prepared.origin is not None:
            raise StudyError(
                f"expected a study {prepared.origin} to begin from, found no database of studies",
                "Say where it is with --storage.",
            )
        return None, [], starts
    known, _ = find_known(store, prepared.name, prepared.fingerprint, origin=prepared.origin)
    if known is None:
        return None, [], starts
    study, seed = store.load(prepared.name), prepared.request.seed
    engine = Engine(study, prepared.space, proposer_of(prepared), seed=seed)
    records = engine.records()
    return known, records, _still_waiting(prepared, engine.waiting(), records)


def _ending(
    prepared: Prepared, known: StudyFacts | None, records: list[TrialRecord]
) -> Ending | None:
    request, confirmed = prepared.request, confirmations_of({} if known is None else known.results)
    disproved = disproved_by(confirmed, request.objective, request.budget.target)
    return ending_of(records, request.objectives, request.budget, disproved)


def _still_waiting(prepared: Prepared, waiting: list[str], records: list[TrialRecord]) -> list[str]:
    """Name what a study that is there tries next, presets that are new to it last."""
    tried = {record.facts.get("start") for record in records}
    names = (preset.name for preset in prepared.enqueued)
    return waiting + [name for name in names if name not in tried and name not in waiting]


def _n_confirmations(
    prepared: Prepared,
    known: StudyFacts | None,
    records: list[TrialRecord],
    *,
    is_ended: bool,
) -> int:
    """Count the trainings with fresh seeds that are left, at most."""
    request = prepared.request
    if not is_ended:
        return N_SEEDS * request.n_confirmed
    confirmed = confirmations_of({} if known is None else known.results)
    best = kept_of(records, request.objective, request.n_confirmed)
    return sum(
        N_SEEDS - len(confirmed[record.number].values) if record.number in confirmed else N_SEEDS
        for record in best
    )


def _describe_space(prepared: Prepared) -> str:
    space = prepared.space
    starts = ", ".join(start.name for start in space.starts) or "none"
    return (
        f"{space.name} (hash {space.hash[:8]}), {len(space.searched)} hyperparameters searched, "
        f"{len(space.fixed)} fixed; known starts: {starts}"
    )


def _describe_data(prepared: Prepared) -> str:
    corpus, split = prepared.divided.corpus, prepared.divided.split
    n_texts, n_labels = len(corpus.texts), len(corpus.label_names)
    n_train, n_validation = len(split.train), len(split.validation)
    return (
        f"{corpus.name}, {n_texts:,} texts, {n_labels} label{'' if n_labels == 1 else 's'}; "
        f"{n_train:,} train, {n_validation:,} validation, "
        # The part itself stays sealed; the three cover every text once.
        f"{n_texts - n_train - n_validation:,} test"
    )


def _describe_strategy(strategy: Strategy) -> str:
    parts = [f"engine {strategy.engine}"]
    for kind in ("sampler", "pruner", "tuner"):
        if name := getattr(strategy, kind):
            options: Mapping[str, Any] = getattr(strategy, f"{kind}_options")
            told = ", ".join(f"{key}={shown(value)}" for key, value in options.items())
            parts.append(f"{kind} {name}{f' ({told})' if told else ''}")
    return ", ".join(parts)


def _describe_baselines(
    prepared: Prepared, known: StudyFacts | None, store: StudyStore | None
) -> str:
    if known is not None and known.results.get(BASELINES):
        return "known already, not fitted again"
    fingerprint = prepared.fingerprint
    for other in [] if store is None else store.studies():
        theirs = other.facts["fingerprint"]
        is_same = (theirs["data"], theirs["split"]) == (fingerprint.data, fingerprint.split)
        if is_same and other.results.get(BASELINES):
            return f"known from study {other.name}, not fitted again"
    return "label priors and TF-IDF with logistic regression are fitted first"
